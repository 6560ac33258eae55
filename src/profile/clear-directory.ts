import { accessSync, constants, lstatSync, readdirSync, renameSync, rmdirSync, type Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemCode } from "../errors.ts";
import { openToOwner, removeFile, renameToNew } from "../fs/atomic.ts";
import { openDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { exists, numbered, savedName } from "./installation-paths.ts";
import { isPlaced, isWalked, type Placed, placedIn } from "./unrecorded.ts";

/** What to clear, and where to move what has to be kept. */
export interface ClearRequest {
  /** Absolute. */
  readonly directory: string;
  /** What was placed there: paths relative to it. */
  readonly placed: readonly string[];
  /** Those of them that somebody has edited since. */
  readonly edited?: readonly string[];
  /** The directory that takes the place of this one, absolute; null: none does. */
  readonly successor: string | null;
}

/** What is not as this program placed it; absolute paths of files, and of directories that hold nothing else. */
export interface Kept {
  /** In the new version, under the same name. */
  readonly moved: readonly string[];
  /** In the new version, which has something else under that name. */
  readonly saved: readonly SavedBeside[];
  /** Where it was. */
  readonly left: readonly string[];
  /** Directories that a process still runs something in: all of them is kept, until `pkg clean`. Absent: none. */
  readonly inUse?: readonly string[];
}

/** What has the name `saved` beside `path`, which is of the new version. */
export interface SavedBeside {
  readonly path: string;
  readonly saved: string;
}

export const NOTHING_KEPT: Kept = { moved: [], saved: [], left: [] };

/**
 * Removes what was placed in a directory, and the directories that are then empty. Everything else there, which programs and
 * people have written or edited, moves to the same place in `successor`; beside it, as `NAME.pkg-saved`, if that is not free;
 * and stays where it is if nothing succeeds. No link is followed. It can be repeated after an interruption at any point.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function clearDirectory({ directory, placed, edited = [], successor }: ClearRequest): Kept {
  const clearing = new Clearing(directory, successor, placedIn(placed, edited));
  try {
    clearing.clear("");
  } catch (error) {
    throw fileSystemError(error, `remove "${directory}"`);
  }
  return clearing.kept;
}

class Clearing {
  readonly kept = { moved: [] as string[], saved: [] as SavedBeside[], left: [] as string[] };
  readonly #root: string;
  readonly #successor: string | null;
  readonly #placed: Placed;

  constructor(root: string, successor: string | null, placed: Placed) {
    this.#root = root;
    this.#successor = successor;
    this.#placed = placed;
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
    if (!isOpen(place)) {
      this.kept.left.push(place);
      return;
    }
    for (const name of readdirSync(place)) this.clear(path === "" ? name : `${path}/${name}`);
    removeIfEmpty(place);
  }

  #keep(path: string): void {
    const from = join(this.#root, path);
    const to = this.#successor === null ? null : join(this.#successor, path);
    if (isDirectory(from) && !isOpen(from)) this.kept.left.push(from);
    else if (to !== null && isDirectory(from) && isDirectory(to)) this.#keepEntries(path);
    else this.#keepEntry(path, from, to);
  }

  #keepEntry(path: string, from: string, to: string | null): void {
    const place = to !== null && this.#mayHold(dirname(path)) ? moveTo(from, to) : null;
    if (to === null || place === null) this.kept.left.push(from);
    else if (place === to) this.kept.moved.push(to);
    else this.kept.saved.push({ path: to, saved: place });
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

/** Moves it to `to`, or beside that if the name is taken; null when it is on another file system. */
function moveTo(from: string, to: string): string | null {
  for (const place of placesFor(from, to)) {
    const result = moveToNew(from, place);
    if (result !== "taken") return result === "moved" ? place : null;
  }
  return null;
}

/** An earlier one that was saved, and moves along, keeps its name. */
function* placesFor(from: string, to: string): Generator<string> {
  yield to;
  for (const place of numbered(savedName(to))) {
    if (!exists(join(dirname(from), basename(place)))) yield place;
  }
}

function moveToNew(from: string, to: string): "moved" | "taken" | "impossible" {
  try {
    if (isDirectory(from)) return moveDirectory(from, to);
    if (isSameFile(from, to)) removeFile(from);
    else renameToNew(from, to);
    return "moved";
  } catch (error) {
    const code = systemCode(error) ?? "";
    if (["EEXIST", "ENOTEMPTY"].includes(code)) return "taken";
    if (["EXDEV", "ENAMETOOLONG"].includes(code)) return "impossible";
    throw error;
  }
}

/** False for a directory of another user, or one that was closed: it cannot even be moved. */
function isOpen(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function moveDirectory(from: string, to: string): "moved" | "taken" {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return "taken";
  renameSync(from, to);
  return "moved";
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
