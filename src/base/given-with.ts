import { PkgError } from "../errors.ts";

/** Adds to the error for a value that cannot be used what gave it, such as `--key`. @throws {PkgError} what `work` throws */
export function givenWith<T>(origin: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    const place = `It was given with ${origin}`;
    const hint = error.hint === undefined ? place : `${place}. ${error.hint}`;
    throw new PkgError(error.code, error.message, { hint, cause: error });
  }
}
