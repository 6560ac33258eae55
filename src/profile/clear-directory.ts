import { lstatSync, readdirSync, renameSync, rmdirSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../errors.ts";
import { openToOwner, removeFile, renameToNew } from "../fs/atomic.ts";
import { openDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { isPlaced, isWalked, type Placed, placedIn } from "./unrecorded.ts";

/** What to clear, and where to move what has to be kept. */
export interface ClearRequest {
  /** Absolute. */
  readonly directory: string;
  /** What was placed there: paths relative to it. */
  readonly placed: readonly string[];
  /** The directory that takes the place of this one, absolute; null: none does. */
  readonly successor: string | null;
}

/** What was not placed by this program; absolute paths of files, and of directories that hold nothing else. */
export interface Kept {
  readonly moved: readonly string[];
  readonly left: readonly string[];
}

/**
 * Removes what was placed in a directory, and the directories that are then empty. Everything else there, which programs and
 * people have written, moves to the same place in `successor` if that is free, and stays where it is otherwise. No link is
 * followed. It can be repeated after an interruption at any point.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function clearDirectory({ directory, placed, successor }: ClearRequest): Kept {
  const clearing = new Clearing(directory, successor, placed);
  try {
    clearing.clear("");
  } catch (error) {
    throw fileSystemError(error, `remove "${directory}"`);
  }
  return clearing.kept;
}

class Clearing {
  readonly kept = { moved: [] as string[], left: [] as string[] };
  readonly #root: string;
  readonly #successor: string | null;
  readonly #placed: Placed;

  constructor(root: string, successor: string | null, placed: readonly string[]) {
    this.#root = root;
    this.#successor = successor;
    this.#placed = placedIn(placed);
  }

  clear(path: string): void {
    const place = join(this.#root, path);
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (isPlaced(this.#placed, path, stats.isDirectory())) removeFile(place);
    else if (stats.isDirectory() && isWalked(this.#placed, path, place)) this.#clearEntries(path, stats);
    else this.#keep(path);
  }

  #clearEntries(path: string, stats: Stats): void {
    const place = join(this.#root, path);
    openToOwner(place, stats);
    for (const name of readdirSync(place)) this.clear(path === "" ? name : `${path}/${name}`);
    removeIfEmpty(place);
  }

  #keep(path: string): void {
    const from = join(this.#root, path);
    const to = this.#successor === null ? null : join(this.#successor, path);
    if (to !== null && isDirectory(from) && isDirectory(to)) this.#keepEntries(path);
    else if (to !== null && this.#mayHold(dirname(path)) && moveToNew(from, to)) this.kept.moved.push(to);
    else this.kept.left.push(from);
  }

  #keepEntries(path: string): void {
    const place = join(this.#root, path);
    for (const name of readdirSync(place)) this.#keep(`${path}/${name}`);
    removeIfEmpty(place);
  }

  /** Makes the directory `path` of the successor if it is missing; false when something else is there, such as a link. */
  #mayHold(path: string): boolean {
    const place = join(this.#successor ?? "", path);
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats !== undefined) return stats.isDirectory();
    if (path === "." || !this.#mayHold(dirname(path))) return false;
    openDirectory(place);
    return true;
  }
}

/** False when something has that name already, or when it is on another file system. */
function moveToNew(from: string, to: string): boolean {
  try {
    if (isDirectory(from)) return moveDirectory(from, to);
    if (isSameFile(from, to)) removeFile(from);
    else renameToNew(from, to);
    return true;
  } catch (error) {
    if (["EEXIST", "ENOTEMPTY", "EXDEV"].includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function moveDirectory(from: string, to: string): boolean {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return false;
  renameSync(from, to);
  return true;
}

/** An interruption may have left a file under both names. */
function isSameFile(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) => lstatSync(path, { throwIfNoEntry: false, bigint: true }));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST"].includes(systemCode(error) ?? "")) throw error;
  }
}
