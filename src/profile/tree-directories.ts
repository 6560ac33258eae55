import { accessSync, constants, existsSync, lstatSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { PkgError } from "../errors.ts";
import { newSharedDirectory, openDirectory, setDirectoryMode, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { DATA_ROOT, isInData, isInTree } from "../package/place.ts";
import type { Intent } from "../state/intent.ts";
import { linkPath, linkRoot, type Places } from "./places.ts";
import { removeIfEmpty } from "./remove-if-empty.ts";

const DIRECTORY_MODE = 0o755;

/**
 * Makes the directories that a link in the prefix or the data directory needs; all of them are real ones, so that no package can
 * lead another one out of these. The caller syncs them.
 *
 * @param made those that are known to be there
 * @throws {PkgError} PATH_CONFLICT when a link or a file is in the way; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function makeParents(places: Places, path: string, made: Set<string>): void {
  if (!isInTree(path)) return;
  const directory = dirname(linkPath(places, path));
  try {
    makeReal(directory, resolve(linkRoot(places, path)), made);
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

/**
 * Removes the directories that an intent has left empty: of those in the prefix all but itself, of those in the data directory the
 * ones that this program has made. It can be repeated.
 *
 * @param made the places of these
 * @returns the places of those that are gone
 */
export function pruneParents(places: Places, intent: Intent, made: ReadonlySet<string>): readonly string[] {
  const own = new Set([...made, ...(intent.makes ?? [])]);
  const directories = treeParents(placesIn(intent)).filter((place) => !isInData(place) || own.has(place));
  // Those that are deeper come first.
  return directories
    .toSorted((a, b) => b.length - a.length)
    .filter((place) => removeIfEmpty(linkPath(places, place)) && isInData(place));
}

/** Makes what an intent has done to links durable. */
export function syncParents(places: Places, intent: Intent): void {
  const bin = placesIn(intent).some((path) => !isInTree(path)) ? [places.binDirectory] : [];
  // Somebody may have removed one, and nothing in it is left to be made durable then.
  for (const directory of [...bin, ...parentsIn(places, intent)]) if (existsSync(directory)) syncDirectory(directory);
}

/** The directories of what an intent links in the trees, each up to the one that its root is in. */
function parentsIn(places: Places, intent: Intent): readonly string[] {
  const linked = placesIn(intent).filter(isInTree);
  const roots = new Set(linked.map((path) => resolve(linkRoot(places, path))));
  return [
    ...treeParents(linked).map((place) => linkPath(places, place)),
    ...[...roots].flatMap((root) => [root, dirname(root)]),
  ];
}

/** The places of the directories that places in the trees are in, each once. */
function treeParents(paths: readonly string[]): readonly string[] {
  const parents = new Set<string>();
  for (const path of paths) addParents(path, parents);
  return [...parents];
}

/** Adds the parents of a place, as parentsOf(), to those of others: those above one that is among these are, too. */
export function addParents(place: string, parents: Set<string>): void {
  for (let parent = dirname(place); isInTree(parent) && !parents.has(parent); parent = dirname(parent))
    parents.add(parent);
}

/** The places of the directories on the way to a place in the prefix, or in the data directory, which is one of them. */
export function parentsOf(place: string): readonly string[] {
  const parents: string[] = [];
  for (let parent = dirname(place); isInTree(parent); parent = dirname(parent)) parents.push(parent);
  return parents;
}

/**
 * True for the place of a directory that is there, or can be made, and into which links can be put: in the data directory, some may
 * be of the system or of another user. The directories above it have to be such ones.
 */
export function canHold(places: Places, place: string): boolean {
  const path = linkPath(places, place);
  const stats = statsOf(path);
  if (stats === undefined) return true;
  // A person may have the data directory itself elsewhere, behind a link.
  const isDirectory = stats.isDirectory() || (place === DATA_ROOT && stats.isSymbolicLink());
  return isDirectory && (!isInData(place) || isOpen(path));
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileSystemError(error, `look at "${path}"`);
  }
}

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
