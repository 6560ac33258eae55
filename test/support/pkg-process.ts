import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { cleanEnvironment, type RunOptions, type RunResult } from "./run-pkg.ts";

/** The program's main file. */
export const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

const cache = process.env["NODE_COMPILE_CACHE"];
/**
 * The environment in which Node keeps compiled sources, if the tests were told where. It says nothing to the program, and
 * halves the time that it takes to start.
 */
export const COMPILE_CACHE: Readonly<Record<string, string>> = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
const DEFAULT_TIMEOUT_MS = 120_000;

export interface ProcessOptions extends Omit<RunOptions, "signal" | "onOutput"> {
  /** After which it is killed. */
  readonly timeoutMs?: number;
  /** Called with the child once it runs, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface ProcessResult extends Omit<RunResult, "code"> {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the program as a person would: in a process of its own, with this Node, in a clean environment. For what only a
 * process has: signals, its own streams, the exit, a second process at the same time. For everything else use `runPkg`,
 * which takes a tenth of the time.
 */
export async function runPkgProcess(args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? options.home,
    env: { ...cleanEnvironment(options), ...COMPILE_CACHE },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  // A child that ends without reading its input closes the pipe.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  options.onStart?.(child);
  await once(child, "close");
  return { code: child.exitCode, signal: child.signalCode, ...output };
}
