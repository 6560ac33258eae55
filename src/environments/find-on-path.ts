import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { PkgError } from "../errors.ts";

/** Where a program is looked for. */
export interface SearchedPlaces {
  /** As in `PATH`; an empty part is the current directory. */
  readonly path: string;
  /** The current directory, absolute. */
  readonly directory: string;
}

/**
 * The absolute path of a program, as a shell finds it: by its path where the name has a slash, else by PATH.
 *
 * @throws {PkgError} PROGRAM_NOT_FOUND
 */
export function findOnPath(name: string, { path, directory }: SearchedPlaces): string {
  const isPath = name.includes("/");
  const places = isPath ? [name] : path.split(":").map((part) => join(part === "" ? "." : part, name));
  const found = places.map((place) => resolve(directory, place)).find(isProgram);
  if (found !== undefined) return found;
  const problem = isPath ? "it is not a program" : "no program of that name is in the packages, or on PATH";
  throw new PkgError("PROGRAM_NOT_FOUND", `Cannot run "${name}": ${problem}`, {
    hint: isPath
      ? "Name a file that may be executed"
      : `\`pkg command-not-found ${name}\` shows the packages that have it`,
  });
}

function isProgram(path: string): boolean {
  try {
    const stats = statSync(path);
    return stats.isFile() && (stats.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}
