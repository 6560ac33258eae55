import { createMultiHash, type MultiHash } from "../base/hashes.ts";
import { type RetryOptions, retry } from "../base/retry.ts";
import { PkgError } from "../errors.ts";
import type { BlobAddress, BlobStream, Source } from "./content.ts";
import { digestAlgorithm, digestHex } from "./digest.ts";
import { isLocal } from "./local-target.ts";

export interface VerifiedBlobOptions {
  /** Bytes at the beginning that are not wanted; default 0. */
  readonly offset?: number;
  /** How a stream that breaks off is gone on with; the attempts count anew once 1 MiB has come. */
  readonly retry: Omit<RetryOptions, "signal">;
  readonly signal: AbortSignal;
}

const PROGRESS_BYTES = 1024 * 1024;

/**
 * A blob's bytes as one stream, gone on with where its source breaks off. The last chunk is held back until size and digest
 * are right: a reader that comes to the end has read what was asked for.
 *
 * From an offset on, a source at hand is read and hashed from its start. A registry is asked for the rest alone, of which
 * only the size can be checked: the reader, who has the bytes before it, has to hash the whole.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, HTTP_UNEXPECTED, INTERRUPTED, and those of Source.openBlob
 */
export async function* verifiedBlob(
  source: Source,
  blob: BlobAddress,
  options: VerifiedBlobOptions,
): AsyncGenerator<Uint8Array> {
  const wanted = options.offset ?? 0;
  const start = wanted > 0 && !isLocal(source) ? wanted : 0;
  const hash = start === 0 ? createMultiHash([digestAlgorithm(blob.digest)]) : null;
  const reading = new Reading(source, blob, { ...options, start });
  let held: Uint8Array | null = null;
  try {
    for (let chunk = await reading.next(); chunk !== null; chunk = await reading.next()) {
      hash?.update(chunk);
      const part = chunk.subarray(
        Math.min(chunk.byteLength, Math.max(0, wanted - (reading.position - chunk.byteLength))),
      );
      if (held !== null) yield held;
      held = part.byteLength > 0 ? part : null;
    }
    reading.checkSize();
    if (hash !== null) checkHash(blob, hash);
  } finally {
    await reading.close();
  }
  if (held !== null) yield held;
}

/** The chunks of a blob, from one stream after another. */
class Reading {
  /** Bytes from the blob's start up to the end of the last chunk. */
  position: number;
  readonly #source: Source;
  readonly #blob: BlobAddress;
  readonly #options: VerifiedBlobOptions;
  #size: number | null;
  #validator: string | null = null;
  #iterator: AsyncIterator<Uint8Array> | null = null;
  /** Bytes of the open stream that were read from an earlier one. */
  #repeated = 0;
  #failures = 0;
  #failedAt = 0;

  constructor(source: Source, blob: BlobAddress, options: VerifiedBlobOptions & { readonly start: number }) {
    this.#source = source;
    this.#blob = blob;
    this.#options = options;
    this.#size = blob.size;
    this.position = options.start;
  }

  /** Null at the end. */
  async next(): Promise<Uint8Array | null> {
    const { retry: policy, signal } = this.#options;
    if (this.position - this.#failedAt >= PROGRESS_BYTES) this.#failures = 0;
    const attempts = Math.max(1, policy.policy.attempts - this.#failures);
    return await retry(() => this.#attempt(), { ...policy, signal, policy: { ...policy.policy, attempts } });
  }

  checkSize(): void {
    const { digest, size } = this.#blob;
    if (size === null || this.position === size) return;
    throw wrongSize(digest, size, String(this.position));
  }

  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = null;
    await iterator?.return?.();
  }

  async #attempt(): Promise<Uint8Array | null> {
    try {
      return await this.#read();
    } catch (error) {
      this.#failures += 1;
      this.#failedAt = this.position;
      // What it had to say has been said.
      await this.close().catch(() => {});
      throw error;
    }
  }

  async #read(): Promise<Uint8Array | null> {
    const { digest } = this.#blob;
    if (this.position === this.#size && this.#iterator === null && this.position > 0) return null;
    this.#iterator ??= await this.#open();
    for (;;) {
      const { done, value } = await this.#iterator.next();
      if (done === true) return this.#end();
      const chunk = value.subarray(Math.min(value.byteLength, this.#repeated));
      this.#repeated -= value.byteLength - chunk.byteLength;
      if (chunk.byteLength === 0) continue;
      this.position += chunk.byteLength;
      if (this.#size !== null && this.position > this.#size) throw wrongSize(digest, this.#size, "more");
      return chunk;
    }
  }

  #end(): null {
    if (this.#size === null || this.position >= this.#size) return null;
    throw new PkgError(
      "BODY_TRUNCATED",
      `Cannot read blob "${this.#blob.digest}": expected ${this.#size} bytes, the body ended after ${this.position}`,
    );
  }

  async #open(): Promise<AsyncIterator<Uint8Array>> {
    const { digest } = this.#blob;
    const offset = this.position;
    const stream = await this.#source.openBlob(
      this.#blob,
      { offset, validator: this.#validator },
      this.#options.signal,
    );
    await refuseWrong(stream, { digest, offset });
    this.#size ??= stream.size;
    this.#validator = stream.validator ?? this.#validator;
    this.#repeated = offset - stream.offset;
    return stream.body[Symbol.asyncIterator]();
  }
}

async function refuseWrong(
  stream: BlobStream,
  { digest, offset }: { readonly digest: string; readonly offset: number },
) {
  if (stream.offset === offset || stream.offset === 0) return;
  await stream.body[Symbol.asyncIterator]().return?.();
  throw new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot resume blob "${digest}": expected bytes from ${offset}, the source sent them from ${stream.offset}`,
  );
}

function checkHash({ digest }: BlobAddress, hash: MultiHash): void {
  const algorithm = digestAlgorithm(digest);
  const found = hash.digest()[algorithm];
  if (found === digestHex(digest)) return;
  throw new PkgError("DIGEST_MISMATCH", `Cannot use blob: expected digest "${digest}", found "${algorithm}:${found}"`, {
    hint: "What was read is not what was asked for; try again, or use another source",
  });
}

function wrongSize(digest: string, expected: number, found: string): PkgError {
  return new PkgError("SIZE_MISMATCH", `Cannot read blob "${digest}": expected ${expected} bytes, found ${found}`);
}
