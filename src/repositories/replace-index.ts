import { createReadStream } from "node:fs";
import { createMultiHash, type MultiHash } from "../base/hashes.ts";
import type { Repository } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { openContainer } from "../index/container.ts";
import { INDEX_LIMITS, type ReadIndexResult, readIndex } from "../index/read-index.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import type { PublicKey } from "../package/public-key.ts";
import type { IndexTrust, IndexWriter } from "../state/package-index.ts";
import type { TrustedIndex } from "../verify/trust-request.ts";
import type { FetchedIndex } from "./fetched-index.ts";
import { type JudgedIndex, judgeIndex } from "./judge-index.ts";
import { rulesOf } from "./known-version.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";

export interface ReplaceIndexRequest {
  readonly repository: Repository;
  readonly fetched: FetchedIndex;
  /** The keys that a person says are the new ones; null: nobody says so. */
  readonly accepted: readonly PublicKey[] | null;
  readonly allowStale: boolean;
  /** What cannot be done when it is refused, for the message. */
  readonly task: string;
}

/** An index that was verified and is in place. */
export interface ReplacedIndex extends JudgedIndex {
  readonly entries: number;
  readonly skipped: number;
}

/** Where an index is read from disk. */
const READ_BYTES = 256 * 1024;

/**
 * Reads and judges an index, remembers it, and puts it in place of the one before, in this order: after a crash in
 * between, the same index is judged good again.
 *
 * @throws {PkgError} whatever speaks against it; the old index and what is pinned are untouched
 */
export async function replaceIndex(cap: SyncCapabilities, request: ReplaceIndexRequest): Promise<ReplacedIndex> {
  const { repository, fetched } = request;
  const { name, url } = repository;
  const now = cap.now();
  const trust = await cap.trust();
  const pinned = trust.get(name);
  const writer = cap.indexes.write(name);
  try {
    const { read, digest } = await readDocument(cap, request, writer);
    const judged = await judgeIndex({ ...request, read, digest, pinned, now });
    checkUsable(cap, request, read);
    if (judged.trusted !== null) trust.advance(judged.trusted.record, pinned);
    writer.commit({
      url,
      etag: fetched.download.etag,
      lastModified: fetched.download.lastModified,
      syncedAtMs: now,
      entries: read.entries,
      skipped: read.skipped,
      format: read.format,
      keyId: judged.signers[0] ?? null,
      checkedBy: rulesOf(repository),
      trust: judged.trusted === null ? null : indexTrust(judged.trusted, read),
    });
    return { ...judged, entries: read.entries, skipped: read.skipped };
  } catch (error) {
    writer.abort();
    throw error;
  }
}

async function readDocument(
  cap: SyncCapabilities,
  { repository, fetched }: ReplaceIndexRequest,
  writer: IndexWriter,
): Promise<{ readonly read: ReadIndexResult; readonly digest: Digest }> {
  const hash = createMultiHash(["sha256"]);
  const file = createReadStream(fetched.download.path, { highWaterMark: READ_BYTES });
  const read = await readIndex(hashed(openContainer(file, INDEX_LIMITS), hash), {
    host: cap.config.host,
    limits: INDEX_LIMITS,
    onEntry: (entry) => writer.add(entry),
    onElsewhere: (entry) => writer.addElsewhere(entry),
    onSkipped: (reason) => cap.emit({ kind: "detail", message: `${repository.name}: skipped ${reason}` }),
  });
  return { read, digest: sha256Digest(hash.digest().sha256 ?? "") };
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: MultiHash): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

function checkUsable(
  cap: SyncCapabilities,
  { repository: { name }, task }: ReplaceIndexRequest,
  { entries, skipped }: ReadIndexResult,
): void {
  if (skipped === 0) return;
  const those = skipped === 1 ? "1 entry" : `${skipped} entries`;
  cap.emit({ kind: "warning", message: `${name}: ${those} skipped; --verbose tells why` });
  if (entries > 0) return;
  throw new PkgError("INDEX_INVALID", `Cannot ${task}: none of its ${skipped} entries can be used`, {
    hint: `Run \`pkg sync ${name} --verbose\` to see why`,
  });
}

function indexTrust({ record, signers }: TrustedIndex, { header }: ReadIndexResult): IndexTrust {
  const { repository, serial, digest, expiresMs, keySet } = record;
  return { repository, serial, digest, issuedMs: header?.issuedMs ?? record.issuedMs, expiresMs, keySet, signers };
}
