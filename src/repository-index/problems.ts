import { type ErrorCode, hasCode, PkgError } from "../errors.ts";

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
];

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
        if (!hasCode(error, ...MISFIT_CODES)) throw error;
        errors.push(misfit(reference, error));
        return null;
      }
    },
  };
}

/** Adds the package to a message that is about a request to the registry. */
function misfit(reference: string, error: PkgError): PkgError {
  if (error.message.startsWith("Cannot index ")) return error;
  return new PkgError(error.code, `Cannot index "${reference}": ${error.message.replace(/^Cannot /, "cannot ")}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
