import { lstatSync, readlinkSync } from "node:fs";
import { fileSystemError } from "../fs/errors.ts";

/** A text that tells whether a file or link is still what it was, also under another name; null: nothing of the kind is there. */
export function savedStamp(path: string): string | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    if (stats === undefined) return null;
    if (stats.isSymbolicLink()) return `link ${readlinkSync(path)}`;
    return stats.isFile() ? `file ${stats.size} ${stats.mtimeNs}` : null;
  } catch (error) {
    throw fileSystemError(error, `look at "${path}"`);
  }
}
