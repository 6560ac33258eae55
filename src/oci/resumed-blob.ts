import { byteCount } from "../base/format-bytes.ts";
import { MAX_BLOB_BYTES } from "../base/limits.ts";
import { Patience, type RetrySettings, retry } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobPosition, BlobStream } from "./content.ts";

/**
 * How many bytes count as progress. A server that sends less than this in a minute is slower than the 1 KiB/s below
 * which a connection is given up, so it must not be able to keep a transfer waiting with a few bytes per attempt.
 */
const PROGRESS_BYTES = 64 * 1024;

/** What to read, and how to resume it. */
export interface ResumedBlobRequest {
  /** Opens the bytes from a position on: a single attempt. */
  readonly open: (position: BlobPosition, signal: AbortSignal) => Promise<BlobStream>;
  /** What is being read, for messages: `blob "sha256:…"`. */
  readonly what: string;
  /** The total size in bytes; null if it is not known beforehand. */
  readonly size: number | null;
  /** The most bytes that are taken of a blob whose size is not known beforehand; default MAX_BLOB_BYTES. */
  readonly maxBytes?: number;
  /** Where to start, and the validator of an earlier stream. */
  readonly start: BlobPosition;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
  /** Called for each stream. */
  readonly onStream?: (stream: BlobStream) => void;
  /**
   * Called when a stream starts at 0 again; all its bytes are then returned. If absent, the bytes returned before are
   * skipped.
   */
  readonly onRestart?: () => Promise<void>;
}

/**
 * The chunks of a blob, read from one stream after another: where a stream breaks off, the next one continues. All
 * transfers are resumed here; callers check the digests. It fails if there is no progress within the retry policy.
 */
export class ResumedBlob {
  /** The offset of the end of the last chunk in the blob. */
  position: number;
  readonly #request: ResumedBlobRequest;
  readonly #patience: Patience;
  #size: number | null;
  /** The total size that the open stream announced; null: none. */
  #announced: number | null = null;
  #validator: string | null;
  #iterator: AsyncIterator<Uint8Array> | null = null;
  /** The bytes of the open stream that an earlier one has returned already. */
  #repeated = 0;
  /** The furthest offset at the time of the last progress. */
  #furthest: number;

  constructor(request: ResumedBlobRequest) {
    this.#request = request;
    this.#patience = new Patience(request.retry);
    this.#size = request.size;
    this.#validator = request.start.validator;
    this.position = request.start.offset;
    this.#furthest = this.position;
  }

  /** The total size in bytes, as it was known or a stream has announced it; null: neither so far. */
  get size(): number | null {
    return this.#size;
  }

  /**
   * The next chunk; null at the end.
   *
   * @throws {PkgError} SIZE_MISMATCH, BODY_TOO_LARGE, BODY_TRUNCATED, HTTP_UNEXPECTED, INTERRUPTED, and whatever `open`
   * throws
   */
  async next(): Promise<Uint8Array | null> {
    const { retry: settings, signal } = this.#request;
    const chunk = await retry(() => this.#attempt(), { ...settings, signal }, this.#patience);
    if (this.position >= this.#furthest + PROGRESS_BYTES) {
      this.#furthest = this.position;
      this.#patience.renew();
    }
    return chunk;
  }

  /** All remaining chunks. @throws {PkgError} as next */
  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (let chunk = await this.next(); chunk !== null; chunk = await this.next()) yield chunk;
    } finally {
      await this.close();
    }
  }

  /** Closes the open stream; must be called when the reader stops, wherever it is. */
  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = null;
    await iterator?.return?.();
  }

  async #attempt(): Promise<Uint8Array | null> {
    try {
      return await this.#read();
    } catch (error) {
      // The stream's error is reported, not one from closing it.
      await this.close().catch(() => {});
      throw error;
    }
  }

  async #read(): Promise<Uint8Array | null> {
    if (this.position === this.#size && this.#iterator === null && this.position > 0) return null;
    this.#iterator ??= await this.#open();
    for (;;) {
      const { done, value } = await this.#iterator.next();
      if (done === true) return this.#end();
      const chunk = value.subarray(Math.min(value.byteLength, this.#repeated));
      this.#repeated -= value.byteLength - chunk.byteLength;
      if (chunk.byteLength === 0) continue;
      this.position += chunk.byteLength;
      if (this.#size !== null && this.position > this.#size) throw wrongSize(this.#request.what, this.#size, "more");
      this.#refuseOversized(this.position);
      return chunk;
    }
  }

  /** If the stream announced the expected size, a shorter body was truncated; otherwise the blob has the wrong size. */
  #end(): null {
    const size = this.#size;
    if (size === null || this.position >= size) return null;
    if (this.#announced !== size) {
      throw wrongSize(this.#request.what, size, String(this.position));
    }
    throw new PkgError(
      "BODY_TRUNCATED",
      `Cannot read ${this.#request.what}: expected ${byteCount(size)}, the body ended after ${this.position}`,
    );
  }

  /** A size that is known beforehand is bound enough: it comes from whoever named the blob. */
  #refuseOversized(bytes: number): void {
    const { size, what, maxBytes = MAX_BLOB_BYTES } = this.#request;
    if (size !== null || bytes <= maxBytes) return;
    throw new PkgError("BODY_TOO_LARGE", `Cannot read ${what}: it exceeds the limit of ${byteCount(maxBytes)}`);
  }

  async #open(): Promise<AsyncIterator<Uint8Array>> {
    const { open, onRestart, onStream, signal, what } = this.#request;
    const offset = this.position;
    const stream = await open({ offset, validator: this.#validator }, signal);
    await closingOnError(stream, () => {
      refuseElsewhere(stream, { what, offset });
      this.#refuseOversized(stream.size ?? 0);
    });
    if (stream.offset < offset && onRestart !== undefined) {
      await onRestart();
      this.position = 0;
      this.#size = this.#request.size;
    }
    this.#size ??= stream.size;
    this.#announced = stream.size;
    // A stream from the start replaces all earlier bytes.
    this.#validator = this.position === 0 ? stream.validator : (stream.validator ?? this.#validator);
    await closingOnError(stream, () => onStream?.(stream));
    this.#repeated = this.position - stream.offset;
    return stream.body[Symbol.asyncIterator]();
  }
}

/** Nobody reads a stream that is refused, so it has to be closed. */
async function closingOnError({ body }: BlobStream, check: () => void): Promise<void> {
  try {
    check();
  } catch (error) {
    await body[Symbol.asyncIterator]().return?.();
    throw error;
  }
}

function refuseElsewhere(
  stream: BlobStream,
  { what, offset }: { readonly what: string; readonly offset: number },
): void {
  if (stream.offset === offset || stream.offset === 0) return;
  throw new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot resume ${what}: expected bytes from ${offset}, the source sent them from ${stream.offset}`,
  );
}

function wrongSize(what: string, expected: number, found: string): PkgError {
  return new PkgError("SIZE_MISMATCH", `Cannot read ${what}: expected ${byteCount(expected)}, found ${found}`);
}
