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
  #reader: SourceReader | null = null;
  #reads = 0;

  constructor(blob: BlobUpload, signal: AbortSignal) {
    this.#blob = blob;
    this.#signal = signal;
  }

  /** The bytes from `offset` on as a request's body; `size` of them. */
  piece(offset: number, size: number): StreamedBody {
    return { size, open: () => this.#read(offset, size) };
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.close();
  }

  /** A request may be sent anew while the one before it still waits for the source: from then on only the last counts. */
  async *#read(offset: number, size: number): AsyncGenerator<Uint8Array> {
    this.#reads += 1;
    const read = this.#reads;
    try {
      const reader = await this.#readerAt(offset);
      reader.isFree = false;
      for (let left = size; left > 0; ) {
        const part = await reader.take(left);
        if (read !== this.#reads) return;
        left -= part.byteLength;
        this.bytesSent += part.byteLength;
        this.#blob.onProgress?.(reader.position);
        yield part;
      }
      // What comes after the last byte is the source's verdict on all of them.
      if (offset + size === this.#blob.size) await reader.end();
      reader.isFree = true;
    } catch (error) {
      if (read === this.#reads) this.failure ??= { error };
      throw error;
    }
  }

  /** Goes on with the reader that stands there, unless it was given up in the middle of a piece. */
  async #readerAt(offset: number): Promise<SourceReader> {
    if (this.#reader?.isFree === true && this.#reader.position === offset) return this.#reader;
    await this.close();
    const source = await this.#blob.open(offset, this.#signal);
    this.#reader = new SourceReader(source[Symbol.asyncIterator](), offset, this.#blob);
    return this.#reader;
  }
}

class SourceReader {
  /** False while a piece is being read, and for good once that was not read to its end. */
  isFree = true;
  /** Where the next byte stands in the blob. */
  position: number;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #blob: BlobUpload;
  #rest: Uint8Array | null = null;

  constructor(source: AsyncIterator<Uint8Array>, position: number, blob: BlobUpload) {
    this.#source = source;
    this.position = position;
    this.#blob = blob;
  }

  /** Some of the bytes that come next, `most` at most. */
  async take(most: number): Promise<Uint8Array> {
    const chunk = this.#rest ?? (await this.#pull());
    const isMore = chunk.byteLength > most;
    this.#rest = isMore ? chunk.subarray(most) : null;
    const part = isMore ? chunk.subarray(0, most) : chunk;
    this.position += part.byteLength;
    return part;
  }

  /** @throws {PkgError} SIZE_MISMATCH when there is more */
  async end(): Promise<void> {
    if (this.#rest !== null) throw this.#wrongSize("more");
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return;
      if (next.value.byteLength > 0) throw this.#wrongSize("more");
    }
  }

  /** Never throws: the rest is not needed. */
  async close(): Promise<void> {
    await this.#source.return?.().catch(() => undefined);
  }

  async #pull(): Promise<Uint8Array> {
    const next = await this.#source.next();
    if (next.done !== true) return next.value;
    throw this.#wrongSize(`${this.position}`);
  }

  #wrongSize(found: string): PkgError {
    const { digest, size } = this.#blob;
    return new PkgError("SIZE_MISMATCH", `Cannot push blob "${digest}": expected ${size} bytes, found ${found}`);
  }
}
