import { createMultiHash, type HashAlgorithm, type Hashes, type MultiHash } from "../base/hashes.ts";
import { type RetryPolicy, retry, type Sleep } from "../base/retry.ts";
import { hasCode, keepsPartial, PkgError } from "../errors.ts";
import type { BlobStream } from "../oci/content.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { PartialFile, RESUMABLE_BYTES } from "./partial-file.ts";
import { PieceWriter } from "./piece-writer.ts";

/** A blob that is whole and whose bytes hash to its digest. */
export interface StoredBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Those asked for, and the digest's own. */
  readonly hashes: Hashes;
}

/** Opens a blob's bytes from `offset` on: one attempt, the store retries. */
export type BlobSource = (request: {
  readonly offset: number;
  readonly validator: string | null;
  readonly signal: AbortSignal;
}) => Promise<BlobStream>;

export interface IngestRequest {
  readonly digest: Digest;
  /** Bytes the blob must have; null when unknown. */
  readonly size: number | null;
  /** Bytes taken at most, whatever the server sends. */
  readonly maxBytes: number;
  readonly hashes: readonly HashAlgorithm[];
  readonly source: BlobSource;
  readonly signal: AbortSignal;
  /** Told the bytes held so far, resumed ones included. */
  readonly onProgress?: (bytes: number) => void;
}

export interface IngestContext {
  readonly partialDirectory: string;
  readonly retry: RetryPolicy;
  readonly random: () => number;
  readonly sleep: Sleep;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  /** Renames a finished file to where its digest belongs, durably. */
  readonly publish: (path: string, digest: Digest) => Promise<void>;
}

/**
 * Streams one blob into a partial file, hashing while it writes, and publishes it once size and digest agree.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, BODY_TOO_LARGE, INTERRUPTED, DISK_FULL,
 * PERMISSION_DENIED, FILE_SYSTEM, and whatever the source throws
 */
export async function ingest(context: IngestContext, request: IngestRequest): Promise<StoredBlob> {
  refuseOversized(request);
  const transfer = new Transfer(context, request, await openPartial(context, request));
  try {
    const stored = await transfer.run();
    await transfer.file.finish();
    await context.publish(transfer.file.path, request.digest);
    return stored;
  } catch (error) {
    await transfer.giveUp(error);
    throw request.signal.aborted ? interruption(error, request.digest) : error;
  }
}

/** The hashes asked for together with the digest's own, each once. */
export function withDigestAlgorithm(digest: Digest, hashes: readonly HashAlgorithm[]): readonly HashAlgorithm[] {
  return [...new Set<HashAlgorithm>([digestAlgorithm(digest), ...hashes])];
}

function refuseOversized({ digest, size, maxBytes }: IngestRequest): void {
  if (size === null || size <= maxBytes) return;
  throw new PkgError("BODY_TOO_LARGE", `Cannot fetch blob "${digest}": ${size} bytes exceed the limit of ${maxBytes}`);
}

/** Only what may be worth resuming is looked for: a small blob costs no directory listing. */
async function openPartial(context: IngestContext, { digest, size }: IngestRequest): Promise<PartialFile> {
  const resumable = size === null || size >= RESUMABLE_BYTES;
  const claimed = resumable ? await PartialFile.claim(context.partialDirectory, digest) : null;
  return claimed ?? (await PartialFile.create(context.partialDirectory, digest));
}

function interruption(error: unknown, digest: Digest): PkgError {
  if (hasCode(error, "INTERRUPTED")) return error;
  return new PkgError("INTERRUPTED", `Cannot fetch blob "${digest}": it was interrupted`, { cause: error });
}

/** One blob on its way in: the partial file, and the hash of every byte in it. */
class Transfer {
  readonly file: PartialFile;
  readonly #context: IngestContext;
  readonly #request: IngestRequest;
  #hash: MultiHash;
  /** True once bytes were taken in more than one piece, so that a mismatch may be the seam's fault. */
  #resumed = false;

  constructor(context: IngestContext, request: IngestRequest, file: PartialFile) {
    this.#context = context;
    this.#request = request;
    this.file = file;
    this.#hash = this.#newHash();
  }

