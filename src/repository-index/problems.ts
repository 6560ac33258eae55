import { type ErrorCode, hasCode, PkgError } from "../errors.ts";

/** What is wrong with one package, as against the network or this machine: others can be indexed all the same. */
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

/** Gathers what does not fit, while the rest goes on. */
export interface IndexProblems {
  readonly errors: readonly PkgError[];
  /** What `work` gives; null where it finds a misfit, which is kept. Every other error is thrown on. */
  guard<T>(reference: string, work: () => Promise<T>): Promise<T | null>;
}

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

/** Names the package where the message is about what was asked of the registry. */
function misfit(reference: string, error: PkgError): PkgError {
  if (error.message.startsWith("Cannot index ")) return error;
  return new PkgError(error.code, `Cannot index "${reference}": ${error.message.replace(/^Cannot /, "cannot ")}`, {
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
