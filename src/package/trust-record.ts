import type { Digest } from "../oci/digest.ts";
import type { KeySet } from "./key-set.ts";

/** What is remembered of a repository's index: who may sign it, and the newest that was seen. */
export interface TrustRecord {
  /** The repository's name in the config. */
  readonly name: string;
  readonly url: string;
  /** What the index calls itself. */
  readonly repository: string;
  readonly serial: number;
  /** Of the unpacked document with that serial: there is only one. */
  readonly digest: Digest;
  /** The latest that any index was issued at, ms since the epoch: the clock cannot be before it. */
  readonly issuedMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
  /** The set in force. */
  readonly keySet: KeySet;
  /** The keys that the config named when this was pinned; none: it was pinned on first use. */
  readonly givenKeys: readonly string[];
  /** When `keySet` was first seen, ms since the epoch. */
  readonly pinnedMs: number;
}
