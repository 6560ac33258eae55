import { closeSync, fchmodSync, fsync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createMultiHash } from "../base/hashes.ts";
import { randomName } from "../base/random-name.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFileSync } from "../fs/new-file.ts";
import { type Digest, sha256Digest } from "../oci/digest.ts";
import type { StoredBlob } from "./ingest.ts";

/** Adds many blobs whose digests are known only once they are written. Blobs that the store has are not replaced. */
export interface BlobIntake {
  /** Stores all of `body` as a file of that mode. It is durable only once `finish` is done. */
  add(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob>;
  /** Waits until each file, and then their directory, is durable. @throws {PkgError} DISK_FULL, FILE_SYSTEM */
  finish(): Promise<void>;
  /** Waits for pending writes. @returns the blobs that were added to the store */
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

const sync = promisify(fsync);

/** Starts an intake. Its drafts are written to the store's partial directory. */
export function createBlobIntake(context: BlobIntakeContext): BlobIntake {
  return new Intake(context);
}

class Intake implements BlobIntake {
  readonly #context: BlobIntakeContext;
  /** Keyed by digest, so that equal files are stored once. */
  readonly #taken = new Map<Digest, StoredBlob>();
  readonly #added: StoredBlob[] = [];
  readonly #syncing = new Set<Promise<void>>();
  readonly #draft = `intake.${randomName()}`;
  #drafts = 0;
  #failure: unknown = null;

  constructor(context: BlobIntakeContext) {
    this.#context = context;
  }

  async add(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob> {
    while (this.#syncing.size >= MAX_SYNCING) await Promise.race(this.#syncing);
    if (this.#failure !== null) throw this.#failure;
    this.#drafts += 1;
    const file = new DraftFile(join(this.#context.partialDirectory, `${this.#draft}-${this.#drafts}`));
    try {
      const blob = await file.write(body);
      if (this.#taken.has(blob.digest) || (await this.#context.holds(blob.digest))) file.discard();
      else this.#keep(file, blob, mode);
      this.#taken.set(blob.digest, blob);
      return blob;
    } catch (error) {
      file.discard();
      throw error;
    }
  }

  #keep(file: DraftFile, blob: StoredBlob, mode: number): void {
    this.#added.push(blob);
    const done = file
      .publish(this.#context.pathOf(blob.digest), mode)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#syncing.delete(done));
    this.#syncing.add(done);
  }

  async finish(): Promise<void> {
    await Promise.all(this.#syncing);
    if (this.#failure !== null) throw this.#failure;
    if (this.#added.length > 0) await this.#context.syncDirectory();
  }

  async abandon(): Promise<readonly StoredBlob[]> {
    await Promise.all(this.#syncing);
    return this.#added;
  }
}

/** A file with a unique name; it must be published or discarded. */
class DraftFile {
  readonly #path: string;
  #descriptor: number | null;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = attempt(path, () => createFileSync(path));
  }

  /** Writes synchronously: for small files, which go to the page cache, that takes a fraction of the time. */
  async write(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StoredBlob> {
    const hash = createMultiHash(["sha256"]);
    let size = 0;
    for await (const chunk of body) {
      hash.update(chunk);
      size += chunk.byteLength;
      this.#append(chunk);
    }
    const hashes = hash.digest();
    return { digest: sha256Digest(hashes.sha256 ?? ""), size, hashes };
  }

  #append(chunk: Uint8Array): void {
    attempt(this.#path, () => {
      for (let written = 0; written < chunk.byteLength; ) written += writeSync(this.#open(), chunk, written);
    });
  }

  async publish(target: string, mode: number): Promise<void> {
    try {
      attempt(this.#path, () => fchmodSync(this.#open(), mode));
      await sync(this.#open()).catch((error: unknown) => {
        throw fileSystemError(error, `write "${this.#path}"`);
      });
      this.#close();
      attempt(this.#path, () => renameSync(this.#path, target));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  discard(): void {
    this.#close();
    rmSync(this.#path, { force: true });
  }

  #open(): number {
    if (this.#descriptor === null) throw new Error(`${this.#path} is closed`);
    return this.#descriptor;
  }

  #close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}
