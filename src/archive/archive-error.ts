import { interruption } from "../base/interruption.ts";
import { PkgError } from "../errors.ts";

/** Makes the error of an archive that cannot be used, e.g. of the problem "it is cut off". */
export type MakeArchiveError = (problem: string, cause?: unknown) => PkgError;

/** The ARCHIVE_INVALID error of an archive that is refused as a whole: nothing of it is placed. */
export function invalidArchive(problem: string, cause?: unknown): PkgError {
  return new PkgError("ARCHIVE_INVALID", `Cannot unpack the archive: ${problem}`, {
    hint: "Nothing was unpacked; tell whoever published it",
    cause,
  });
}

/** Ends the work when its signal was aborted. @throws {PkgError} INTERRUPTED */
export function refuseWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw interruption(signal.reason);
}
