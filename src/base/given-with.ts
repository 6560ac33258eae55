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

/** As givenWith(), for work that takes a while, and in words of its own. @throws {PkgError} what `work` throws */
export async function telling<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PkgError) || error.code === "INTERRUPTED") throw error;
    const hint = error.hint === undefined ? what : `${what}. ${error.hint}`;
    throw new PkgError(error.code, error.message, { hint, cause: error, isAbsence: error.isAbsence });
  }
}
