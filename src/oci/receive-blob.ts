import { dirname } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { type HashAlgorithm, type Hashes, HashThreadLost, type StreamHash } from "../base/hashes.ts";
import { interruption } from "../base/interruption.ts";
import type { OnProgress } from "../base/on-progress.ts";
import { hasCode, keepsPartial, PkgError } from "../errors.ts";
import { PartialFile, RESUMABLE_BYTES } from "../fs/partial-file.ts";
import { PieceWriter } from "../fs/piece-writer.ts";
import { expectRoom } from "../fs/room.ts";
import type { BlobSenders } from "./blob-senders.ts";
import type { BlobPosition, BlobSender } from "./content.ts";
import { type Digest, digestAlgorithm, digestHex } from "./digest.ts";

/** Where the bytes are needed from, with callbacks for their source. */
export interface Receiver extends BlobPosition {
  /**
   * Must be called for each stream that the bytes come from.
   *
   * @throws {PkgError} DISK_FULL if the size that it announces is more than there is room for
   */
  noteStream(stream: NotedStream): void;
  /** Must be called before the bytes come from the start again. */
  restart(): Promise<void>;
}

/** What a stream says of itself before its bytes. */
export interface NotedStream {
  readonly offset: number;
  readonly validator: string | null;
  /** Bytes of the whole blob; null if it is not announced. */
  readonly size: number | null;
  readonly sender?: BlobSender;
}

/** What to receive, and where to put it. */
export interface ReceiveRequest {
  /** The digest of the bytes; null if it is not known yet, in which case `place` must verify the file. */
  readonly digest: Digest | null;
  /** What is being received, for messages: `blob "sha256:…"`. */
  readonly what: string;
  /** The expected size in bytes; null if unknown. */
  readonly size: number | null;
  /** The maximum number of bytes accepted, whatever is sent. */
  readonly maxBytes: number;
  /** The hashes to compute besides the digest's own. */
  readonly hashes: readonly HashAlgorithm[];
  /** The base path of the partial file. */
  readonly partial: string;
  /** The permissions of the file; null: the default, by the umask. */
  readonly mode: number | null;
  /** Opens the bytes from the receiver's offset on; called again, at 0, if a resumed blob turns out to be wrong. */
  readonly open: (receiver: Receiver) => Promise<AsyncIterable<Uint8Array>>;
  /** Takes the finished file, which is complete and durable; it is removed afterwards if it is still there. */
  readonly place: (path: string) => Promise<void>;
  readonly signal: AbortSignal;
  /** Called with the bytes held so far, including resumed ones; with 0 if a failure leaves nothing for the next run. */
  readonly onProgress?: OnProgress;
}

/** What was received. */
export interface ReceivedBlob {
  /** Bytes. */
  readonly size: number;
  /** The requested hashes, and the digest's own if it is known. */
  readonly hashes: Hashes;
  /** The bytes received by this call, including those before a restart. */
  readonly taken: number;
}

/**
 * Receives one blob into a partial file, hashing while it writes, and places it once size and digest match. After a
 * temporary failure, or if the process is killed, a partial file of at least 1 MiB stays for the next attempt.
 *
 * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH, BODY_TOO_LARGE, INTERRUPTED, DISK_FULL, PERMISSION_DENIED,
 * FILE_SYSTEM, and whatever `open`, the bytes and `place` throw
 */
export async function receiveBlob(request: ReceiveRequest): Promise<ReceivedBlob> {
  const { size, partial, signal, what } = request;
  // A partial file is looked for only if it is worth resuming: a small blob costs no directory listing.
  const file = await PartialFile.open(partial, size === null || size >= RESUMABLE_BYTES);
  try {
    const [{ createStreamHash: createHash }, { BlobSenders }] = await Promise.all([
      import("../base/stream-hash.ts"),
      import("./blob-senders.ts"),
    ]);
    const receiving = new Receiving(file, request, { createHash, senders: new BlobSenders() });
    const received = await receiving.run();
    await file.finish(request.mode);
    await request.place(file.path);
    await file.discard();
    return received;
  } catch (error) {
    const mayPass = signal.aborted || keepsPartial(error);
    const isKept = mayPass && isResumable(file, request);
    await (isKept ? file.release() : file.discard());
    if (!isKept) request.onProgress?.(0);
    throw signal.aborted ? interrupted(error, what) : error;
  }
}

/** Without a digest, only a validator shows that a later stream has the same bytes. */
function isResumable({ offset, validator }: PartialFile, { digest }: ReceiveRequest): boolean {
  return offset >= RESUMABLE_BYTES && (digest !== null || validator !== null);
}

/** The requested hash algorithms and the digest's own, each once. */
export function withDigestAlgorithm(digest: Digest | null, hashes: readonly HashAlgorithm[]): readonly HashAlgorithm[] {
  if (digest === null) return hashes;
  return [...new Set<HashAlgorithm>([digestAlgorithm(digest), ...hashes])];
}

interface Tools {
  readonly createHash: (algorithms: readonly HashAlgorithm[], bytes: number | null) => StreamHash;
  readonly senders: BlobSenders;
}

/** A blob being received: the partial file, and the hash of every byte in it. */
class Receiving {
  readonly #file: PartialFile;
  readonly #request: ReceiveRequest;
  readonly #createHash: Tools["createHash"];
  #hash: StreamHash;
  #writer: PieceWriter;
  #taken = 0;
  /** True if the bytes came from more than one stream, so that a mismatch may be due to the seam. */
  #isResumed: boolean;
  readonly #senders: BlobSenders;

