import { type ErrorCode, hasCode, PkgError } from "../errors.ts";

/** Errors of a single package, not of the network or this machine: the other packages can be indexed all the same. */
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

/** Collects what is wrong with single packages, so that the others can be indexed. */
export interface IndexProblems {
  readonly errors: readonly PkgError[];
  /** What `work` gives; null when it throws what is wrong with one package, which is kept. Other errors are thrown again. */
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
