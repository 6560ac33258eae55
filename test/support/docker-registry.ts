import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_TIMEOUT_MS = 15_000;

/** A running CNCF Distribution registry with an empty store of its own. */
export interface DockerRegistry {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  stop(): Promise<void>;
}

/**
 * Starts Debian's `docker-registry` on a free loopback port, deletes allowed.
 * Null where it is not installed, so that tests can skip; in CI that is an error.
 */
export async function startDockerRegistry(): Promise<DockerRegistry | null> {
  if (!isInstalled("docker-registry")) return null;
  const root = mkdtempSync(join(tmpdir(), "pkg-docker-registry-"));
  const config = join(root, "config.yml");
  writeFileSync(config, configuration(root));
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    }
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const host = await listeningAddress(child);
    return { url: `http://${host}`, host, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** False where a program is missing, which in CI throws: a check that CI never makes is none. */
export function isInstalled(program: string): boolean {
  const { error } = spawnSync(program, ["--version"], { stdio: "ignore" });
  if (error === undefined) return true;
  if (process.env["CI"] === "true") throw new Error(`"${program}" is missing, and CI must have it`);
  return false;
}

/** The reason to skip a test that needs these programs, or false when all are there. */
export function skipWithout(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !isInstalled(program));
  return missing.length === 0 ? false : `not installed: ${missing.join(", ")}`;
}

function configuration(root: string): string {
  return [
    "version: 0.1",
    "log: { level: info, formatter: text }",
    `storage: { filesystem: { rootdirectory: ${JSON.stringify(root)} }, delete: { enabled: true } }`,
    'http: { addr: "127.0.0.1:0" }',
    "",
  ].join("\n");
}

/** The log tells which port the kernel gave. */
function listeningAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = "";
    const timer = setTimeout(() => reject(new Error(`docker-registry did not start: ${log}`)), START_TIMEOUT_MS);
    child.once("error", reject);
    child.once("close", () => reject(new Error(`docker-registry ended: ${log}`)));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      log = (log + text).slice(-16_384);
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
  });
}
