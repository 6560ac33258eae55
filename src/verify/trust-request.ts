import type { Digest } from "../oci/digest.ts";
import type { IndexHeader } from "../package/index-header.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { TrustRecord } from "../package/trust-record.ts";

/** An index as it came, nothing of it trusted yet. */
export interface OfferedIndex {
  readonly header: IndexHeader;
  /** Of the unpacked document. */
  readonly digest: Digest;
  /** Hex, of the bytes as they were served: what is signed. */
  readonly blake2b512: string;
  /** The bytes of its `.sig`. */
  readonly signatures: Uint8Array;
  /** What its signatures may call it. */
  readonly fileNames: readonly string[];
}

/** Keys that the config names for a repository, and how many of them have to sign. */
export interface GivenKeys {
  readonly keys: readonly PublicKey[];
  readonly threshold: number;
}

export interface TrustRequest {
  /** What cannot be done when it is refused, for the message. */
  readonly task: string;
  /** The repository's name in the config. */
  readonly name: string;
  readonly url: string;
  /** Null: it was never seen. */
  readonly pinned: TrustRecord | null;
  readonly given: GivenKeys;
  /** The keys that a person says are the new ones; null: nobody says so. */
  readonly accepted: readonly PublicKey[] | null;
  readonly index: OfferedIndex;
  readonly allowStale: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** How the set in force came to be trusted. */
export type Pinning = "kept" | "first use" | "given" | "rotated" | "accepted";

export interface TrustedIndex {
  /** What is to be remembered from now on. */
  readonly record: TrustRecord;
  /** Ids of the keys of the set in force that have signed. */
  readonly signers: readonly string[];
  readonly pinning: Pinning;
  /** Only where that was allowed. */
  readonly isExpired: boolean;
}
