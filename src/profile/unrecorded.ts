import { lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";

/** What was placed in a directory: its files, without those that hold something else now, and the directories of all. */
export interface Placed {
  readonly files: ReadonlySet<string>;
  readonly parents: ReadonlySet<string>;
}

/**
 * Paths relative to the directory; the directory itself is `""`, which holds a file where a copy was placed. `edited`: those that are not
 * what was placed any more.
 */
export function placedIn(paths: readonly string[], edited: readonly string[] = []): Placed {
  const parents = new Set([""]);
  for (const path of paths) {
    for (let parent = dirname(path); parent !== "." && !parents.has(parent); parent = dirname(parent))
      parents.add(parent);
  }
  return { files: new Set(["", ...paths]).difference(new Set(edited)), parents };
}

/**
 * What is in a directory and is not what was placed there: absolute paths of files, and of directories that hold nothing
 * else. A directory that holds no file counts as nothing. No link is followed.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function unrecordedIn(directory: string, placed: Placed): readonly string[] {
  const list = (path: string): readonly string[] => {
    const place = join(directory, path);
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined || isPlaced(placed, path, stats.isDirectory())) return [];
    const names = stats.isDirectory() && isWalked(placed, path, place) ? namesIn(place) : null;
    if (names === null) return [place];
    return names.flatMap((name) => list(path === "" ? name : `${path}/${name}`));
  };
  try {
    return list("");
  } catch (error) {
    throw fileSystemError(error, `look into "${directory}"`);
  }
}

/** True for a file that was placed at the path; not for a directory that is there now instead. */
export function isPlaced({ files }: Placed, path: string, isDirectory: boolean): boolean {
  return !isDirectory && files.has(path);
}

/** True for a directory whose entries are looked at one by one; every other one is somebody's as a whole. */
export function isWalked({ parents }: Placed, path: string, place: string): boolean {
  return parents.has(path) || isEmptyTree(place);
}

/** Null for a directory that somebody has closed: what is in it is not known. */
function namesIn(path: string): readonly string[] | null {
  try {
    return readdirSync(path);
  } catch (error) {
    if (systemCode(error) === "EACCES") return null;
    throw error;
  }
}

function isEmptyTree(path: string): boolean {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.every((entry) => entry.isDirectory() && isEmptyTree(join(path, entry.name)));
  } catch (error) {
    if (systemCode(error) === "EACCES") return false;
    throw error;
  }
}
