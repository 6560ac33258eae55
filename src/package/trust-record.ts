import type { Digest } from "../oci/digest.ts";
import type { KeySet } from "./key-set.ts";

/** What is remembered about a repository's index: who may sign it, and the newest one that was seen. */
export interface TrustRecord {
  /** The repository's name in the config. */
  readonly name: string;
  readonly url: string;
  /** What the index calls itself. */
  readonly repository: string;
  readonly serial: number;
  /** The digest of the unpacked document with that serial: there may be only one. */
  readonly digest: Digest;
  /** The latest time at which any index was issued, ms since the epoch: the clock cannot be earlier. */
  readonly issuedMs: number;
  /** Milliseconds since the epoch. */
  readonly expiresMs: number;
  /** The set in force. */
  readonly keySet: KeySet;
  /** The keys that the config named when this was pinned; empty: it was pinned on first use. */
  readonly givenKeys: readonly string[];
  /** When `keySet` was first seen, ms since the epoch. */
  readonly pinnedMs: number;
}
