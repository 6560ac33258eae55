import { PkgError } from "../errors.ts";

/** An archive that is not used, as a whole: nothing of it is placed. */
export function invalidArchive(problem: string, cause?: unknown): PkgError {
  return new PkgError("ARCHIVE_INVALID", `Cannot unpack the archive: ${problem}`, {
    hint: "Nothing was unpacked; tell whoever published it",
    cause,
  });
}

/** @throws {PkgError} INTERRUPTED */
export function refuseWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted(signal);
}

export function interrupted(signal: AbortSignal): PkgError {
  return new PkgError("INTERRUPTED", "Cannot go on: the work was interrupted", { cause: signal.reason });
}
