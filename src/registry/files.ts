import { readdir, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../errors.ts";
import { syncDirectory } from "../fs/atomic.ts";

/** The size of a file in bytes; null when there is no such file. */
export async function sizeOf(path: string): Promise<number | null> {
  return (await orNull(stat(path)))?.size ?? null;
}

/** When a file was last written, in milliseconds since 1970; null when there is no such file. */
export async function modifiedAt(path: string): Promise<number | null> {
  return (await orNull(stat(path)))?.mtimeMs ?? null;
}

/** Sets the time of a file to now. False when there is no such file. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return (await orNull(utimes(path, now, now).then(() => true))) ?? false;
}

/** Removes a file durably. False when there was no such file. */
export async function removeIfThere(path: string): Promise<boolean> {
  const removed = (await orNull(rm(path).then(() => true))) ?? false;
  if (removed) syncDirectory(dirname(path));
  return removed;
}

/** The names in a directory; none when the directory does not exist. */
export async function listEntries(path: string): Promise<readonly string[]> {
  return (await orNull(readdir(path))) ?? [];
}

/** The result of `work`; null if it fails because a file does not exist. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
