import { type Stats, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { formatPlatform } from "../oci/platform.ts";
import type { ElfFacts, ProgramFacts } from "../package/elf.ts";
import { libcRank, type Machine, unsupportedHint } from "../package/machine.ts";
import { ociPlatform } from "../package/platform.ts";
import type { ScriptInterpreter } from "../package/script-interpreter.ts";
import { readFacts } from "./program-facts.ts";

/** Where programs have to run. */
export interface RunningPlace {
  readonly machine: Machine;
  /** Directories of PATH, where `env` looks for interpreters. */
  readonly searchPath: readonly string[];
}

const ANY_MAY_EXECUTE = 0o111;

/** What keeps a file from being run as a command. */
export interface ProgramProblem {
  readonly code: "PACKAGE_UNINSTALLABLE" | "PLATFORM_UNSUPPORTED";
  /** e.g. `a gzip archive`. */
  readonly found: string;
  /** e.g. `a program for linux/amd64`. */
  readonly expected: string;
  /** What to do about it; null: nothing in particular. */
  readonly hint: string | null;
}

export interface ProgramVerdict {
  /** Null: it may be placed as a command. */
  readonly problem: ProgramProblem | null;
  /** What it lacks here in order to start, for people; null: nothing. */
  readonly lacks: string | null;
}

/**
 * Tells whether a file can be run as a command here: an ELF program of this machine, or a script with an interpreter. An
 * interpreter that is missing is no problem, because it may be installed later; a C library that is missing is one.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export async function judgeProgram(path: string, place: RunningPlace): Promise<ProgramVerdict> {
  return judgeFacts((await readFacts(path)) ?? { kind: "other", what: "a directory" }, place);
}

/** The same for what was read already. */
export function judgeFacts(facts: ProgramFacts, place: RunningPlace): ProgramVerdict {
  const { os, architecture } = ociPlatform(place.machine.host);
  const expected = `a program for ${formatPlatform({ os, architecture })}`;
  const refuse = (code: ProgramProblem["code"], found: string, hint: string | null = null): ProgramVerdict => ({
    problem: { code, found, expected, hint },
    lacks: null,
  });
  if (facts.kind === "other") return refuse("PACKAGE_UNINSTALLABLE", facts.what);
  if (facts.kind === "script") return { problem: null, lacks: missingInterpreter(facts.interpreter, place) };
  if (!facts.isProgram) return refuse("PACKAGE_UNINSTALLABLE", "a library or an object file");
  const system = facts.system ?? os;
  if (facts.architecture !== architecture || system !== os) {
    return refuse(
      "PLATFORM_UNSUPPORTED",
      `one for ${formatPlatform({ os: system, architecture: facts.architecture })}`,
    );
  }
  return judgeLoader(facts, place, refuse);
}

function judgeLoader(
  { interpreter, libc }: ElfFacts,
  { machine }: RunningPlace,
  refuse: (code: ProgramProblem["code"], found: string, hint: string) => ProgramVerdict,
): ProgramVerdict {
  const problem = interpreter === null ? null : whyNotRun(interpreter);
  if (problem === null) return { problem: null, lacks: null };
  if (libcRank(libc, machine) === null) {
    return refuse(
      "PLATFORM_UNSUPPORTED",
      `one that needs ${libc} ("${interpreter}")`,
      unsupportedHint(libc === "musl"),
    );
  }
  return { problem: null, lacks: `"${interpreter}", which loads it, ${problem}` };
}

function missingInterpreter({ path, looksUp }: ScriptInterpreter, { searchPath }: RunningPlace): string | null {
  const problem = whyNotRun(path);
  if (problem !== null) {
    const lineEnd = path.endsWith("\r") ? ": its first line ends as on Windows" : "";
    return `"${path}", which runs it, ${problem}${lineEnd}`;
  }
  if (looksUp === null || looksUp.includes("/")) return null;
  const isFound = searchPath.some((directory) => isAbsolute(directory) && isThere(join(directory, looksUp)));
  return isFound ? null : `"${looksUp}", which runs it, is not on PATH`;
}

/** Why the kernel would not run what is at a path; null if it would. */
function whyNotRun(path: string): string | null {
  const found = look(path);
  if (found === "hidden") return null;
  if (found === undefined) return "does not exist on this machine";
  return found.isFile() && (found.mode & ANY_MAY_EXECUTE) !== 0 ? null : "is no program";
}

function isThere(path: string): boolean {
  return look(path) !== undefined;
}

/** A path that cannot be looked at may exist for whoever runs the program. */
function look(path: string): Stats | undefined | "hidden" {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return "hidden";
  }
}
