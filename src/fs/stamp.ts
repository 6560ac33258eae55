import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "./errors.ts";

/** A text that tells versions of a file apart: it changes when the file is replaced or written to. */
export function stampOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}-${ino}-${size}-${mtimeNs}`;
}

/** The stamp of the file at a path; null when there is none. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export async function stampAt(path: string): Promise<string | null> {
  try {
    return stampOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}
