import { realpathSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { Config } from "../config/config.ts";

type SearchConfig = Pick<Config, "searchPath" | "paths">;

/** The bin directory's place on PATH: earlier directories hide its programs, and it hides those of later ones. */
export interface SearchPlace {
  readonly isOnPath: boolean;
  /** The program that a link of this name would hide; null when it hides none. */
  hiddenBy(link: string): string | null;
  /** The program that is found instead of a link of this name; null when the link itself is found. */
  hiderOf(link: string): string | null;
}

/** Looks up the directories of PATH, as they are now. */
export function searchPlace({ searchPath, paths }: SearchConfig): SearchPlace {
  const bin = realPath(paths.bin);
  // A relative directory means something else in each working directory.
  const directories = searchPath.filter(isAbsolute).map((directory) => ({ directory, real: realPath(directory) }));
  const own = directories.findIndex(({ real }) => real === bin);
  const others = (list: typeof directories) =>
    list.filter(({ real }) => real !== bin).map(({ directory }) => directory);
  const before = others(directories.slice(0, Math.max(own, 0)));
  const after = own === -1 ? [] : others(directories.slice(own));
  return {
    isOnPath: own !== -1,
    hiddenBy: (link) => findProgram(after, link),
    hiderOf: (link) => findProgram(before, link),
  };
}

function findProgram(directories: readonly string[], name: string): string | null {
  return directories.map((directory) => join(directory, name)).find(isProgram) ?? null;
}

/** Also false if the path cannot be read: then it cannot be run. */
function isProgram(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
