import { spawn } from "node:child_process";

export interface Ended {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const NOBODY = 65_534;
/** For a program that waits for something. */
const TIMEOUT_MS = 20_000;
const ENV = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C", HOME: "/nonexistent" };

/** Whether programs that nobody knows may be run: as nobody, which only root can do. */
export const MAY_RUN_STRANGERS = process.getuid?.() === 0;

/** Runs a tool without input, and says how it ended, whatever that was. */
export function runTool(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: "/", env: ENV, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    child.on("error", ({ message }) => resolve({ status: null, signal: null, stdout: "", stderr: message }));
    child.on("close", (status, signal) => resolve({ status, signal, stdout: stdout(), stderr: stderr() }));
  });
}

/** Runs any program, with nothing that it could do harm with, and says how it ended: its status, or the signal. */
export function runStranger(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const ids = MAY_RUN_STRANGERS ? { uid: NOBODY, gid: NOBODY } : {};
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...ids,
      cwd: "/",
      env: { ...ENV, ...env },
      stdio: "ignore",
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
      detached: true,
    });
    child.on("error", ({ message }) => resolve(message));
    child.on("exit", (status, signal) => {
      endGroup(child.pid);
      resolve(`${status ?? signal}`);
    });
  });
}

/** Whatever it has started and left behind. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // There is nothing left.
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("latin1");
}
