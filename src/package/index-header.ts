import type { SignedKeySet } from "./key-set.ts";

/** What an index of the first version says of itself. Its shape is right; whether it is to be trusted is not told here. */
export interface IndexHeader {
  /** What the index calls itself, e.g. `ghcr.io/me/index`. */
  readonly repository: string;
  /** Counts up from 1 with each index that is issued. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly issuedMs: number;
  /** From when on it is not to be used, ms since the epoch. */
  readonly expiresMs: number;
  /** Every key set so far, the one in force last; neither order nor signatures have been checked. */
  readonly keySets: readonly SignedKeySet[];
}
