import type { SignedKeySet } from "./key-set.ts";

/** What an index of the first version says about itself. Its shape has been checked, its signatures have not. */
export interface IndexHeader {
  /** What the index calls itself, e.g. `ghcr.io/me/index`. */
  readonly repository: string;
  /** Counts up from 1 with each index that is issued. */
  readonly serial: number;
  /** Milliseconds since the epoch. */
  readonly issuedMs: number;
  /** When it expires, ms since the epoch. */
  readonly expiresMs: number;
  /** Every key set so far, the one in force last. Neither their order nor their signatures have been checked. */
  readonly keySets: readonly SignedKeySet[];
}
