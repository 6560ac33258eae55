import { PkgError } from "../errors.ts";

/** An error as data, for outcomes and JSON. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/**
 * Turns what one item threw into data, so that the others can go on.
 * An interruption ends the whole operation and anything but a PkgError is a bug: both are rethrown.
 */
export function asFailure(error: unknown): PkgError {
  if (error instanceof PkgError && error.code !== "INTERRUPTED") return error;
  throw error;
}

/** An error as `--json` prints it. */
export function describeFailure(error: PkgError): Failure {
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}

/** Something that was named and failed, beside those that did not. */
export interface FailedName {
  /** As it was typed. */
  readonly name: string;
  readonly error: Failure;
}

/**
 * Does `work` for each name, one after the other; a name that fails is an item like the others. A name that is typed
 * twice counts once.
 */
export async function eachNamed<T>(
  names: readonly string[],
  work: (name: string) => Promise<T>,
): Promise<{ readonly items: readonly (T | FailedName)[]; readonly errors: readonly PkgError[] }> {
  const items: (T | FailedName)[] = [];
  const errors: PkgError[] = [];
  for (const name of new Set(names)) {
    try {
      items.push(await work(name));
    } catch (error) {
      const failure = asFailure(error);
      errors.push(failure);
      items.push({ name, error: describeFailure(failure) });
    }
  }
  return { items, errors };
}

/** What an operation returns when some of its items may fail while the others go on. */
export interface WithErrors<T> {
  readonly outcome: T;
  /** Why items failed, in their order; empty when all is well. */
  readonly errors: readonly PkgError[];
}