  async run(): Promise<StoredBlob> {
    try {
      await this.#rehash();
      return await this.#receive();
    } catch (error) {
      if (!this.#resumed || !isSeamFault(error)) throw error;
      await this.#restart();
      return await this.#receive();
    }
  }

  /** Keeps the bytes for another try where one may help and they are many; else takes them away. */
  async giveUp(error: unknown): Promise<void> {
    const worthKeeping = this.#request.signal.aborted || keepsPartial(error);
    if (worthKeeping && this.file.offset >= RESUMABLE_BYTES) await this.file.release();
    else await this.file.discard();
  }

  async #receive(): Promise<StoredBlob> {
    const { retry: policy, random, sleep, onRetry } = this.#context;
    if (this.file.offset !== this.#request.size) {
      const options = { policy, signal: this.#request.signal, random, sleep };
      await retry(() => this.#attempt(), onRetry === undefined ? options : { ...options, onRetry });
    }
    return this.#verify();
  }

  async #attempt(): Promise<void> {
    const { source, signal } = this.#request;
    const offset = this.file.offset;
    if (offset > 0) this.#resumed = true;
    const stream = await source({ offset, validator: this.file.validator, signal });
    if (stream.offset === 0 && offset > 0) await this.#restart();
    else if (stream.offset !== offset) throw wrongOffset(this.#request.digest, offset, stream.offset);
    this.file.setValidator(stream.validator);
    await this.#copy(stream);
    this.#refuseTruncated(stream);
  }

  async #copy(stream: BlobStream): Promise<void> {
    const { signal, onProgress, size } = this.#request;
    const writer = new PieceWriter(this.file, this.#hash, size);
    try {
      for await (const chunk of stream.body) {
        if (signal.aborted) throw interruption(signal.reason, this.#request.digest);
        this.#refuseSurplus(writer.position + chunk.byteLength);
        await writer.write(chunk);
        onProgress?.(writer.position);
      }
    } finally {
      await writer.drain();
    }
  }

  #refuseSurplus(bytes: number): void {
    const { digest, size, maxBytes } = this.#request;
    if (size !== null && bytes > size) {
      throw new PkgError("SIZE_MISMATCH", `Cannot fetch blob "${digest}": expected ${size} bytes, found more`);
    }
    if (bytes > maxBytes) {
      throw new PkgError(
        "BODY_TOO_LARGE",
        `Cannot fetch blob "${digest}": body exceeds the limit of ${maxBytes} bytes`,
      );
    }
  }

  /** Where no size is expected, what the server announced must at least have come; a lie is told by `#verify`. */
  #refuseTruncated(stream: BlobStream): void {
    if (this.#request.size !== null || stream.size === null || this.file.offset >= stream.size) return;
    throw new PkgError(
      "BODY_TRUNCATED",
      `Cannot fetch blob "${this.#request.digest}": expected ${stream.size} bytes, the body ended after ${this.file.offset}`,
    );
  }

  #verify(): StoredBlob {
    const { digest, size } = this.#request;
    const found = this.file.offset;
    if (size !== null && found !== size) {
      throw new PkgError("SIZE_MISMATCH", `Cannot fetch blob "${digest}": expected ${size} bytes, found ${found}`);
    }
    const hashes = this.#hash.digest();
    const algorithm = digestAlgorithm(digest);
    if (hashes[algorithm] !== digestHex(digest)) {
      throw new PkgError(
        "DIGEST_MISMATCH",
        `Cannot fetch blob: expected digest "${digest}", found "${algorithm}:${hashes[algorithm]}"`,
        { hint: "What the server sent is not what was asked for; try again, or use another mirror" },
      );
    }
    return { digest, size: found, hashes };
  }

  /** Hashes what an earlier process left, which also counts as resuming. */
  async #rehash(): Promise<void> {
    if (this.file.offset === 0) return;
    this.#resumed = true;
    for await (const piece of this.file.read(this.#request.signal)) this.#hash.update(piece);
    this.#refuseSurplus(this.file.offset);
    this.#request.onProgress?.(this.file.offset);
  }

  async #restart(): Promise<void> {
    await this.file.truncate();
    this.#hash = this.#newHash();
    this.#resumed = false;
  }

  #newHash(): MultiHash {
    return createMultiHash(withDigestAlgorithm(this.#request.digest, this.#request.hashes));
  }
}

/** What a stale or damaged first part may cause, and a download from the start may cure. */
function isSeamFault(error: unknown): boolean {
  return hasCode(error, "DIGEST_MISMATCH", "SIZE_MISMATCH", "BODY_TOO_LARGE", "HTTP_UNEXPECTED");
}

function wrongOffset(digest: Digest, expected: number, found: number): PkgError {
  return new PkgError(
    "HTTP_UNEXPECTED",
    `Cannot resume blob "${digest}": expected bytes from ${expected}, the server sent them from ${found}`,
  );
}
