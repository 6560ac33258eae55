import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import type { ScenarioName } from "./scenarios.ts";

const SOURCE = join(import.meta.dirname, "faults.c");
const CHILD = join(import.meta.dirname, "crash-child.ts");

/** A call that fails. */
export interface Fault {
  readonly call: Call;
  /** As in `os.constants.errno`. */
  readonly error: "EACCES" | "EIO" | "ENOSPC" | "EROFS";
  /** What fails from then on: `name`, all calls of that name; `all`, all but writes. Default: nothing. */
  readonly andAll?: "name" | "all";
}

export interface Orders {
  readonly home: string;
  readonly action: ScenarioName | "recover";
  readonly faults?: readonly Fault[];
  /** An empty directory for copies of the home: `N` is what a kill at step N leaves, counted from 0. */
  readonly copies?: string;
}

export interface Outcome {
  /** "done", or the code of the error that was met. */
  readonly output: string;
  readonly calls: readonly Call[];
}

/** A call on what lies in the home that changes a directory, a file's mode, or what survives a power cut; or a write. */
export interface Call {
  readonly name: string;
  /** Counted from 1 among the calls of that name. */
  readonly count: number;
  readonly args: string;
}

/** True for what a kill may come before: all but writes, which are durable with the next sync. */
export const isStep = ({ name }: Call): boolean => name !== "pwrite64";

/** A process that makes changes whose calls fail as ordered; one for all, as starting it takes longer than a change. */
export interface FaultyProcess {
  run(orders: Orders): Promise<Outcome>;
}

/** Starts it; `wrapper` is a program, with arguments, that runs it. */
export function startFaultyProcess(test: Cleanup, wrapper: readonly string[] = []): FaultyProcess {
  const scratch = tempDirectory(test);
  const library = compileFaults(scratch);
  const [execPath = process.execPath, ...execArgv] = wrapper.length === 0 ? [] : [...wrapper, process.execPath];
  const env = { ...process.env, LD_PRELOAD: library };
  const child = fork(CHILD, { execPath, execArgv: [...execArgv], env });
  test.after(() => void (child.connected && child.disconnect()));
  const died = once(child, "exit").then(() => Promise.reject(new Error("the process with faults ended")));
  died.catch(() => {});
  let runs = 0;
  return { run: (orders) => run({ child, died, log: join(scratch, `calls-${runs++}`) }, orders) };
}

/** The library that stands between a process and its calls, for LD_PRELOAD. */
export function compileFaults(directory: string): string {
  const library = join(directory, "faults.so");
  execFileSync("gcc", ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-Wno-format-truncation", "-o", library, SOURCE]);
  return library;
}

interface Running {
  readonly child: ChildProcess;
  /** Rejects once it ended. */
  readonly died: Promise<never>;
  /** The file into which the calls are written; another for each run, which shows the library that the orders are new. */
  readonly log: string;
}

async function run({ child, died, log }: Running, orders: Orders): Promise<Outcome> {
  const { home, action } = orders;
  const answer = once(child, "message");
  child.send({ home, action, faults: written(orders, log) });
  const [output] = await Promise.race([answer, died]);
  return { output: String(output), calls: readCalls(log) };
}

/** As faults.c reads them, in the variable PKG_FAULTS; `log` is a file into which the calls are written. */
export function written({ home, faults = [], copies = "" }: Omit<Orders, "action">, log: string): string {
  const lines = faults.map(
    ({ call, error, andAll = "once" }) => `${call.name} ${call.count} ${andAll} ${constants.errno[error]}`,
  );
  return [home, log, copies, ...lines].join("\n");
}

/** The calls that faults.c wrote into a file. */
export function readCalls(log: string): readonly Call[] {
  const counts = new Map<string, number>();
  return [...readFileSync(log, "utf8").matchAll(/^(?<name>\w+)\((?<args>.*)\)$/gm)].map(({ groups = {} }) => {
    const { name = "", args = "" } = groups;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { name, count, args };
  });
}
