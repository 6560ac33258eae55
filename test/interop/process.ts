import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

const COMMAND_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 20;
const STOP_TIMEOUT_MS = 10_000;

/** What a command of others runs in: none of the person's own credentials and settings. */
export interface Desk {
  /** HOME of every command, and where they run. */
  readonly home: string;
}

/** Runs to the end and gives stdout. @throws {Error} with what it wrote, when it does not end with 0 */
export async function runTool(desk: Desk, program: string, args: readonly string[]): Promise<string> {
  const env = { HOME: desk.home, PATH: "/usr/local/bin:/usr/bin:/bin", DOCKER_CONFIG: join(desk.home, ".docker") };
  try {
    const options = { cwd: desk.home, env, timeout: COMMAND_TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 };
    return (await execFileAsync(program, args, options)).stdout;
  } catch (error) {
    const written = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`${program} ${args.join(" ")}: ${written}`, { cause: error });
  }
}

export interface ServerProcess {
  /** e.g. `127.0.0.1:40123` */
  readonly host: string;
  stop(): Promise<void>;
}

export interface StartRequest {
  readonly program: string;
  /** The arguments for a port. */
  readonly args: (port: number) => readonly string[];
  /** Also where its log goes. */
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a registry on a free loopback port and waits until it answers. @throws {Error} with its log */
export async function startServer({ program, args, directory, env = {} }: StartRequest): Promise<ServerProcess> {
  const port = await freePort();
  const logFile = join(directory, `server-${port}.log`);
  const log = openSync(logFile, "w");
  const child = spawn(program, args(port), {
    cwd: directory,
    env: { HOME: directory, PATH: "/usr/local/bin:/usr/bin:/bin", ...env },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const host = `127.0.0.1:${port}`;
  try {
    await answering(child, `http://${host}/v2/`);
  } catch (error) {
    await stop(child);
    throw new Error(`${program} did not start: ${readFileSync(logFile, "utf8")}`, { cause: error });
  }
  return { host, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await closed;
  clearTimeout(late);
}

async function answering(child: ChildProcess, url: string): Promise<void> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  // A program that cannot be run at all.
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  for (;;) {
    const answer = fetch(url, { signal: deadline }).then(
      // One that wants a password answers, too.
      (response) => response.status < 500,
      () => false,
    );
    if (await Promise.race([answer, failed])) return;
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    deadline.throwIfAborted();
    await delay(POLL_MS);
  }
}

/** A port that was free a moment ago: not every server reports which port it chose. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
