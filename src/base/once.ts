/** A value that is made at the first call and kept. */
export interface Once<T> {
  readonly get: () => Promise<T>;
  /** The value if it has been asked for; undefined if it has not, or could not be made. */
  readonly made: () => Promise<T | undefined>;
}

/** Calls `make` when the value is first asked for, and never again, even if it failed. */
export function once<T>(make: () => Promise<T>): Once<T> {
  let value: Promise<T> | undefined;
  return {
    get: () => {
      value ??= make();
      return value;
    },
    // Whoever asked for it was told why it could not be made.
    made: async () => value?.catch(() => undefined),
  };
}
