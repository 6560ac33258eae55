import { dirname } from "node:path";
import { fileWords, NO_FILES_LEFT } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import { hasNoFilesLeft } from "./room.ts";

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
  const isOfFiles = system === "ENOSPC" && "path" in error && typeof error.path === "string";
  const { code, reason, hint } = isOfFiles && hasNoFilesLeft(dirname(String(error.path))) ? NO_FILES_LEFT : words;
  const options = hint === undefined ? { cause: error } : { cause: error, hint };
  return new PkgError(code, `Cannot ${what}: ${reason} (${system})`, options);
}
