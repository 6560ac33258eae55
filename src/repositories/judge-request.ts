import type { ConfiguredRepository } from "../config/repository.ts";
import type { ReadIndexResult } from "../index/read-index.ts";
import type { Digest } from "../oci/digest.ts";
import type { KeySet } from "../package/key-set.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { RepositoryOwner } from "../package/repository-owner.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import type { FetchedIndex } from "./fetched-index.ts";

/** An index that was fetched, and what is known about its repository. */
export interface JudgeRequest {
  readonly repository: ConfiguredRepository;
  readonly fetched: FetchedIndex;
  readonly read: ReadIndexResult;
  /** The digest of the unpacked document. */
  readonly digest: Digest;
  /** Null: no index of this repository has been seen before. */
  readonly pinned: TrustRecord | null;
  /** The repository of this name, address or identity, if it is known to be signed; null: it is not. */
  readonly signedBefore: RepositoryOwner | null;
  /** True if the index that is in place was signed, whatever else is known. */
  readonly wasSigned: boolean;
  /** The keys that the index in place names, whatever else is known; null: there is none, or it names none. */
  readonly keysInPlace: KeySet | null;
  /** The new keys that a person accepts; null: none are. */
  readonly accepted: readonly PublicKey[] | null;
  readonly allowStale: boolean;
  readonly now: number;
  /** What cannot be done if it is refused, for the message. */
  readonly task: string;
}
