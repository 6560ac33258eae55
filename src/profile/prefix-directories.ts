import { existsSync, lstatSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { newSharedDirectory, openDirectory, setDirectoryMode, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { isInPrefix } from "../package/place.ts";
import type { Intent } from "../state/intent.ts";
import { linkPath, type Places } from "./places.ts";
import { removeIfEmpty } from "./remove-if-empty.ts";

const DIRECTORY_MODE = 0o755;

/**
 * Makes the directories that a link in the prefix needs; all of them are real ones, so that no package can lead another one
 * out of the prefix. The caller syncs them.
 *
 * @param made those that are known to be there
 * @throws {PkgError} PATH_CONFLICT when a link or a file is in the way; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function makeParents(places: Places, path: string, made: Set<string>): void {
  if (!isInPrefix(path)) return;
  const directory = dirname(linkPath(places, path));
  try {
    makeReal(directory, resolve(places.prefixDirectory), made);
  } catch (error) {
    throw fileSystemError(error, `make directory "${directory}"`);
  }
}

function makeReal(directory: string, root: string, made: Set<string>): void {
  if (made.has(directory)) return;
  if (directory === root) openDirectory(root);
  else {
    makeReal(dirname(directory), root, made);
    makeOne(directory);
  }
  made.add(directory);
}

function makeOne(directory: string): void {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return;
  if (stats !== undefined) {
    throw new PkgError("PATH_CONFLICT", `Cannot link into "${directory}": it is not a directory`, {
      hint: "Move it away, then run the command again",
    });
  }
  newSharedDirectory(directory);
  // Exact, whatever the umask.
  setDirectoryMode(directory, DIRECTORY_MODE);
}

/** The places of all links and copies of an intent. */
function placesIn({ links, unlinks, restores = [], copies = [] }: Intent): readonly string[] {
  return [...links, ...unlinks, ...restores, ...copies].map(({ path }) => path);
}

/** Removes the directories in the prefix that an intent has left empty, but not the prefix itself. */
export function pruneParents(places: Places, intent: Intent): void {
  const root = resolve(places.prefixDirectory);
  // Those that are deeper come first.
  for (const directory of parentsIn(places, intent).toSorted((a, b) => b.length - a.length)) {
    if (directory !== root && directory !== dirname(root)) removeIfEmpty(directory);
  }
}

/** Makes what an intent has done to links durable. */
export function syncParents(places: Places, intent: Intent): void {
  const bin = placesIn(intent).some((path) => !isInPrefix(path)) ? [places.binDirectory] : [];
  // Somebody may have removed one, and nothing in it is left to be made durable then.
  for (const directory of [...bin, ...parentsIn(places, intent)]) if (existsSync(directory)) syncDirectory(directory);
}

/** The directories of what an intent links in the prefix, up to the one that the prefix is in. */
function parentsIn(places: Places, intent: Intent): readonly string[] {
  const root = resolve(places.prefixDirectory);
  const found = new Set<string>();
  for (const path of placesIn(intent)) {
    if (!isInPrefix(path)) continue;
    let directory = dirname(linkPath(places, path));
    for (; directory !== root && !found.has(directory); directory = dirname(directory)) found.add(directory);
  }
  return found.size === 0 ? [] : [...found, root, dirname(root)];
}
