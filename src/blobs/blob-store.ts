import { accessSync, constants, existsSync, lstatSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { HashAlgorithm, Hashes } from "../base/hashes.ts";
import { interruption } from "../base/interruption.ts";
import { type RetryPolicy, type Sleep, sleep } from "../base/retry.ts";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import { removeFile, setAside } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { PartialFile, RESUMABLE_BYTES } from "../fs/partial-file.ts";
import { openForReading } from "../fs/read-file.ts";
import { readPieces } from "../fs/read-pieces.ts";
import { type Digest, digestAlgorithm, digestHex, isDigest } from "../oci/digest.ts";
import { withDigestAlgorithm } from "../oci/receive-blob.ts";
import { awaitOther } from "./await-other.ts";
import { type BlobIntake, clearLeftDrafts, createBlobIntake } from "./blob-intake.ts";
import { createDirectorySync } from "./directory-sync.ts";
import {
  blobPartial,
  downloadPartial,
  type IngestDownloadRequest,
  type IngestRequest,
  ingest,
  ingestDownload,
  type StoredBlob,
  type StoredDownload,
} from "./ingest.ts";
import { createStoreDirectories } from "./store-directories.ts";
import { sweep } from "./sweep.ts";

export type { BlobIntake } from "./blob-intake.ts";
export type { BlobSource, IngestDownloadRequest, IngestRequest, StoredBlob, StoredDownload } from "./ingest.ts";

/** A durable file with the verified bytes of a blob. */
export interface DeliveredFile {
  readonly path: string;
  /** True if nothing else uses it: it may be moved away, and is removed otherwise. */
  readonly isOurs: boolean;
}

/** Content-addressed files: a file at a digest's path is complete, durable, and has that digest. */
export interface BlobStore {
  /** The directory that it is in. */
  readonly root: string;
  /** The path of a blob, `<root>/sha256/<hex>`, whether it exists or not. */
  pathOf(digest: Digest): string;
  has(digest: Digest): boolean;
  /**
   * Streams a blob into the store, hashing while it writes; retries, and resumes where an attempt broke off. If it
   * fails with at least 1 MiB received, the partial file stays for the next process.
   *
   * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, BODY_TOO_LARGE, BODY_TRUNCATED, INTERRUPTED, DISK_FULL,
   * PERMISSION_DENIED, FILE_SYSTEM, and whatever the source throws
   */
  ingest(request: IngestRequest): Promise<StoredBlob>;
  /** Hashes a stored blob; null if it is absent, or if it did not match its digest and was removed. */
  reopen(digest: Digest, hashes: readonly HashAlgorithm[], signal: AbortSignal): Promise<StoredBlob | null>;
  /** Hashes a stored blob, and leaves it as it is. @throws {PkgError} INTERRUPTED, PERMISSION_DENIED, FILE_SYSTEM */
  examine(digest: Digest, signal: AbortSignal): Promise<"ok" | "missing" | "damaged">;
  /** The stored blob if it is valid, else ingests it. @throws {PkgError} as ingest */
  obtain(request: IngestRequest): Promise<StoredBlob>;
  /**
   * Passes a blob to `place` as a file without storing it; if interrupted, the partial file stays. A stored blob is not
   * fetched.
   *
   * @throws {PkgError} as ingest, and whatever `place` throws
   */
  deliver(request: IngestRequest, place: (file: DeliveredFile) => Promise<void>): Promise<StoredBlob>;
  /**
   * Downloads a URL into a file, resumed if its ETag allows that, and passes it to `place`. Its digest is not known
   * beforehand, so the caller must verify it.
   *
   * @throws {PkgError} as ingest, and whatever `place` throws
   */
  download(request: IngestDownloadRequest, place: (file: DeliveredFile) => Promise<void>): Promise<StoredDownload>;
  /**
   * True if an earlier process left a partial file for an address.
   *
   * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
   */
  hasPartOf(address: string): Promise<boolean>;
  /** False if partial files cannot be written, as in a read-only home. */
  isWritable(): boolean;
  /** Starts an intake of blobs whose digests are not known beforehand; they are stored by SHA-256. */
  intake(signal: AbortSignal): BlobIntake;
  remove(digest: Digest): void;
  /** Does `work`, which removes blobs, unless another process uses the store; false if one does. */
  alone(work: () => void): boolean;
  /** Removes blobs not in `keep` and partial files, if untouched for 7 days; returns the bytes freed. */
  sweep(keep: ReadonlySet<Digest>, nowMs: number): number;
}

/** Where a blob store is, and how it retries. */
export interface BlobStoreOptions {
  readonly root: string;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  readonly sleep?: Sleep;
  /** Makes the entries of a directory durable; default: by fsync, which those share who ask at the same time. */
  readonly syncDirectory?: (directory: string) => Promise<void>;
}

/** Opens the store under `root`; directories are created only when they are needed. */
export function createBlobStore(options: BlobStoreOptions): BlobStore {
  const partialDirectory = join(options.root, "partial");
  const root = join(options.root, "x").slice(0, -1);
  const directoryOf = (digest: Digest) => root + digestAlgorithm(digest);
  // To take a path apart for each of thousands of files makes much garbage.
  const pathOf = (digest: Digest) => `${directoryOf(digest)}/${hexOf(digest)}`;
  const clearOnce = createOnce(clearLeftDrafts);
  const syncDirectory = options.syncDirectory ?? createDirectorySync();
  const directories = createStoreDirectories(syncDirectory);
  const context = {
    ...options,
    sleep: options.sleep ?? sleep,
    partialDirectory,
    async publish(path: string, digest: Digest) {
      const target = pathOf(digest);
      await rename(path, target).catch((error: unknown) => {
        throw fileSystemError(error, `rename "${path}"`);
      });
      await Promise.all([directories.durable(), syncDirectory(directoryOf(digest))]);
    },
  };
  const store: BlobStore = {
    root: options.root,
    pathOf,
    has: (digest) => existsSync(pathOf(digest)),
    async ingest(request) {
      directories.ensure(partialDirectory);
      directories.ensure(directoryOf(request.digest));
      return await ingest(context, request);
    },
    async obtain(request) {
      const { digest, hashes, size } = request;
      const reopen = () => store.reopen(digest, hashes, request.signal);
      const stored = await reopen();
      // Small blobs are received sooner than a directory is listed.
      if (stored !== null || (size !== null && size < RESUMABLE_BYTES)) return stored ?? store.ingest(request);
      const waited = await awaitOther({ ...request, sleep: context.sleep, partial: blobPartial(context, digest) });
      return (waited ? await reopen() : null) ?? store.ingest(request);
    },
    async deliver(request, place) {
      const stored = await store.reopen(request.digest, request.hashes, request.signal);
      if (stored !== null) {
        await place({ path: pathOf(request.digest), isOurs: false });
        return stored;
      }
      directories.ensure(partialDirectory);
      return await ingest({ ...context, publish: (path) => place({ path, isOurs: true }) }, request);
    },
    async download(request, place) {
      directories.ensure(partialDirectory);
      return await ingestDownload(context, request, (path) => place({ path, isOurs: true }));
    },
    hasPartOf: (address) => PartialFile.isLeft(downloadPartial(context, address)),
    isWritable() {
      try {
        directories.ensure(partialDirectory);
        accessSync(partialDirectory, constants.W_OK | constants.X_OK);
        return true;
      } catch (error) {
        if (systemCode(error) !== undefined || error instanceof PkgError) return false;
        throw error;
      }
    },
    async reopen(digest, hashes, signal) {
      const found = await hashFile(pathOf(digest), withDigestAlgorithm(digest, hashes), signal);
      if (found === null) return null;
      if (found.hashes[digestAlgorithm(digest)] === digestHex(digest)) return { digest, ...found };
      discard(pathOf(digest));
      return null;
    },
    async examine(digest, signal) {
      const found = await hashFile(pathOf(digest), [digestAlgorithm(digest)], signal);
      if (found === null) return "missing";
      return found.hashes[digestAlgorithm(digest)] === digestHex(digest) ? "ok" : "damaged";
    },
    intake(signal) {
      const directory = join(options.root, "sha256");
      directories.ensure(partialDirectory);
      directories.ensure(directory);
      clearOnce(partialDirectory);
      return createBlobIntake({
        partialDirectory,
        pathOf,
        mayHold: (digest) => store.has(digest),
        holds: async (digest) => store.has(digest) && (await store.reopen(digest, [], signal)) !== null,
        syncDirectory: async () => {
          await Promise.all([directories.durable(), syncDirectory(directory)]);
        },
      });
    },
    remove: (digest) => removeFile(pathOf(digest)),
    alone: (work) => {
      work();
      return true;
    },
    sweep: (keep, nowMs) => sweep(options.root, keep, nowMs),
  };
  return store;
}

/** A record that was damaged may hold anything instead of a digest, such as the path of a file somewhere else. */
function hexOf(digest: Digest): string {
  if (isDigest(digest)) return digestHex(digest);
  throw new PkgError("DATABASE_INVALID", `Cannot use what is recorded: "${String(digest)}" is not a digest`, {
    hint: "Run `pkg doctor --fix`, which saves what of the database can be used",
  });
}

function createOnce(work: (path: string) => void): (path: string) => void {
  const done = new Set<string>();
  return (path) => {
    if (done.has(path)) return;
    work(path);
    done.add(path);
  };
}

/** A directory has what somebody put into it. */
function discard(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) setAside(path);
  else removeFile(path);
}

