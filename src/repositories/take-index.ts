import type { ConfiguredRepository } from "../config/repository.ts";
import { isSameAddress } from "../config/same-address.ts";
import { hasCode } from "../errors.ts";
import type { ReadIndexResult } from "../index/read-index.ts";
import { readingFor } from "../index/reading.ts";
import type { IndexTrust } from "../index-database/package-index.ts";
import type { IndexWriter } from "../index-database/package-index-writer.ts";
import type { TrustedIndex } from "../verify/trust-request.ts";
import { acceptFormulae } from "./accept-formulae.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { type JudgedIndex, judgeIndex } from "./judge-index.ts";
import { isSigned, readIndexMeta, rulesOf } from "./known-version.ts";
import { checkUsable, readContent } from "./read-content.ts";
import type { AcceptedContent, Accepting, IndexTaker, TakeIndexRequest } from "./take-request.ts";

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
  const { indexes, host } = taker;
  const { repository, takesOver = false } = request;
  const writer = await indexes.write(repository.name, takesOver ? readingFor(host) : null);
  try {
    return await takeInto(writer, taker, { ...request, fetched });
  } catch (error) {
    if (writer.known === null || !hasCode(error, "DATABASE_INVALID")) throw error;
    // What would have been taken over is damaged.
    return await takeInto(await indexes.write(repository.name), taker, { ...request, fetched });
  } finally {
    fetched.download.remove();
  }
}

async function takeInto(writer: IndexWriter, taker: IndexTaker, request: TakeIndexRequest): Promise<TakenIndex> {
  const { indexes } = taker;
  const { repository, fetched } = request;
  try {
    const accept = repository.kind === "homebrew" ? acceptFormulae : acceptDocument;
    const accepted = await accept(taker, { ...request, writer });
    putInPlace(taker, accepted, { repository, fetched, writer });
    const packages = readIndexMeta(indexes, repository.name)?.packages ?? 0;
    const { entries, skipped } = accepted.read;
    return { ...accepted.judged, entries, packages, skipped, bytes: fetched.download.bytes };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

/** A document that lists packages. */
async function acceptDocument(taker: IndexTaker, request: Accepting): Promise<AcceptedContent> {
  const { indexes, trust, host, emit, now } = taker;
  const { repository, fetched, writer, task } = request;
  const { name } = repository;
  const pinned = trust.get(name);
  const content = { path: fetched.download.path, name, host, writer, emit, task };
  const { read, digest } = await readContent(content);
  const isItsAddress = (url: string) => isSameAddress(url, repository.url);
  const signedBefore = trust.owners.signed({ name, isItsAddress, identity: read.header?.repository ?? null });
  const inPlace = readIndexMeta(indexes, name);
  const keysInPlace = inPlace?.trust?.keySet ?? null;
  const known = { pinned, signedBefore, wasSigned: isSigned(inPlace), keysInPlace };
  const judged = await judgeIndex({ ...request, fetched, read, digest, ...known, now });
  checkUsable(content, read);
  const remember = () => (judged.trusted === null ? undefined : trust.advance(judged.trusted.record, pinned));
  const indexTrust = judged.trusted === null ? null : indexTrustOf(judged.trusted, read);
  return { read, judged, remember, isFirst: pinned === null, trust: indexTrust, sinceMs: now };
}

interface Placement {
  readonly repository: ConfiguredRepository;
  readonly fetched: FetchedIndex;
  readonly writer: IndexWriter;
}

function putInPlace(
  { trust, now, configured, host }: IndexTaker,
  { read, judged, remember, isFirst, trust: indexTrust, sinceMs }: AcceptedContent,
  { repository, fetched: { download, file }, writer }: Placement,
): void {
  remember();
  const { name, url, isBuiltInAddress } = repository;
  trust.owners.accept({ name, url, isBuiltInAddress, ...judged.owner, isFirst, configured, now });
  writer.commit({
    url,
    ...(file === undefined ? {} : { file }),
    etag: download.etag,
    lastModified: download.lastModified,
    syncedAtMs: sinceMs,
    entries: read.entries,
    skipped: read.skipped,
    format: read.format,
    keyId: judged.signers[0] ?? null,
    checkedBy: rulesOf(repository),
    trust: indexTrust,
    ...(read.form === undefined ? {} : { readAs: readingFor(host)(read.form) }),
  });
}

function indexTrustOf({ record, signers }: TrustedIndex, { header }: ReadIndexResult): IndexTrust {
  const { repository, serial, digest, expiresMs, keySet } = record;
  return { repository, serial, digest, issuedMs: header?.issuedMs ?? record.issuedMs, expiresMs, keySet, signers };
}
