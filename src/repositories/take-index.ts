import type { EmitEvent } from "../base/events.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import { isSameAddress } from "../config/same-address.ts";
import { hasCode } from "../errors.ts";
import type { ReadIndexResult } from "../index/read-index.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { TrustRecord } from "../package/trust-record.ts";
import type { IndexTrust, IndexWriter } from "../state/package-index.ts";
import type { PackageIndexes } from "../state/package-indexes.ts";
import type { TrustStore } from "../state/trust.ts";
import type { TrustedIndex } from "../verify/trust-request.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { type JudgedIndex, judgeIndex } from "./judge-index.ts";
import { isSigned, readIndexMeta, rulesOf } from "./known-version.ts";
import { checkUsable, readContent } from "./read-content.ts";

/** Where an accepted index is stored, and what is remembered about it. */
export interface IndexTaker {
  readonly indexes: PackageIndexes;
  readonly trust: TrustStore;
  /** The names of the repositories that the config has. */
  readonly configured: readonly string[];
  /** The platform of this machine, e.g. `x86_64-linux`. */
  readonly host: string;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface TakeIndexRequest {
  readonly repository: ConfiguredRepository;
  /** Removed in the end, whether or not it is accepted. */
  readonly fetched: FetchedIndex;
  /** Fetches it again, with its signatures. */
  readonly refetch: () => Promise<FetchedIndex>;
  /** The new keys that a person accepts; null: none are. */
  readonly accepted: readonly PublicKey[] | null;
  readonly allowStale: boolean;
  /** What cannot be done if it is refused, for the message. */
  readonly task: string;
}

/** An index that has been verified and put in place. */
export interface TakenIndex extends JudgedIndex {
  readonly entries: number;
  /** How many different packages it has. */
  readonly packages: number;
  readonly skipped: number;
  /** The size as it was served. */
  readonly bytes: number;
}

/** Errors that may mean that index and signatures are from different moments. */
const TORN = ["SIGNATURE_INVALID", "SIGNATURE_UNTRUSTED", "SIGNATURE_MISSING"] as const;

/** True if the transfer may be to blame rather than the index, so that fetching it again may help. */
function isTorn({ isOneMoment, download }: FetchedIndex, error: unknown): boolean {
  return (!isOneMoment && hasCode(error, ...TORN)) || (download.isResumed && hasCode(error, "INDEX_INVALID"));
}

/**
 * Reads a fetched index, judges it, remembers it, and puts it in place of the previous one, in this order, so that
 * after a crash in between the same index is accepted again. A host that is updated between two requests serves an
 * index and the signatures of another one, so both are fetched once more before they are refused.
 * So is a resumed index that cannot be read, because its host may give two versions the same ETag.
 *
 * @throws {PkgError} the reason why it is refused; the old index and what is pinned are untouched
 */
export async function takeIndex(taker: IndexTaker, request: TakeIndexRequest): Promise<TakenIndex> {
  const { fetched, refetch } = request;
  try {
    return await takeOnce(taker, request, fetched);
  } catch (error) {
    if (!isTorn(fetched, error)) throw error;
    return await takeOnce(taker, request, await refetch());
  }
}

async function takeOnce(taker: IndexTaker, request: TakeIndexRequest, fetched: FetchedIndex): Promise<TakenIndex> {
  const { indexes, trust, host, emit, now } = taker;
  const { repository, task } = request;
  const { name } = repository;
  const pinned = trust.get(name);
  const writer = indexes.write(name);
  try {
    const { path, bytes } = fetched.download;
    const content = { path, name, host, writer, emit, task };
    const { read, digest } = await readContent(content);
    const isItsAddress = (url: string) => isSameAddress(url, repository.url);
    const signedBefore = trust.owners.signed({ name, isItsAddress, identity: read.header?.repository ?? null });
    const inPlace = readIndexMeta(indexes, name);
    const keysInPlace = inPlace?.trust?.keySet ?? null;
    const known = { pinned, signedBefore, wasSigned: isSigned(inPlace), keysInPlace };
    const judged = await judgeIndex({ ...request, fetched, read, digest, ...known, now });
    checkUsable(content, read);
    putInPlace(taker, { repository, fetched, read, judged, pinned, writer });
    const packages = readIndexMeta(indexes, name)?.packages ?? 0;
    return { ...judged, entries: read.entries, packages, skipped: read.skipped, bytes };
  } catch (error) {
    writer.abort();
    throw error;
  } finally {
    fetched.download.remove();
  }
}

interface Placement {
  readonly repository: ConfiguredRepository;
  readonly fetched: FetchedIndex;
  readonly read: ReadIndexResult;
  readonly judged: JudgedIndex;
  readonly pinned: TrustRecord | null;
  readonly writer: IndexWriter;
}

function putInPlace(
  { trust, now, configured }: IndexTaker,
  { repository, fetched: { download }, read, judged, pinned, writer }: Placement,
): void {
  if (judged.trusted !== null) trust.advance(judged.trusted.record, pinned);
  const { name, url, isBuiltInAddress } = repository;
  const isFirst = pinned === null;
  trust.owners.accept({ name, url, isBuiltInAddress, ...judged.owner, isFirst, configured, now });
  writer.commit({
    url,
    etag: download.etag,
    lastModified: download.lastModified,
    syncedAtMs: now,
    entries: read.entries,
    skipped: read.skipped,
    format: read.format,
    keyId: judged.signers[0] ?? null,
    checkedBy: rulesOf(repository),
    trust: judged.trusted === null ? null : indexTrust(judged.trusted, read),
  });
}

function indexTrust({ record, signers }: TrustedIndex, { header }: ReadIndexResult): IndexTrust {
  const { repository, serial, digest, expiresMs, keySet } = record;
  return { repository, serial, digest, issuedMs: header?.issuedMs ?? record.issuedMs, expiresMs, keySet, signers };
}
