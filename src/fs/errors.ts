import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { fileWords } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";

/**
 * Turns a system error into "Cannot `what`: reason (CODE)", in the words of base/foreign-words.ts; any other error is returned
 * unchanged. ENOSPC and EDQUOT become DISK_FULL; EACCES, EPERM and EROFS become PERMISSION_DENIED; the rest FILE_SYSTEM.
 *
 * @param what verb and quoted object: `rename "/a/b"`
 */
export function fileSystemError(error: unknown, what: string): Error {
  if (!(error instanceof Error)) return new Error(`cannot ${what}`, { cause: error });
  const system = systemCode(error);
  const words = error instanceof PkgError || system === undefined ? null : fileWords(system);
  if (words === null) return error;
  const files = system === "ENOSPC" ? noFilesLeft(error) : null;
  const { code, reason, hint } = { ...words, ...files };
  const options = hint === undefined ? { cause: error } : { cause: error, hint };
  return new PkgError(code, `Cannot ${what}: ${reason} (${system})`, options);
}

/** A file system has no room for another file when its inodes are used up, however many bytes are free. */
function noFilesLeft(error: Error): { readonly reason: string; readonly hint: string } | null {
  if (!("path" in error) || typeof error.path !== "string") return null;
  try {
    const { files, ffree } = statfsSync(dirname(error.path));
    if (files === 0 || ffree > 0) return null;
  } catch (failure) {
    if (systemCode(failure) === undefined) throw failure;
    return null;
  }
  return {
    reason: "the file system has no room for another file, though it may have for bytes",
    hint: "Remove files that are not needed: `df -i` shows how many there are; then run the command again",
  };
}
