import { hasCode, PkgError } from "../errors.ts";

/**
 * The INTERRUPTED error of work whose signal was aborted; `cause` itself when it is one already.
 *
 * @param message what could not be done, where that says more than "the work was interrupted"
 */
export function interruption(cause: unknown, message = "Cannot go on: the work was interrupted"): PkgError {
  return hasCode(cause, "INTERRUPTED") ? cause : new PkgError("INTERRUPTED", message, { cause });
}
