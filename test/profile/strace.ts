import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import type { ScenarioName } from "./scenarios.ts";

/** The child in one file, which starts in two thirds of the time; near to the packages that it imports. */
const CHILD = join(import.meta.dirname, "../../node_modules/.cache/crash-child.mjs");
buildSync({
  entryPoints: [join(import.meta.dirname, "crash-child.ts")],
  outfile: CHILD,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  logLevel: "error",
});

/** Calls that change a directory, a file's mode, or what survives a power cut. */
const STEPS = ["mkdir", "rmdir", "rename", "link", "unlink", "unlinkat", "symlink", "chmod", "fsync", "fdatasync"];
/** Names of the same calls on other processors; strace ignores a name that the kernel does not have. */
const ALSO = ["mkdirat", "renameat", "renameat2", "linkat", "symlinkat", "fchmodat", "fchmodat2"];

/** All of them as strace takes a set of calls. */
export const ALL_STEPS = [...STEPS, ...ALSO].map((step) => `?${step}`).join(",");

/** Whether calls can be traced and tampered with here. */
export function canTrace(): boolean {
  return spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;
}

/** Makes the kernel stop only at traced calls, if strace and the kernel can: a quarter less time. */
const FILTER: readonly string[] = canFilter() ? ["--seccomp-bpf"] : [];

function canFilter(): boolean {
  const { status, stderr } = spawnSync("strace", ["--seccomp-bpf", "-f", "-qq", "-o", "/dev/null", "true"]);
  return status === 0 && stderr.length === 0;
}

export interface TracedRun {
  readonly home: string;
  /** Where Node keeps compiled sources, without which most of the time goes into compiling them again. */
  readonly compileCache: string;
  readonly action: ScenarioName | "recover";
  /** As strace takes them: `fsync:signal=SIGKILL:when=3` */
  readonly inject: readonly string[];
}

export interface TracedOutcome {
  readonly signal: string | null;
  /** What the child printed. */
  readonly output: string;
  readonly calls: readonly Call[];
}

/** One step of the child's main thread. */
export interface Call {
  readonly name: string;
  /** Counted from 1 among the calls of that name. */
  readonly count: number;
  readonly args: string;
}

/** Runs an action in a child, under strace. */
export function runTraced({ home, compileCache, action, inject }: TracedRun): Promise<TracedOutcome> {
  const log = `${home}.trace`;
  const tamper = inject.flatMap((fault) => ["-e", `inject=${fault}`]);
  const args = [...FILTER, "-f", "-y", "-qq", "-s", "0", "-o", log, "-e", `trace=${ALL_STEPS},?pwrite64`, ...tamper];
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  return new Promise((resolve) => {
    execFile("strace", [...args, process.execPath, CHILD, home, action], { env }, (error, stdout, stderr) => {
      const calls = readCalls(log).filter((call) => call.args.includes(home));
      resolve({ signal: error?.signal ?? null, output: `${stdout}${stderr}`.trim(), calls });
    });
  });
}

function readCalls(log: string): readonly Call[] {
  const lines = readFileSync(log, "utf8").split("\n");
  const main = lines[0]?.split(" ")[0] ?? "";
  const counts = new Map<string, number>();
  return lines.flatMap((line) => {
    const [, pid, name = "", args = ""] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? [];
    if (pid !== main) return [];
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [{ name, count, args }];
  });
}
