import { type StatsFs, statfsSync } from "node:fs";
import { FREE_SOME_SPACE } from "../base/foreign-words.ts";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";

/**
 * Refuses to begin what cannot be finished, before a disk is filled for nothing. A file system that does not say how
 * much room it has is taken to have enough.
 *
 * @param directory where the bytes are written; it must exist
 * @param what what is written, to follow "Cannot receive"
 * @throws {PkgError} DISK_FULL
 */
export function expectRoom(directory: string, bytes: number, what: string): void {
  const free = freeBytes(directory);
  if (bytes <= free) return;
  throw new PkgError(
    "DISK_FULL",
    `Cannot receive ${what}: "${directory}" has room for ${byteCount(free)}, expected ${bytes}`,
    {
      hint: `${FREE_SOME_SPACE}, then run the command again`,
    },
  );
}

/** Bytes that a user may still write; without end on a file system that does not say how large it is. */
export function freeBytesOf({ bavail, bsize, blocks }: Pick<StatsFs, "bavail" | "bsize" | "blocks">): number {
  return blocks === 0 ? Number.POSITIVE_INFINITY : bavail * bsize;
}

/** True if a file system has no room for anything more. */
export function isFull(directory: string): boolean {
  return freeBytes(directory) < LEAST_BYTES;
}

/** True if a file system has as many files as it can have: it tells how many that is, and none is left. */
export function hasNoFilesLeft(directory: string): boolean {
  try {
    const { files, ffree } = statfsSync(directory);
    return files !== 0 && ffree === 0;
  } catch {
    return false;
  }
}

/** A page or two: less than any file of use. */
const LEAST_BYTES = 64 * 1024;

function freeBytes(directory: string): number {
  try {
    return freeBytesOf(statfsSync(directory));
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