const SMALL_BYTES = 128 * 1024;

/** What is no file has no hash: a directory, a FIFO, a link that leads to itself. */
const NO_FILE = { size: 0, hashes: {} as Hashes };

async function hashFile(path: string, algorithms: readonly HashAlgorithm[], signal: AbortSignal) {
  try {
    return await hashOpened(path, algorithms, signal);
  } catch (error) {
    if (hasCode(error, "INTERRUPTED") || isFile(path)) throw error;
    return NO_FILE;
  }
}

/** True also for what cannot be looked at. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
  } catch (error) {
    return systemCode(error) !== "ELOOP" || !isLink(path);
  }
}

/** False where a directory above it is a link that leads to itself. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

async function hashOpened(path: string, algorithms: readonly HashAlgorithm[], signal: AbortSignal) {
  if (signal.aborted) throw interruption(signal.reason, `Cannot read "${path}": it was interrupted`);
  try {
    const { readSmallFileSync } = await import("../fs/read-start.ts");
    // The threads that read large files take longer to start than this takes.
    const content = readSmallFileSync(path, SMALL_BYTES);
    if (content === null) return await hashLarge(path, algorithms, signal);
    const { createMultiHash } = await import("../base/hashes.ts");
    const hash = createMultiHash(algorithms);
    hash.update(content);
    return { size: content.length, hashes: hash.digest() };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path}"`);
  }
}

async function hashLarge(path: string, algorithms: readonly HashAlgorithm[], signal: AbortSignal) {
  const handle = await openForReading(path);
  try {
    const { hashContent } = await import("../base/stream-hash.ts");
    const { size } = await handle.stat();
    const hashes = await hashContent({ bytes: size, read: () => readPieces(handle, path, signal) }, algorithms);
    return { size, hashes };
  } finally {
    await handle.close();
  }
}
