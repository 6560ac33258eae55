import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const PATH = "/usr/local/bin:/usr/bin:/bin";
/** Where Node keeps compiled sources, if the tests were told: it says nothing to the program. */
const cache = process.env["NODE_COMPILE_CACHE"];
const COMPILE_CACHE = cache === undefined ? {} : { NODE_COMPILE_CACHE: cache };
const DEFAULT_TIMEOUT_MS = 60_000;

export interface RunOptions {
  /** PKG_HOME and HOME of the child. */
  readonly home: string;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Added to the clean environment; CI is unset unless given here. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Told of the child once it runs, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface RunResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Long enough for several tries, so that what fails for good does not hold a test up for a minute. */
const RETRY_FOR = { PKG_RETRY_FOR: "2s" };

/** Runs the program as a person would, with this Node, in a clean environment. */
export async function runPkg(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? options.home,
    env: {
      HOME: options.home,
      PKG_HOME: options.home,
      PATH,
      NO_COLOR: "1",
      ...RETRY_FOR,
      ...COMPILE_CACHE,
      ...options.env,
    },
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
  const [code, signal]: [number | null, NodeJS.Signals | null] = await exit(child);
  return { code, signal, ...output };
}

/** The one document that `--json` prints; anything else on stdout throws. */
export function jsonOf(result: RunResult): unknown {
  return JSON.parse(result.stdout);
}

async function exit(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  await once(child, "close");
  return [child.exitCode, child.signalCode];
}
