import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { createMultiHash, type MultiHash } from "../base/hashes.ts";
import { hasCode, PkgError } from "../errors.ts";
import { syncDirectory } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { BlobUpload } from "../oci/content.ts";
import { digestAlgorithm, digestHex } from "../oci/digest.ts";
import { openPartial, type PartialBlob, RESUMABLE_BYTES } from "./layout-partial.ts";
import { readFileFrom } from "./read-file.ts";

const FILE_MODE = 0o644;

/**
 * Writes a blob to `path`, which appears whole, durable and with the right bytes, or not at all. What an earlier writer
 * left of it is hashed and gone on from.
 *
 * @returns the bytes that were taken from `blob`
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, INTERRUPTED, DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and whatever
 * the blob throws
 */
export async function writeLayoutBlob(path: string, blob: BlobUpload, signal: AbortSignal): Promise<number> {
  const partial = await openPartial(dirname(path), digestHex(blob.digest), blob.size >= RESUMABLE_BYTES);
  const writing = new Writing(partial, blob, signal);
  try {
    await writing.run();
    await partial.handle.chmod(FILE_MODE);
    await partial.handle.sync();
    await rename(partial.path, path);
    await partial.handle.close();
  } catch (error) {
    await writing.giveUp(error);
    throw fileSystemError(error, `write "${path}"`);
  }
  syncDirectory(dirname(path));
  return writing.received;
}

class Writing {
  /** Bytes taken from the blob. */
  received = 0;
  readonly #partial: PartialBlob;
  readonly #blob: BlobUpload;
  readonly #signal: AbortSignal;
  #hash: MultiHash;
  #position = 0;

  constructor(partial: PartialBlob, blob: BlobUpload, signal: AbortSignal) {
    this.#partial = partial;
    this.#blob = blob;
    this.#signal = signal;
    this.#hash = this.#newHash();
  }

  async run(): Promise<void> {
    if (this.#partial.size === 0) return this.#receive();
    try {
      await this.#rehash();
      await this.#receive();
    } catch (error) {
      // The fault may be that of the bytes that were left here.
      if (!hasCode(error, "DIGEST_MISMATCH", "SIZE_MISMATCH")) throw error;
      await this.#restart();
      await this.#receive();
    }
  }

  /** Keeps the bytes where they are many and may be right. */
  async giveUp(error: unknown): Promise<void> {
    const isWrong = hasCode(error, "DIGEST_MISMATCH", "SIZE_MISMATCH");
    if (!isWrong && this.#position >= RESUMABLE_BYTES) await this.#partial.release();
    else await this.#partial.discard();
  }

  async #rehash(): Promise<void> {
    for await (const piece of readFileFrom(this.#partial.handle, 0, this.#signal)) this.#take(piece);
    this.#blob.onProgress?.(this.#position);
  }

  async #receive(): Promise<void> {
    const { size, open, onProgress, digest } = this.#blob;
    if (this.#position < size || size === 0) {
      for await (const chunk of await open(this.#position, this.#signal)) {
        if (this.#signal.aborted) {
          throw new PkgError("INTERRUPTED", `Cannot write blob "${digest}": it was interrupted`);
        }
        const position = this.#position;
        this.received += chunk.byteLength;
        this.#take(chunk);
        await writeAt(this.#partial, chunk, position);
        onProgress?.(this.#position);
      }
    }
    this.#verify();
  }

  #take(chunk: Uint8Array): void {
    const { digest, size } = this.#blob;
    this.#position += chunk.byteLength;
    if (this.#position > size) throw wrongSize(digest, size, "more");
    this.#hash.update(chunk);
  }

  #verify(): void {
    const { digest, size } = this.#blob;
    if (this.#position !== size) throw wrongSize(digest, size, String(this.#position));
    const algorithm = digestAlgorithm(digest);
    const found = this.#hash.digest()[algorithm];
    if (found === digestHex(digest)) return;
    throw new PkgError(
      "DIGEST_MISMATCH",
      `Cannot write blob: expected digest "${digest}", found "${algorithm}:${found}"`,
    );
  }

  async #restart(): Promise<void> {
    await this.#partial.handle.truncate(0);
    this.#position = 0;
    this.#hash = this.#newHash();
  }

  #newHash(): MultiHash {
    return createMultiHash([digestAlgorithm(this.#blob.digest)]);
  }
}

async function writeAt({ handle }: PartialBlob, chunk: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < chunk.byteLength; ) {
    const { bytesWritten } = await handle.write(chunk, written, chunk.byteLength - written, position + written);
    written += bytesWritten;
  }
}

function wrongSize(digest: string, expected: number, found: string): PkgError {
  return new PkgError("SIZE_MISMATCH", `Cannot write blob "${digest}": expected ${expected} bytes, found ${found}`);
}
