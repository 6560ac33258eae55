import { accessSync, constants, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { newShortDirectoryIn, openDirectory, privateDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";

/** Where environments are made while nothing can be written in the home. */
export interface TemporaryPlace {
  /** What of the paths is elsewhere. */
  readonly paths: Partial<Paths>;
  /** Removes it with all that is in it. Never throws. */
  remove(): Promise<void>;
}

/** True if environments can be kept where the config has them. */
export function canKeepEnvironments({ environments, blobs }: Pick<Paths, "environments" | "blobs">): boolean {
  return isWritable(environments, openDirectory) && isWritable(blobs, privateDirectory);
}

/**
 * Makes a directory that is removed when it is not needed any more. What can be read in the home is still read there; a home that
 * cannot even be made is in it as a whole.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function temporaryPlace(paths: Pick<Paths, "index" | "stateDatabase">): TemporaryPlace {
  const directory = newDirectory(tmpdir());
  const roots = { environments: directory, pouredEnvironments: directory, blobs: join(directory, "blobs") };
  const index = isThere(paths.index) ? {} : { index: join(directory, "index") };
  const state = isThere(dirname(paths.stateDatabase))
    ? {}
    : {
        stateDatabase: join(directory, "state.db"),
        lockDatabase: join(directory, "lock.db"),
        sharedDatabase: join(directory, "state.db"),
      };
  return { paths: { ...roots, ...index, ...state }, remove: async () => removeQuietly(directory) };
}

/** What of the paths shortPlace() would change, with a name as long as its own. Nothing is made. */
export function shortPlacePaths(): Partial<Paths> {
  return { pouredEnvironments: join(shortParent(), "pkg-XXXXXX") };
}

/** The same for what cannot be poured where it would be kept, as that has too long a name; all else stays in the home. */
export function shortPlace(): TemporaryPlace {
  const directory = newDirectory(shortParent());
  return { paths: { pouredEnvironments: directory }, remove: async () => removeQuietly(directory) };
}

function removeQuietly(directory: string): void {
  try {
    removeTree(directory);
  } catch {
    // A program may have left something there that only another user may remove; the system clears the place.
  }
}

/** How long the directory for temporary files may be: what is poured below it has 20 bytes more, and 26 in all. */
const MAX_PARENT_BYTES = 6;

function shortParent(): string {
  return Buffer.byteLength(tmpdir()) <= MAX_PARENT_BYTES ? tmpdir() : "/tmp";
}

/** Short, as bottles are poured into it: their files name it. */
function newDirectory(parent: string): string {
  try {
    return newShortDirectoryIn(parent, "pkg-");
  } catch (error) {
    const known = fileSystemError(error, `make a directory in "${parent}"`);
    if (!(known instanceof PkgError)) throw known;
    throw new PkgError(known.code, known.message, { hint: "Name another directory in TMPDIR", cause: error });
  }
}

function isWritable(directory: string, make: (path: string) => void): boolean {
  try {
    make(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
