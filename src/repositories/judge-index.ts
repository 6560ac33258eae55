import type { ConfiguredRepository } from "../config/repository.ts";
import { PkgError } from "../errors.ts";
import type { ReadIndexResult } from "../index/read-index.ts";
import type { Digest } from "../oci/digest.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import { givenSigners, refuseKeyless } from "../verify/index-keys.ts";
import { trustIndex } from "../verify/index-trust.ts";
import { requireSigners } from "../verify/signature-list.ts";
import type { TrustedIndex } from "../verify/trust-request.ts";
import type { FetchedIndex } from "./fetched-index.ts";

export interface JudgeRequest {
  readonly repository: ConfiguredRepository;
  readonly fetched: FetchedIndex;
  readonly read: ReadIndexResult;
  /** The digest of the unpacked document. */
  readonly digest: Digest;
  /** Null: no index of this repository has been seen before. */
  readonly pinned: TrustRecord | null;
  /** The new keys that a person accepts; null: none are. */
  readonly accepted: readonly PublicKey[] | null;
  readonly allowStale: boolean;
  readonly now: number;
  /** What cannot be done if it is refused, for the message. */
  readonly task: string;
}

/** Why an index may be trusted. */
export interface JudgedIndex {
  /** Ids of the keys that signed it; empty if it need not be signed. */
  readonly signers: readonly string[];
  /** Null for the older forms, which say nothing about themselves. */
  readonly trusted: TrustedIndex | null;
}

/** Decides whether an index may be used. @throws {PkgError} those of trustIndex */
export async function judgeIndex(request: JudgeRequest): Promise<JudgedIndex> {
  const { read, pinned, task } = request;
  if (read.header !== null) {
    const trusted = await judgeSigned({ ...request, header: read.header });
    return { signers: trusted.signers, trusted };
  }
  if (pinned !== null) throw refuseKeyless(pinned, task);
  if (request.accepted !== null) throw noKeys(task);
  return { signers: await judgeOlder(request), trusted: null };
}

function noKeys(task: string): PkgError {
  return new PkgError("INDEX_INVALID", `Cannot ${task}: its index names no keys that could be accepted`, {
    hint: "It is in an older form: its keys are those in the config",
  });
}

async function judgeSigned(
  request: JudgeRequest & { readonly header: NonNullable<ReadIndexResult["header"]> },
): Promise<TrustedIndex> {
  const { repository, fetched, header, digest, ...rest } = request;
  const { name, url, policy, threshold } = repository;
  const { blake2b512 } = fetched.download;
  const signatures = await fetched.signatures();
  return trustIndex({
    ...rest,
    name,
    url,
    given: { keys: policy.keys, threshold },
    index: { header, digest, blake2b512, signatures, fileNames: fetched.fileNames },
  });
}

/**
 * An index of the third generation has the only hashes of its packages, so its signature is required if a key is known.
 * Older ones were never signed, and their packages are signed themselves.
 */
async function judgeOlder({ repository, fetched, read, task }: JudgeRequest): Promise<readonly string[]> {
  const { policy, signedIndex, threshold } = repository;
  if (!signedIndex && (read.format !== "g3" || policy.keys.length === 0)) return [];
  const { blake2b512 } = fetched.download;
  const document = { blake2b512, signatures: await fetched.signatures(), fileNames: null };
  return requireSigners(document, givenSigners({ keys: policy.keys, threshold }, task));
}