  constructor(file: PartialFile, request: ReceiveRequest, { createHash, senders }: Tools) {
    this.#file = file;
    this.#request = request;
    this.#createHash = createHash;
    this.#senders = senders;
    this.#isResumed = file.offset > 0;
    this.#hash = this.#newHash();
    this.#writer = this.#newWriter();
  }

  async run(): Promise<ReceivedBlob> {
    try {
      await this.#rehash();
      return await this.#receive();
    } catch (error) {
      return await this.#receiveAgain(error);
    } finally {
      this.#hash.close();
    }
  }

  async #receiveAgain(cause: unknown): Promise<ReceivedBlob> {
    if (cause instanceof HashThreadLost) return await this.#afterLoss();
    let error = cause;
    // Terminates: a seam is forgiven once, and each sender is refused once.
    for (let isFirst = true; ; isFirst = false) {
      const isSeam = isFirst && this.#isSeamFault(error);
      const judged = isSeam ? null : this.#senders.refuse(error);
      if (judged !== null) throw judged;
      await this.#restart();
      try {
        return await this.#receive();
      } catch (other) {
        error = other;
      }
    }
  }

  /** What has arrived is in the file, so it is hashed from there, and the rest as it comes. */
  async #afterLoss(): Promise<ReceivedBlob> {
    this.#beginHash();
    await this.#rehash();
    return await this.#receive();
  }

  async #receive(): Promise<ReceivedBlob> {
    if (this.#file.offset !== this.#request.size) await this.#take();
    return await this.#verified();
  }

  async #take(): Promise<void> {
    const { signal, onProgress, open, what } = this.#request;
    try {
      for await (const chunk of await open(this.#receiver())) {
        if (signal.aborted) throw interrupted(signal.reason, what);
        this.#refuseSurplus(this.#writer.position + chunk.byteLength);
        await this.#writer.write(chunk);
        this.#taken += chunk.byteLength;
        // What was received before a start from the beginning is gone.
        const resumed = Math.max(0, this.#writer.position - this.#taken);
        onProgress?.(this.#writer.position, resumed);
      }
    } finally {
      await this.#writer.drain();
    }
  }

  #receiver(): Receiver {
    return {
      offset: this.#file.offset,
      validator: this.#file.validator,
      noteStream: ({ offset, validator, size, ...stream }) => {
        const { partial, what } = this.#request;
        this.#senders.note(stream);
        if (size !== null) expectRoom(dirname(partial), size - offset, what);
        if (offset > 0) this.#isResumed = true;
        // A stream of the rest may lack a validator; one from the start replaces all earlier bytes.
        this.#file.setValidator(offset === 0 ? validator : (validator ?? this.#file.validator));
      },
      restart: async () => {
        await this.#writer.drain();
        await this.#restart();
      },
    };
  }

  /** Hashes the partial file of an earlier process. */
  async #rehash(): Promise<void> {
    const { signal, onProgress } = this.#request;
    if (this.#file.offset === 0) return;
    for await (const piece of this.#file.read(signal)) await this.#hash.update(piece);
    this.#refuseSurplus(this.#file.offset);
    onProgress?.(this.#file.offset, this.#file.offset);
  }

  async #restart(): Promise<void> {
    await this.#file.truncate();
    this.#senders.clear();
    this.#beginHash();
    this.#isResumed = false;
  }

  /** True for errors that a stale or damaged first part may cause, and a transfer from the start may fix. */
  #isSeamFault(error: unknown): boolean {
    if (hasCode(error, "HTTP_UNEXPECTED")) return this.#file.offset > 0;
    return this.#isResumed && hasCode(error, "DIGEST_MISMATCH", "SIZE_MISMATCH", "BODY_TOO_LARGE");
  }

  #refuseSurplus(bytes: number): void {
    const { what, size, maxBytes } = this.#request;
    if (size !== null && bytes > size) throw wrongSize(what, size, "more");
    if (bytes <= maxBytes) return;
    throw new PkgError("BODY_TOO_LARGE", `Cannot use ${what}: it exceeds the limit of ${byteCount(maxBytes)}`);
  }

  async #verified(): Promise<ReceivedBlob> {
    const { digest, size, what } = this.#request;
    const found = this.#file.offset;
    if (size !== null && found !== size) throw wrongSize(what, size, String(found));
    const hashes = await this.#hash.digest();
    const received = { size: found, hashes, taken: this.#taken };
    if (digest === null) return received;
    const algorithm = digestAlgorithm(digest);
    if (hashes[algorithm] === digestHex(digest)) return received;
    throw new PkgError(
      "DIGEST_MISMATCH",
      `Cannot use ${what}: expected digest "${digest}", found "${algorithm}:${hashes[algorithm]}"`,
      { hint: "The content sent is not what was requested; try again, or use another source or mirror" },
    );
  }

  /** Hashes from the start of the file on. */
  #beginHash(): void {
    this.#hash.close();
    this.#hash = this.#newHash();
    this.#writer = this.#newWriter();
  }

  #newHash(): StreamHash {
    const { digest, hashes, size } = this.#request;
    return this.#createHash(withDigestAlgorithm(digest, hashes), size);
  }

  #newWriter(): PieceWriter {
    return new PieceWriter(this.#file, this.#hash, this.#request.size);
  }
}

function wrongSize(what: string, expected: number, found: string): PkgError {
  return new PkgError("SIZE_MISMATCH", `Cannot use ${what}: expected ${byteCount(expected)}, found ${found}`);
}

function interrupted(error: unknown, what: string): PkgError {
  return interruption(error, `Cannot receive ${what}: it was interrupted`);
}
