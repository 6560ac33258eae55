import type { StreamHash } from "../base/hashes.ts";
import type { PartialFile } from "./partial-file.ts";

const PIECE_BYTES = 256 * 1024;

/**
 * Gathers the small chunks of a body into large pieces, and hashes each piece while it is written to the file.
 * Two buffers are all it ever holds: `write` waits while both are full.
 */
export class PieceWriter {
  readonly #file: PartialFile;
  readonly #hash: StreamHash;
  readonly #pieceBytes: number;
  #filling: Buffer;
  #spare: Buffer | null = null;
  #filled = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: PartialFile, hash: StreamHash, expectedBytes: number | null) {
    this.#file = file;
    this.#hash = hash;
    // A size from a descriptor may shrink the buffer, never grow it.
    this.#pieceBytes = Math.min(PIECE_BYTES, Math.max(1, expectedBytes ?? PIECE_BYTES));
    this.#filling = Buffer.allocUnsafeSlow(this.#pieceBytes);
  }

  /** Bytes of the blob taken so far, those still in memory included. */
  get position(): number {
    return this.#file.offset + this.#filled;
  }

  async write(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.byteLength; ) {
      if (this.#filled === this.#pieceBytes) await this.#submit();
      const count = Math.min(chunk.byteLength - taken, this.#pieceBytes - this.#filled);
      this.#filling.set(chunk.subarray(taken, taken + count), this.#filled);
      this.#filled += count;
      taken += count;
    }
  }

  /** Waits until everything taken has been written to the file. */
  async drain(): Promise<void> {
    await this.#writing;
    if (this.#filled === 0) return;
    try {
      await this.#begin();
    } finally {
      await this.#writing;
    }
  }

  async #submit(): Promise<void> {
    await this.#writing;
    const full = this.#filling;
    await this.#begin();
    this.#filling = this.#spare ?? Buffer.allocUnsafeSlow(this.#pieceBytes);
    this.#spare = full;
  }

  /** Begins to write what has been filled, and hashes it meanwhile. */
  async #begin(): Promise<void> {
    const piece = this.#filling.subarray(0, this.#filled);
    this.#filled = 0;
    this.#writing = this.#file.append(piece);
    // Awaited by the next submit or drain; until then a failure must not count as unhandled.
    this.#writing.catch(() => {});
    await this.#hash.update(piece);
  }
}
