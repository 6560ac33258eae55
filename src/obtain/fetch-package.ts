import { keptText } from "../base/kept-text.ts";
import { MAX_BLOB_BYTES, MAX_CHECKSUM_BYTES } from "../base/limits.ts";
import { MAX_MINISIGN_FILE_BYTES } from "../base/minisign-format.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { keepsPartial, systemCode, withKept } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openStream } from "../fs/open-stream.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { BlobAddress } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { CHECKSUM_TITLE, signatureTitleFor } from "../package/file-names.ts";
import { isActive, isMade, NO_EXPECTATION, neededHashes } from "../package/policy.ts";
import type { Link } from "../package/provides.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { FetchContext } from "../sources/fetch-context.ts";
import { FetchProgress } from "../sources/fetch-progress.ts";
import type { PackageContents, PackageSource, WantedFile } from "../sources/package-source.ts";
import { readWrittenFacts } from "../sources/read-facts.ts";
import type { FetchedPackage, FetchedProgram, FetchedProvenance } from "../verify/fetched-package.ts";
import { fetchProvenance } from "./provenance-fetch.ts";

/** The result of fetching: the bytes, and the names that they are to be linked as. */
export interface Fetched {
  readonly package: FetchedPackage;
  /** The links of a directory are known only after it has been unpacked. */
  readonly links: readonly Link[];
  /** Bytes that came over the network. */
  readonly receivedBytes: number;
}

/** Everything that one fetch shares. */
interface Job {
  readonly context: FetchContext;
  readonly source: PackageSource;
  readonly resolution: Resolution;
  readonly signal: AbortSignal;
  readonly progress: FetchProgress;
  /** Every transfer that was started, so that all of them can be awaited. */
  readonly transfers: Promise<StoredBlob>[];
  /** Those of blobs that may be asked for again. */
  readonly byDigest: Map<Digest, Promise<StoredBlob>>;
}

/**
 * Fetches exactly what the policy needs. If the main file's digest is known, its bytes are requested at once, in parallel
 * with the manifest and then CHECKSUM and signatures. Blobs that the store holds are not fetched again.
 *
 * @throws {PkgError} those of the place and of the store
 */
export async function fetchPackage(
  context: FetchContext,
  source: PackageSource,
  resolution: Resolution,
): Promise<Fetched> {
  const controller = new AbortController();
  const signal = AbortSignal.any([context.signal, controller.signal]);
  const progress = new FetchProgress(context.emit, resolution);
  const job: Job = { context, source, resolution, signal, progress, transfers: [], byDigest: new Map() };
  try {
    return await fetchAll(job);
  } catch (error) {
    // One failed part makes the others useless: stop them, and wait until they have closed their files.
    controller.abort();
    const settled = await Promise.allSettled(job.transfers);
    const stored = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    // After a network failure or an interruption, the next run continues with what has arrived.
    if (!keepsPartial(error)) context.discard(stored);
    const kept = keptText(progress.held.bytes, progress.totalBytes);
    throw withKept(error, kept === null ? null : `${kept} of ${resolution.name}`);
  }
}

async function fetchAll(job: Job): Promise<Fetched> {
  const { source, resolution, signal, progress } = job;
  const main = source.main === null ? null : fetchBlob(job, source.main);
  const read = (blob: BlobAddress) => readBlob(job, blob);
  const request = { needsManifest: needsManifest(resolution), read, signal };
  const contents = await firstFailure(main, source.contents(request));
  for (const message of contents.notes ?? []) job.context.emit({ kind: "warning", message });
  progress.expect(contents.programs.map(({ blob }) => blob));
  const [facts, provenance, checksum, checksumSignature, ...programs] = await Promise.all([
    fetchFacts(job, contents),
    fetchBuilder(job, contents),
    fetchBeside(job, contents, CHECKSUM_TITLE, MAX_CHECKSUM_BYTES),
    wantsSignatures(resolution) ? fetchSignature(job, contents, CHECKSUM_TITLE) : null,
    ...contents.programs.map((file, index) => fetchProgram(job, contents, { file, main: index === 0 ? main : null })),
  ]);
  const { name } = resolution;
  return {
    package: {
      ...{ name, manifest: contents.manifest, programs, checksum, checksumSignature, provenance, facts },
      wantedFacts: resolution.facts,
    },
    links: contents.links,
    receivedBytes: progress.received,
  };
}

/** A failed blob ends the wait for the contents. Until its promise is awaited, the rejection must not count as unhandled. */
function firstFailure<T>(main: Promise<StoredBlob> | null, contents: Promise<T>): Promise<T> {
  if (main === null) return contents;
  const failed = new Promise<never>((_, reject) => main.catch(reject));
  contents.catch(() => {});
  return Promise.race([contents, failed]);
}

/** If the policy needs no CHECKSUM, signature or provenance, the digest in the index is enough, unless there is a desktop entry. */
function needsManifest({ policy, origin }: Resolution): boolean {
  const checks = (["checksum", "signature", "provenance"] as const).some((check) => isActive(policy, check));
  return checks || (origin.kind === "artifact" && origin.files.some((title) => title.endsWith(".desktop")));
}

