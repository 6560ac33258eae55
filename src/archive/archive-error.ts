import { interruption } from "../base/interruption.ts";
import { PkgError } from "../errors.ts";

/** Makes the error for an archive that cannot be used; `problem` ends its message, e.g. "it is cut off". */
export type MakeArchiveError = (problem: string, cause?: unknown) => PkgError;

/** Makes the ARCHIVE_INVALID error for an archive that is refused as a whole: nothing in it is unpacked. */
export function invalidArchive(problem: string, cause?: unknown): PkgError {
  return new PkgError("ARCHIVE_INVALID", `Cannot unpack the archive: ${problem}`, {
    hint: "Nothing was unpacked; tell whoever published it",
    cause,
  });
}

/** Throws if the signal has been aborted. @throws {PkgError} INTERRUPTED */
export function refuseWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw interruption(signal.reason);
}
