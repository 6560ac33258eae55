import { type ErrorCode, hasCode, type PkgError, reworded } from "../errors.ts";

/** Errors of a single package, not of the network or this machine: the other packages can still be indexed. */
const MISFIT_CODES: readonly ErrorCode[] = [
  "MANIFEST_INVALID",
  "REFERENCE_INVALID",
  "DIGEST_INVALID",
  "DIGEST_MISMATCH",
  "SIZE_MISMATCH",
  "TITLE_INVALID",
  "LAYER_MISSING",
  "BODY_TOO_LARGE",
  "HTTP_NOT_FOUND",
  "SIGNATURE_MISSING",
  "SIGNATURE_INVALID",
  "SIGNATURE_UNTRUSTED",
  "CHECKSUM_MISSING",
  "CHECKSUM_INVALID",
  "CHECKSUM_MISMATCH",
];

/** True for an error that is about a single package. */
export function isMisfit(error: unknown): error is PkgError {
  return hasCode(error, ...MISFIT_CODES);
}

/** Collects the errors of single packages, so that the others can still be indexed. */
export interface IndexProblems {
  readonly errors: readonly PkgError[];
  /** The result of `work`; null when it throws an error of a single package, which is collected. Others are rethrown. */
  guard<T>(reference: string, work: () => Promise<T>): Promise<T | null>;
}

/** An empty collection. */
export function createIndexProblems(): IndexProblems {
  const errors: PkgError[] = [];
  return {
    errors,
    guard: async (reference, work) => {
      try {
        return await work();
      } catch (error) {
        if (!isMisfit(error)) throw error;
        errors.push(misfit(reference, error));
        return null;
      }
    },
  };
}

/** Adds the package to a message that is about a request to the registry. */
function misfit(reference: string, error: PkgError): PkgError {
  if (error.message.startsWith("Cannot index ")) return error;
  return reworded(error, `Cannot index "${reference}": ${error.message.replace(/^Cannot /, "cannot ")}`);
}
