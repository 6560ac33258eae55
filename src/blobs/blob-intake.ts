import { closeSync, constants, fchmodSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { mapConcurrently } from "../base/concurrency.ts";
import { createMultiHash } from "../base/hashes.ts";
import { randomName } from "../base/random-name.ts";
import { removeFile } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFileSync } from "../fs/new-file.ts";
import { openForReading } from "../fs/read-file.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import type { StoredBlob } from "./ingest.ts";

/**
 * Adds many blobs whose digests are known only once they are written. Nothing is in the store before `finish`, so whoever fills
 * it may still find that the bytes are the wrong ones. Blobs that the store has are not replaced.
 */
export interface BlobIntake {
  /** Writes all of `body` as a file of that mode. */
  add(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob>;
  /** Puts everything into the store, durably. @throws {PkgError} DISK_FULL, FILE_SYSTEM */
  finish(): Promise<void>;
  /** Removes what is not in the store. @returns the blobs that were added to it before `finish` failed */
  abandon(): Promise<readonly StoredBlob[]>;
}

/** What an intake needs from the store. */
export interface BlobIntakeContext {
  /** The directory for unfinished files, on the store's file system. */
  readonly partialDirectory: string;
  readonly pathOf: (digest: Digest) => string;
  /** Whether the store has the blob, verified. */
  readonly holds: (digest: Digest) => Promise<boolean>;
  readonly syncDirectory: () => Promise<void>;
}

/** How many files are synced at a time: several take little longer than one. */
const MAX_SYNCING = 16;

/** Starts an intake. Its drafts are written to the store's partial directory. */
export function createBlobIntake(context: BlobIntakeContext): BlobIntake {
  return new Intake(context);
}

/** A file that is written, and not in the store yet. */
interface Draft {
  readonly path: string;
  readonly blob: StoredBlob;
}

class Intake implements BlobIntake {
  readonly #context: BlobIntakeContext;
  /** Keyed by digest, so that equal files are stored once. */
  readonly #taken = new Map<Digest, StoredBlob>();
  readonly #drafts = new Map<string, Draft>();
  readonly #added: StoredBlob[] = [];
  readonly #name = `intake.${randomName()}`;
  #count = 0;
  #failure: unknown = null;

  constructor(context: BlobIntakeContext) {
    this.#context = context;
  }

  async add(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob> {
    this.#count += 1;
    const path = join(this.#context.partialDirectory, `${this.#name}-${this.#count}`);
    const blob = await writeDraft(path, body, mode);
    if (this.#taken.has(blob.digest) || (await this.#context.holds(blob.digest))) removeFile(path);
    else this.#drafts.set(path, { path, blob });
    this.#taken.set(blob.digest, blob);
    return blob;
  }

  /** The files are synced only now, when the kernel has begun to write them by itself, and together. */
  async finish(): Promise<void> {
    await mapConcurrently([...this.#drafts.values()], MAX_SYNCING, (draft) => this.#publishUnlessFailed(draft));
    if (this.#failure !== null) throw this.#failure;
    if (this.#added.length > 0) await this.#context.syncDirectory();
  }

  /** Once one has failed, the others end soon, and nothing goes on behind the caller's back. */
  async #publishUnlessFailed(draft: Draft): Promise<void> {
    if (this.#failure !== null) return;
    await this.#publish(draft).catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  async #publish({ path, blob }: Draft): Promise<void> {
    await syncFile(path);
    attempt(path, () => renameSync(path, this.#context.pathOf(blob.digest)));
    this.#drafts.delete(path);
    this.#added.push(blob);
  }

  async abandon(): Promise<readonly StoredBlob[]> {
    for (const path of this.#drafts.keys()) removeFile(path);
    this.#drafts.clear();
    return this.#added;
  }
}

/** Writes synchronously: for small files, which go to the page cache, that takes a fraction of the time. */
async function writeDraft(
  path: string,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mode: number,
): Promise<StoredBlob> {
  const descriptor = attempt(path, () => createFileSync(path));
  try {
    const hash = createMultiHash(["sha256"]);
    let size = 0;
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.byteLength;
      attempt(path, () => append(descriptor, chunk));
    }
    attempt(path, () => fchmodSync(descriptor, mode));
    const hashes = hash.digest();
    return { digest: sha256Digest(hashes.sha256 ?? ""), size, hashes };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function append(descriptor: number, chunk: Uint8Array): void {
  for (let written = 0; written < chunk.byteLength; ) written += writeSync(descriptor, chunk, written);
}

async function syncFile(path: string): Promise<void> {
  try {
    const file = await openForReading(path, constants.O_NOFOLLOW);
    await file.sync().finally(() => file.close());
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}