function wantsSignatures({ policy }: Resolution): boolean {
  return policy.keys.length > 0 && isActive(policy, "signature");
}

/** What the publisher signed about the package, if nothing else vouches for it; a reference's was read to resolve it. */
async function fetchFacts({ context, source, resolution, signal, progress }: Job, contents: PackageContents) {
  const { facts, policy, name } = resolution;
  if (facts === null || facts.written !== null) return facts?.written ?? null;
  if (!wantsSignatures(resolution) || !isMade(policy, "facts") || source.place === null) return null;
  const request = { layers: contents.documents, name, main: contents.programs[0]?.title ?? null };
  const written = await readWrittenFacts(source.place, request, { keys: policy.keys, retry: context.retry, signal });
  progress.add((written?.bytes.length ?? 0) + (written?.signature.length ?? 0));
  return written;
}

/** Looks for the provenance while the bytes arrive, if the policy requires it. */
async function fetchBuilder(job: Job, { manifest, programs }: PackageContents): Promise<FetchedProvenance | null> {
  const { context, source, resolution, signal } = job;
  const { name, version, origin, policy } = resolution;
  if (!isActive(policy, "provenance") || manifest === null || source.place === null) return null;
  return fetchProvenance({
    ...{ place: source.place, origin, name, version, manifest, signal, retry: context.retry, now: context.now() },
    programs: programs.map(({ blob }) => blob.digest),
    policy: policy.provenance,
  });
}

interface ProgramRequest {
  readonly file: WantedFile;
  /** Its bytes, if they were requested before the manifest was known. */
  readonly main: Promise<StoredBlob> | null;
}

async function fetchProgram(
  job: Job,
  contents: PackageContents,
  { file, main }: ProgramRequest,
): Promise<FetchedProgram> {
  const { title, isArchive, layer, isCompanion } = file;
  const { resolution } = job;
  const signature = wantsSignatures(resolution) ? fetchSignature(job, contents, title) : null;
  const [blob, signed] = await Promise.all([main ?? fetchBlob(job, file.blob), signature]);
  // The index describes only the main file.
  const expected = contents.programs[0] === file ? resolution.expected : NO_EXPECTATION;
  return {
    title,
    blob,
    signature: signed,
    expected,
    ...(isArchive ? { archive: true as const } : {}),
    ...(isCompanion === true ? { isCompanion } : {}),
    ...(layer === undefined ? {} : { layer }),
  };
}

/** The signature that one of the policy's keys may have made; null if there is none. */
function fetchSignature(job: Job, contents: PackageContents, title: string): Promise<Buffer | null> {
  const keyIds = job.resolution.policy.keys.map(({ keyId }) => keyId);
  const signature = signatureTitleFor(title, keyIds, contents.documents);
  return fetchBeside(job, contents, signature, MAX_MINISIGN_FILE_BYTES);
}

/** A document that accompanies the programs; null if there is none. */
async function fetchBeside(
  { source, context, signal, progress }: Job,
  { documents }: PackageContents,
  title: string,
  maxBytes: number,
): Promise<Buffer | null> {
  const blob = documents.get(title);
  if (blob === undefined || source.place === null) return null;
  const bytes = await fetchBytes(source.place, blob, { maxBytes, retry: context.retry, signal });
  progress.add(bytes.length);
  return bytes;
}

/** How many times a blob is fetched that other processes keep discarding. */
const MOST_READS = 5;

/** A blob in the store, opened; another process that installs the same may have discarded it in the meantime. */
async function readBlob(job: Job, blob: BlobAddress, attempts = MOST_READS): Promise<AsyncIterable<Uint8Array>> {
  job.progress.expectAlso(blob);
  const path = job.context.blobs.pathOf((await fetchBlob(job, blob)).digest);
  try {
    return await openStream(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || attempts === 1) throw fileSystemError(error, `read "${path}"`);
    job.byDigest.delete(blob.digest);
    return readBlob(job, blob, attempts - 1);
  }
}

/** From the store when it holds the blob, else from the source; once, however often it is asked for. */
function fetchBlob(job: Job, blob: BlobAddress): Promise<StoredBlob> {
  const transfer = job.byDigest.get(blob.digest) ?? startTransfer(job, blob);
  job.byDigest.set(blob.digest, transfer);
  return transfer;
}

function startTransfer(job: Job, blob: BlobAddress): Promise<StoredBlob> {
  const { context, source, resolution, signal, progress } = job;
  const { what, explain = (error: unknown) => error } = source;
  const obtained = context.blobs.obtain({
    ...blob,
    ...(what === undefined ? {} : { what }),
    maxBytes: MAX_BLOB_BYTES,
    hashes: neededHashes(resolution.policy, resolution.expected),
    signal,
    source: ({ signal: ownSignal, ...position }) => {
      context.emit({ kind: "task-step", id: resolution.name, step: "fetch" });
      return source.openBlob(blob, position, ownSignal);
    },
    onProgress: progress.of(blob.digest),
  });
  const transfer = obtained.catch((error: unknown) => {
    throw explain(error);
  });
  // Awaited with the other files; until then, a rejection must not count as unhandled.
  transfer.catch(() => {});
  job.transfers.push(transfer);
  return transfer;
}
