import { existsSync, readlinkSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import { removeFile } from "../fs/atomic.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { removeIfEmpty } from "./remove-if-empty.ts";

/**
 * A link in the prefix, to the state database that records what is in it. As it is relative, it moves along with a home that
 * the prefix is in.
 */
export const PREFIX_MARK = ".pkg-home";

/** Where bottles may be; absolute paths. */
export interface PrefixPlaces {
  /** Where the config would have them poured now. */
  readonly configured: string;
  /** Where those that are recorded were poured, which their files name; null: none are. */
  readonly poured: string | null;
  readonly stateDatabase: string;
}

/**
 * The prefix that the recorded bottles are in. That is where they were poured, whatever the config says by now, unless the home
 * was moved or copied and its prefix with it: then they are in that one, and the other is gone, or is another home's.
 */
export function currentPrefix({ configured, poured, stateDatabase }: PrefixPlaces): string {
  if (poured === null) return configured;
  return !isSamePlace(configured, poured) && isMarkedFor(configured, stateDatabase) ? configured : poured;
}

/** True for two paths to one directory. */
export function isSamePlace(one: string, other: string): boolean {
  return one === other || canonicalPath(one) === canonicalPath(other);
}

/** The state database of the other home that a prefix belongs to, absolute; null: it belongs to this one, or to none. */
export function otherOwner(prefix: string, stateDatabase: string): string | null {
  const owner = markIn(prefix);
  return owner === null || owner === canonicalPath(stateDatabase) || isGone(owner) ? null : owner;
}

/** False for what cannot be looked at, as another user has closed it. */
function isGone(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch (error) {
    return ["ENOTDIR", "ELOOP"].includes(systemCode(error) ?? "");
  }
}

function isMarkedFor(prefix: string, stateDatabase: string): boolean {
  return markIn(prefix) === canonicalPath(stateDatabase);
}

function markIn(prefix: string): string | null {
  try {
    return canonicalPath(resolve(canonicalPath(prefix), readlinkSync(join(prefix, PREFIX_MARK))));
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EINVAL", "EACCES"].includes(systemCode(error) ?? "")) return null;
    throw fileSystemError(error, `look into "${prefix}"`);
  }
}

/**
 * Marks a prefix, which is there, as that of this home. It can be repeated.
 *
 * @throws {PkgError} PATH_CONFLICT when it is another home's; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function claimPrefix(prefix: string, stateDatabase: string): void {
  refuseOther(prefix, stateDatabase);
  const mark = join(prefix, PREFIX_MARK);
  try {
    // It is of a home that is gone, or was moved away from the prefix.
    if (markIn(prefix) !== null && !isMarkedFor(prefix, stateDatabase)) removeFile(mark);
    symlinkSync(relative(canonicalPath(prefix), canonicalPath(stateDatabase)), mark);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw fileSystemError(error, `mark "${prefix}"`);
    refuseOther(prefix, stateDatabase);
  }
}

/** @throws {PkgError} PATH_CONFLICT when a prefix is another home's */
export function refuseOther(prefix: string, stateDatabase: string): void {
  const owner = otherOwner(prefix, stateDatabase);
  if (owner === null) return;
  const homes = `it is of the home in "${dirname(owner)}", and this one is in "${dirname(stateDatabase)}"`;
  throw new PkgError("PATH_CONFLICT", `Cannot change "${prefix}": ${homes}`, {
    hint: "Give this home another `prefix` where its config has the repository, or use the other home",
  });
}

/**
 * Removes the mark of this home, or of one that is gone, and the prefix if nothing else is in it.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function releasePrefix(prefix: string, stateDatabase: string): void {
  if (isMarkedFor(prefix, stateDatabase)) removeFile(join(prefix, PREFIX_MARK));
  else if (markIn(prefix) !== null && otherOwner(prefix, stateDatabase) === null) removeStale(prefix);
  if (removeIfEmpty(prefix) && existsSync(dirname(prefix))) syncDirectory(dirname(prefix));
}

/** In a directory of another user, the mark of a home that is gone stays. */
function removeStale(prefix: string): void {
  try {
    removeFile(join(prefix, PREFIX_MARK));
  } catch (error) {
    if (!hasCode(error, "PERMISSION_DENIED")) throw error;
  }
}
