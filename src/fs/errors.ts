import { getSystemErrorMap } from "node:util";
import { type ErrorCode, PkgError, systemCode } from "../errors.ts";

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "DISK_FULL",
  EDQUOT: "DISK_FULL",
  EACCES: "PERMISSION_DENIED",
  EPERM: "PERMISSION_DENIED",
  EROFS: "PERMISSION_DENIED",
};

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  DISK_FULL: "Free some space, then run the command again",
  PERMISSION_DENIED: "Check who owns the path and whether you may write there",
};

/**
 * Turns a system error into "Cannot `what`: reason (CODE)"; any other error is returned unchanged.
 * ENOSPC and EDQUOT become DISK_FULL; EACCES, EPERM and EROFS become PERMISSION_DENIED; the rest FILE_SYSTEM.
 *
 * @param what verb and quoted object: `rename "/a/b"`
 */
export function fileSystemError(error: unknown, what: string): Error {
  if (!(error instanceof Error)) return new Error(`cannot ${what}`, { cause: error });
  const system = systemCode(error);
  if (error instanceof PkgError || system === undefined || !isSystemError(error, system)) return error;
  const code = CODES[system] ?? "FILE_SYSTEM";
  const hint = HINTS[code];
  const options = hint === undefined ? { cause: error } : { cause: error, hint };
  return new PkgError(code, `Cannot ${what}: ${reason(error)} (${system === "" ? "UNKNOWN" : system})`, options);
}

/** Node's own codes, e.g. for a wrong argument, start with `ERR_` and mean a bug; `rmSync` leaves rare codes empty. */
function isSystemError(error: Error, code: string): boolean {
  return code === "" ? "syscall" in error : /^E[A-Z0-9]+$/.test(code);
}

function reason(error: Error): string {
  const number = "errno" in error && typeof error.errno === "number" ? error.errno : 0;
  return getSystemErrorMap().get(number)?.[1] ?? "the system refused it";
}
