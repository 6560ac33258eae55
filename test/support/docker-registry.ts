import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const START_TIMEOUT_MS = 120_000;
const POLL_MS = 20;

/** A running CNCF Distribution registry with an empty store of its own. */
export interface DockerRegistry {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  stop(): Promise<void>;
}

export interface DockerRegistryOptions {
  /** A htpasswd file (bcrypt): all who push and pull must log in. */
  readonly htpasswd?: string;
}

/**
 * Starts Debian's `docker-registry` on a free loopback port, deletes allowed.
 * Null where it is not installed, so that tests can skip; in CI that is an error.
 */
export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry | null> {
  if (!isInstalled("docker-registry")) return null;
  const root = mkdtempSync(join(tmpdir(), "pkg-docker-registry-"));
  const config = join(root, "config.yml");
  writeFileSync(config, configuration(root, options));
  const logFile = join(root, "registry.log");
  const log = openSync(logFile, "w");
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", log] });
  closeSync(log);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    }
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const host = await listeningAddress(child, logFile);
    return { url: `http://${host}`, host, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** False if a program is missing; in CI that throws, because a check that CI never makes is worthless. */
export function isInstalled(program: string): boolean {
  const { error } = spawnSync(program, ["--version"], { stdio: "ignore" });
  if (error === undefined) return true;
  if (process.env["CI"] === "true") throw new Error(`"${program}" is missing, and CI must have it`);
  return false;
}

/** The reason to skip a test that needs these programs, or false when all are installed. */
export function skipWithout(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !isInstalled(program));
  return missing.length === 0 ? false : `not installed: ${missing.join(", ")}`;
}

function configuration(root: string, { htpasswd }: DockerRegistryOptions): string {
  return [
    "version: 0.1",
    "log: { level: info, formatter: text }",
    `storage: { filesystem: { rootdirectory: ${JSON.stringify(root)} }, delete: { enabled: true } }`,
    'http: { addr: "127.0.0.1:0" }',
    ...(htpasswd === undefined ? [] : [`auth: { htpasswd: { realm: tests, path: ${JSON.stringify(htpasswd)} } }`]),
    "",
  ].join("\n");
}

/** The log says which port the kernel gave; it is a file, because a full pipe would block the registry. */
async function listeningAddress(child: ChildProcess, logFile: string): Promise<string> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  for (;;) {
    const log = readFileSync(logFile, "utf8");
    const address = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
    if (address !== undefined) return address;
    if (child.exitCode !== null || deadline.aborted) throw new Error(`docker-registry did not start: ${log}`);
    await delay(POLL_MS);
  }
}
