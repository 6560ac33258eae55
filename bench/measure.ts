import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

/** One command line and the environment it runs in. */
export interface Candidate {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Restores the state that each run begins with; not timed. */
  readonly reset?: () => void | Promise<void>;
}

export interface Run {
  readonly seconds: number;
  /** High-water mark of the resident set, as the kernel counts it. */
  readonly peakBytes: number;
}

export interface Comparison {
  readonly ours: Run;
  readonly rival: Run;
  /** Median of the ratios of neighbouring runs: holds when the machine's speed drifts. */
  readonly ratio: number;
}

/** Runs both in turn, A B A B …, after one warm-up of each; figures are medians. */
export async function compare(ours: Candidate, rival: Candidate, runs: number): Promise<Comparison> {
  const pairs: { readonly ours: Run; readonly rival: Run }[] = [];
  for (let index = -1; index < runs; index++) {
    const pair = { ours: await runOnce(ours), rival: await runOnce(rival) };
    if (index >= 0) pairs.push(pair);
  }
  return comparison(pairs);
}

function comparison(pairs: readonly { readonly ours: Run; readonly rival: Run }[]): Comparison {
  return {
    ours: medianRun(pairs.map((pair) => pair.ours)),
    rival: medianRun(pairs.map((pair) => pair.rival)),
    ratio: median(pairs.map((pair) => pair.ours.seconds / pair.rival.seconds)),
  };
}

/** The same for functions in this process; the memory is that of the process, for both. */
export function compareHere(ours: () => unknown, rival: () => unknown, runs: number): Comparison {
  const pairs: { readonly ours: Run; readonly rival: Run }[] = [];
  for (let index = -1; index < runs; index++) {
    const pair = { ours: runHere(ours), rival: runHere(rival) };
    if (index >= 0) pairs.push(pair);
  }
  return comparison(pairs);
}

function runHere(work: () => unknown): Run {
  const startedAt = process.hrtime.bigint();
  work();
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  return { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** Runs a command once. @throws {Error} when it exits with a code other than 0: the figures of a failed run mean nothing */
export async function runOnce({ command, env, reset }: Candidate): Promise<Run> {
  await reset?.();
  // What the run before has left for the disk would be written during this one, and slow it down.
  execFileSync("sync");
  const [program = "", ...args] = command;
  const startedAt = process.hrtime.bigint();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4096);
  });
  const memory = watchMemory(child.pid ?? 0);
  const [code]: unknown[] = await once(child, "close");
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  const peakBytes = memory.stop();
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${errors}`);
  return { seconds, peakBytes };
}

/**
 * The kernel keeps the high-water mark, so the last look before the end finds nearly all of it. For a shell and the
 * commands it runs, the largest process counts.
 */
function watchMemory(pid: number) {
  let peakBytes = 0;
  const look = () => {
    for (const process of [pid, ...childrenOf(pid)]) peakBytes = Math.max(peakBytes, highWaterMark(process));
  };
  const timer = setInterval(look, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

function highWaterMark(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readProcess(`${pid}/status`))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

function childrenOf(pid: number): readonly number[] {
  return readProcess(`${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

/** Empty once the process has ended. */
function readProcess(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    return "";
  }
}

function medianRun(runs: readonly Run[]): Run {
  return { seconds: median(runs.map((run) => run.seconds)), peakBytes: median(runs.map((run) => run.peakBytes)) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
