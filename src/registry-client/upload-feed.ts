import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";
import type { StreamedBody } from "../http/request-body.ts";
import type { BlobUpload } from "../oci/content.ts";

/** The bytes of a blob as one stream that is read piece by piece, and reopened if a piece has to be sent again. */
export class UploadFeed {
  /** The bytes that were passed on, including repeats. */
  bytesSent = 0;
  /** The error from reading the source, for which the registry is not to blame; null: none. */
  failure: { readonly error: unknown } | null = null;
  readonly #blob: BlobUpload;
  readonly #signal: AbortSignal;
  #reader: SourceReader | null = null;
  #reads = 0;

  constructor(blob: BlobUpload, signal: AbortSignal) {
    this.#blob = blob;
    this.#signal = signal;
  }

  /** A request body of `size` bytes from `offset` on. */
  piece(offset: number, size: number): StreamedBody {
    return { size, open: () => this.#read(offset, size) };
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.close();
  }

  /**
   * A request may be repeated while the one before it is still waiting for the source: then only the last one counts.
   */
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
        this.#blob.onProgress?.(reader.position, Math.max(0, reader.position - this.bytesSent));
        yield part;
      }
      // The source reports after the last byte whether all of them are valid.
      if (offset + size === this.#blob.size) await reader.end();
      reader.isFree = true;
    } catch (error) {
      if (read === this.#reads) this.failure ??= { error };
      throw error;
    }
  }

  /** Continues with the current reader if it is at `offset` and was not abandoned in the middle of a piece. */
  async #readerAt(offset: number): Promise<SourceReader> {
    if (this.#reader?.isFree === true && this.#reader.position === offset) return this.#reader;
    await this.close();
    const source = await this.#blob.open(offset, this.#signal);
    this.#reader = new SourceReader(source[Symbol.asyncIterator](), offset, this.#blob);
    return this.#reader;
  }
}

class SourceReader {
  /** False while a piece is being read, and from then on if it was not read to its end. */
  isFree = true;
  /** The offset of the next byte in the blob. */
  position: number;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #blob: BlobUpload;
  #rest: Uint8Array | null = null;

  constructor(source: AsyncIterator<Uint8Array>, position: number, blob: BlobUpload) {
    this.#source = source;
    this.position = position;
    this.#blob = blob;
  }

  /** The next bytes, at most `most`. */
  async take(most: number): Promise<Uint8Array> {
    const chunk = this.#rest ?? (await this.#pull());
    const isMore = chunk.byteLength > most;
    this.#rest = isMore ? chunk.subarray(most) : null;
    const part = isMore ? chunk.subarray(0, most) : chunk;
    this.position += part.byteLength;
    return part;
  }

  /** Reads the end of the source. @throws {PkgError} SIZE_MISMATCH if there are more bytes */
  async end(): Promise<void> {
    if (this.#rest !== null) throw this.#wrongSize("more");
    for (;;) {
      const next = await this.#source.next();
      if (next.done === true) return;
      if (next.value.byteLength > 0) throw this.#wrongSize("more");
    }
  }

  /** Closes the source; its errors are ignored, because the rest is not needed. */
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
    return new PkgError("SIZE_MISMATCH", `Cannot push blob "${digest}": expected ${byteCount(size)}, found ${found}`);
  }
}
