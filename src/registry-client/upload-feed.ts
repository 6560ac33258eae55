import { PkgError } from "../errors.ts";
import type { StreamedBody } from "../http/request-body.ts";
import type { BlobUpload } from "../oci/content.ts";

/** The bytes of a blob as one stream that is read piece by piece, and opened anew where a piece has to be sent again. */
export class UploadFeed {
  /** Bytes that were handed on, repeats included. */
  bytesSent = 0;
  /** What reading the source failed with: nothing that a registry could help. */
  failure: { readonly error: unknown } | null = null;
  readonly #blob: BlobUpload;
  readonly #signal: AbortSignal;
  #iterator: AsyncIterator<Uint8Array> | null = null;
  #position = 0;
  #rest: Uint8Array | null = null;

  constructor(blob: BlobUpload, signal: AbortSignal) {
    this.#blob = blob;
    this.#signal = signal;
  }

  /** The bytes from `offset` on as a request's body; `size` of them. */
  piece(offset: number, size: number): StreamedBody {
    return { size, open: () => this.#read(offset, size) };
  }

  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = null;
    this.#rest = null;
    await iterator?.return?.();
  }

  async *#read(offset: number, size: number): AsyncGenerator<Uint8Array> {
    try {
      if (this.#iterator === null || this.#position !== offset) await this.#open(offset);
      for (let left = size; left > 0; ) {
        const chunk = await this.#next(left);
        left -= chunk.byteLength;
        this.bytesSent += chunk.byteLength;
        this.#blob.onProgress?.(Math.min(this.#blob.size, this.#position));
        yield chunk;
      }
      // What comes after the last byte is the source's verdict on all of them.
      if (offset + size === this.#blob.size) await this.#end();
    } catch (error) {
      this.failure ??= { error };
      throw error;
    }
  }

  async #open(offset: number): Promise<void> {
    await this.close();
    const source = await this.#blob.open(offset, this.#signal);
    this.#iterator = source[Symbol.asyncIterator]();
    this.#position = offset;
  }

  async #next(most: number): Promise<Uint8Array> {
    const chunk = this.#rest ?? (await this.#pull());
    this.#rest = chunk.byteLength > most ? chunk.subarray(most) : null;
    const part = chunk.byteLength > most ? chunk.subarray(0, most) : chunk;
    this.#position += part.byteLength;
    return part;
  }

  async #pull(): Promise<Uint8Array> {
    const next = await this.#iterator?.next();
    if (next !== undefined && next.done !== true) return next.value;
    throw this.#wrongSize(`${this.#position}`);
  }

  async #end(): Promise<void> {
    if (this.#rest !== null) throw this.#wrongSize("more");
    for (;;) {
      const next = await this.#iterator?.next();
      if (next === undefined || next.done === true) return;
      if (next.value.byteLength > 0) throw this.#wrongSize("more");
    }
  }

  #wrongSize(found: string): PkgError {
    const { digest, size } = this.#blob;
    return new PkgError("SIZE_MISMATCH", `Cannot push blob "${digest}": expected ${size} bytes, found ${found}`);
  }
}
