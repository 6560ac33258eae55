import { readdir, rm, stat, utimes } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../errors.ts";
import { syncDirectory } from "../fs/atomic.ts";

/** Bytes of a file; null when there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  return (await orNull(stat(path)))?.size ?? null;
}

/** Milliseconds since 1970; null when there is no such file. */
export async function modifiedAt(path: string): Promise<number | null> {
  return (await orNull(stat(path)))?.mtimeMs ?? null;
}

/** Makes a file as young as now. False when there is none. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return (await orNull(utimes(path, now, now).then(() => true))) ?? false;
}

/** False when there was none. */
export async function removeFile(path: string): Promise<boolean> {
  const removed = (await orNull(rm(path).then(() => true))) ?? false;
  if (removed) syncDirectory(dirname(path));
  return removed;
}

/** Names in a directory; of one that does not exist: none. */
export async function listEntries(path: string): Promise<readonly string[]> {
  return (await orNull(readdir(path))) ?? [];
}

/** Null instead of "there is no such file". */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error;
  }
}
