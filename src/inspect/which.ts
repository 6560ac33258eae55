import { accessSync, constants, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { eachNamed, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import { hasCode, PkgError } from "../errors.ts";
import { owns, type StateCapabilities } from "./inspect.ts";

/** A file on PATH that a command's name leads to; without a name, it is nothing that pkg placed. */
export interface ProgramPlace {
  readonly path: string;
  /** False for one of ours in a bin directory that PATH lacks. */
  readonly isOnPath: boolean;
  readonly name?: string;
  readonly version?: string;
}

/** Every file that a command's name may lead to, in the order of PATH; the first is the one that runs. */
export interface WhichOutcome {
  readonly program: string;
  readonly places: readonly ProgramPlace[];
}

/** A program that was not found. */
export interface UnknownProgram {
  readonly program: string;
  readonly error: Failure;
}

/** For each program, where it is on PATH, and which package placed it there; the errors are NOT_INSTALLED. */
export async function which(
  cap: StateCapabilities,
  programs: readonly string[],
): Promise<WithErrors<readonly (WhichOutcome | UnknownProgram)[]>> {
  const { items, errors } = await eachNamed(programs, (program) => whichOne(cap, program));
  const outcome = items.map((item) => ("error" in item ? { program: item.name, error: item.error } : item));
  return { outcome, errors };
}

async function whichOne(cap: StateCapabilities, program: string): Promise<WhichOutcome> {
  const { paths, searchPath } = cap.config;
  const onPath = new Set(searchPath.filter(isAbsolute));
  const directories = new Set([...onPath, paths.bin]);
  const files = program.includes("/") ? [] : [...directories].map((directory) => join(directory, program));
  const places: ProgramPlace[] = [];
  for (const path of files.filter(isProgram)) {
    places.push({ path, isOnPath: onPath.has(dirname(path)), ...(await ownerOf(cap, path)) });
  }
  if (places.length > 0) return { program, places };
  throw new PkgError("NOT_INSTALLED", `Cannot tell which "${program}" is: no program of that name is on PATH`, {
    hint: `\`pkg command-not-found ${program}\` shows the packages that have it`,
  });
}

async function ownerOf(cap: StateCapabilities, path: string): Promise<Pick<ProgramPlace, "name" | "version">> {
  try {
    const { name, version } = await owns(cap, path, "/");
    return { name, version };
  } catch (error) {
    if (hasCode(error, "NOT_INSTALLED")) return {};
    throw error;
  }
}

/** Also false if the path cannot be read: then it cannot be run. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
