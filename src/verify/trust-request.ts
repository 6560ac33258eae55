import type { Digest } from "../oci/digest.ts";
import type { IndexHeader } from "../package/index-header.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { TrustRecord } from "../package/trust-record.ts";

/** A package index as it was fetched; none of it is trusted yet. */
export interface OfferedIndex {
  readonly header: IndexHeader;
  /** The digest of the unpacked document. */
  readonly digest: Digest;
  /** Hex, of the bytes as they were served, which are what is signed. */
  readonly blake2b512: string;
  /** The bytes of its signature file. */
  readonly signatures: Uint8Array;
  /** The file names that its signatures may give. */
  readonly fileNames: readonly string[];
}

/** The keys that the config names for a repository, or somebody with `--key`, and how many of them have to sign. */
export interface GivenKeys {
  /** True for keys that were typed just now, and are not in the config yet. */
  readonly areTyped?: boolean;
  readonly keys: readonly PublicKey[];
  readonly threshold: number;
}

/** An index to judge, and what is known about its repository. */
export interface TrustRequest {
  /** The task that fails when it is refused, e.g. `sync`: the message begins "Cannot sync". */
  readonly task: string;
  /** The repository's name in the config. */
  readonly name: string;
  readonly url: string;
  /** What is remembered about the repository; null: it was never seen. */
  readonly pinned: TrustRecord | null;
  readonly given: GivenKeys;
  /** The new keys that a person accepts; null: none. */
  readonly accepted: readonly PublicKey[] | null;
  readonly index: OfferedIndex;
  readonly allowStale: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Why the key set in force is trusted. */
export type Pinning = "kept" | "first use" | "given" | "rotated" | "accepted";

/** An index that was accepted as trustworthy. */
export interface TrustedIndex {
  /** What to remember from now on. */
  readonly record: TrustRecord;
  /** The ids of the keys of the set in force that have signed. */
  readonly signers: readonly string[];
  readonly pinning: Pinning;
  /** True only when an expired index was allowed. */
  readonly isExpired: boolean;
}
