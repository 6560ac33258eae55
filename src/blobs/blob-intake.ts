import { closeSync, fchmodSync, fsync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { mapConcurrently } from "../base/concurrency.ts";
import { createMultiHash, hashHex } from "../base/hashes.ts";
import { hasEnded, uniqueOwner } from "../base/process-alive.ts";
import { removeFile } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFileSync } from "../fs/new-file.ts";
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
  /** False for a blob that the store does not have. */
  readonly mayHold: (digest: Digest) => boolean;
  /** Whether the store has the blob, verified. */
  readonly holds: (digest: Digest) => Promise<boolean>;
  readonly syncDirectory: () => Promise<void>;
}

/** How many files are synced at a time: several take little longer than one. */
const MAX_SYNCING = 16;
/** How many files are synced together, while as many are written; they stay open: to open them again would take as long as to write them. */
const BATCH = 32;

const sync = promisify(fsync);

/** Starts an intake. Its drafts are written to the store's partial directory. */
export function createBlobIntake(context: BlobIntakeContext): BlobIntake {
  return new Intake(context);
}

/** Removes what intakes of processes that were killed have left. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function clearLeftDrafts(partialDirectory: string): void {
  for (const name of readdirSync(partialDirectory)) {
    const [, machine, pid] = DRAFT.exec(name) ?? [];
    if (machine !== undefined && pid !== undefined && hasEnded(machine, pid)) removeFile(join(partialDirectory, name));
  }
}

const DRAFT = /^intake\.([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]+-[0-9]+$/;

class Intake implements BlobIntake {
  readonly #context: BlobIntakeContext;
  /** Keyed by digest, so that equal files are stored once. */
  readonly #taken = new Map<Digest, StoredBlob>();
  readonly #drafts = new Map<Draft, StoredBlob>();
  #unsynced: Draft[] = [];
  /** What is synced while more is written. */
  #syncing: Promise<void> = Promise.resolve();
  readonly #added: StoredBlob[] = [];
  /** How the paths of drafts begin. */
  readonly #drafted: string;
  #count = 0;

  constructor(context: BlobIntakeContext) {
    this.#context = context;
    this.#drafted = join(context.partialDirectory, `intake.${uniqueOwner()}`);
  }

  add(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob> {
    const [bytes, ...others] = Array.isArray(body) ? body : [];
    const isWhole = bytes instanceof Uint8Array && others.length === 0;
    return isWhole ? this.#addWhole(bytes, mode) : this.#addStream(body, mode);
  }

  /** What is all there has a digest before it is written, and may be in the store already. */
  async #addWhole(bytes: Uint8Array, mode: number): Promise<StoredBlob> {
    const sha256 = hashHex("sha256", bytes);
    const blob = { digest: sha256Digest(sha256), size: bytes.byteLength, hashes: { sha256 } };
    if (this.#mayHave(blob.digest) && (await this.#has(blob))) return blob;
    const draft = this.#draft();
    draft.writeWhole(bytes, mode);
    this.#keep(draft, blob);
    if (this.#unsynced.length >= BATCH) await this.#beginSync();
    return blob;
  }

  async #addStream(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob> {
    const draft = this.#draft();
    const blob = await draft.write(body, mode);
    if (await this.#has(blob)) draft.discard();
    else this.#keep(draft, blob);
    if (this.#unsynced.length >= BATCH) await this.#beginSync();
    return blob;
  }

  #draft(): Draft {
    this.#count += 1;
    return new Draft(`${this.#drafted}-${this.#count}`);
  }

  /** Puts everything into the store at once, when all of it is durable. */
  async finish(): Promise<void> {
    await this.#beginSync();
    await this.#syncing;
    for (const [draft, blob] of this.#drafts) {
      draft.rename(this.#context.pathOf(blob.digest));
      this.#drafts.delete(draft);
      this.#added.push(blob);
    }
    if (this.#added.length > 0) await this.#context.syncDirectory();
  }

  async abandon(): Promise<readonly StoredBlob[]> {
    await this.#syncing.catch(() => {});
    for (const draft of this.#drafts.keys()) draft.discard();
    this.#drafts.clear();
    return this.#added;
  }

  #mayHave(digest: Digest): boolean {
    return this.#taken.has(digest) || this.#context.mayHold(digest);
  }

  async #has(blob: StoredBlob): Promise<boolean> {
    if (this.#taken.has(blob.digest)) return true;
    const held = await this.#context.holds(blob.digest);
    if (held) this.#taken.set(blob.digest, blob);
    return held;
  }

  #keep(draft: Draft, blob: StoredBlob): void {
    this.#taken.set(blob.digest, blob);
    this.#drafts.set(draft, blob);
    this.#unsynced.push(draft);
  }

  /** Syncs what is written, once what was begun before has ended. @throws {PkgError} DISK_FULL, FILE_SYSTEM of what was begun before */
  async #beginSync(): Promise<void> {
    const drafts = this.#unsynced;
    this.#unsynced = [];
    await this.#syncing;
    this.#syncing = this.#sync(drafts);
    // Whoever waits for it hears of it.
    this.#syncing.catch(() => {});
  }

  /** Waits for all, also when one of them fails: no file may be closed that is being synced. */
  async #sync(drafts: readonly Draft[]): Promise<void> {
    let failure: unknown = null;
    await mapConcurrently(drafts, MAX_SYNCING, (draft) =>
      draft.sync().catch((error: unknown) => {
        failure ??= error;
      }),
    );
    if (failure !== null) throw failure;
  }
}

/** A file that is written, and not in the store yet. It is open until it is synced. */
class Draft {
  readonly #path: string;
  #descriptor: number | null;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = attempt(path, () => createFileSync(path));
  }

  /** Writes synchronously: for small files, which go to the page cache, that takes a fraction of the time. */
  async write(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode: number): Promise<StoredBlob> {
    try {
      const written = await this.#writeHashed(body);
      this.#setMode(mode);
      return written;
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  writeWhole(bytes: Uint8Array, mode: number): void {
    try {
      this.#append(bytes);
      this.#setMode(mode);
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  async #writeHashed(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StoredBlob> {
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

  #setMode(mode: number): void {
    attempt(this.#path, () => fchmodSync(this.#open(), mode));
  }

  #append(chunk: Uint8Array): void {
    attempt(this.#path, () => {
      for (let written = 0; written < chunk.byteLength; ) written += writeSync(this.#open(), chunk, written);
    });
  }

  /** Makes it durable, and closes it. */
  async sync(): Promise<void> {
    try {
      await sync(this.#open());
    } catch (error) {
      throw fileSystemError(error, `write "${this.#path}"`);
    } finally {
      this.#close();
    }
  }

  rename(target: string): void {
    attempt(this.#path, () => renameSync(this.#path, target));
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
