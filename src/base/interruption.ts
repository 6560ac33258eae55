import { hasCode, PkgError } from "../errors.ts";

/**
 * Makes the INTERRUPTED error for work whose signal was aborted; returns `cause` itself if it is one already.
 *
 * @param message what could not be done, in place of the plain "Cannot continue"
 */
export function interruption(cause: unknown, message = "Cannot continue: it was interrupted"): PkgError {
  return hasCode(cause, "INTERRUPTED") ? cause : new PkgError("INTERRUPTED", message, { cause });
}
