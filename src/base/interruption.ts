import { hasCode, PkgError } from "../errors.ts";

/**
 * The INTERRUPTED error of work whose signal was aborted; `cause` itself when it is one already.
 *
 * @param message what could not be done, in place of the plain "Cannot continue"
 */
export function interruption(cause: unknown, message = "Cannot continue: it was interrupted"): PkgError {
  return hasCode(cause, "INTERRUPTED") ? cause : new PkgError("INTERRUPTED", message, { cause });
}
