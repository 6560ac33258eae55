import { createHash, type Hash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { byteCount } from "../base/format-bytes.ts";
import { type Digest, type DigestAlgorithm, digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { DiskReserve } from "./disk-reserve.ts";
import { Problem } from "./problem.ts";
import type { RootFiles } from "./root-files.ts";
import type { RootPath } from "./root-path.ts";

/** An upload as it is found or started. */
export interface UploadOptions {
  readonly id: string;
  /** The name of the repository it was started in. */
  readonly name: string;
  readonly files: RootFiles;
  readonly reserve: DiskReserve;
  readonly path: RootPath;
  /** Bytes that have arrived already. */
  readonly size: number;
  /** The algorithm that its digest will probably have; the bytes are hashed with it while they arrive. */
  readonly algorithm: DigestAlgorithm;
  /** Milliseconds since 1970. */
  readonly touchedAt: number;
}

/** One body to be appended. */
export interface UploadBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Its length in bytes, as the client says; null when it does not say. */
  readonly expectedBytes: number | null;
  /** What the upload may grow to, in bytes; default: no limit. */
  readonly maxSize?: number;
  /** True once nothing more can come. */
  readonly isGone: () => boolean;
}

interface Appending {
  readonly isGone: () => boolean;
  readonly end: Promise<void>;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Bytes that the upload had by then. */
  readonly from: number;
}

/** How long, in ms, a request waits for an earlier body: even if its client has left, buffered bytes are still read. */
const SETTLING_MS = 1_000;

/** One upload: a file that grows by appended bodies, and their running hash. */
export class Upload {
  readonly id: string;
  readonly name: string;
  readonly path: RootPath;
  readonly #files: RootFiles;
  readonly #reserve: DiskReserve;
  readonly #algorithm: DigestAlgorithm;
  /** Null if bytes arrived in an earlier process: all of them are then hashed from the file. */
  #hash: Hash | null;
  #size: number;
  #touchedAt: number;
  #appending: Appending | null = null;
  #isSealed = false;

  constructor(options: UploadOptions) {
    this.id = options.id;
    this.name = options.name;
    this.path = options.path;
    this.#files = options.files;
    this.#reserve = options.reserve;
    this.#algorithm = options.algorithm;
    this.#hash = options.size === 0 ? createHash(options.algorithm) : null;
    this.#size = options.size;
    this.#touchedAt = options.touchedAt;
  }

  /** Bytes received. */
  get size(): number {
    return this.#size;
  }

  /** Milliseconds since 1970. */
  get touchedAt(): number {
    return this.#touchedAt;
  }

  get isBusy(): boolean {
    return this.#appending !== null;
  }

  /** How long the body that is being appended has taken, in ms, and how many bytes of it are here; null if there is none. */
  pace(now: number): { readonly ms: number; readonly bytes: number } | null {
    const appending = this.#appending;
    return appending === null ? null : { ms: now - appending.since, bytes: this.#size - appending.from };
  }

  /** Lets nothing more in, also of the body that is being appended. */
  giveUp(): void {
    this.#isSealed = true;
  }

  /** True once it has ended, with success or without. */
  get isSealed(): boolean {
    return this.#isSealed;
  }

  /**
   * Waits for bytes that are still in transit from a client that has left, so that `size` is what will be kept. A lost
   * connection is noticed only after its last byte is read, so a body that is still being appended gets a while to end.
   */
  async settled(): Promise<void> {
    const appending = this.#appending;
    if (appending === null) return;
    if (!appending.isGone()) await Promise.race([appending.end, delay(SETTLING_MS, undefined, { ref: false })]);
    if (appending.isGone()) await appending.end;
  }

  /**
   * Appends a body. If it breaks off, what arrived is kept, so that the client can continue from there; if it is not as
   * long as the client said, or too long, none of it is kept.
   *
   * @throws {Problem} TOOMANYREQUESTS while another body is being appended; SIZE_INVALID; and what the body throws
   * @throws {PkgError} DISK_FULL
   */
  async append(body: UploadBody): Promise<void> {
    if (this.#appending?.isGone() === true) await this.#appending.end;
    this.#checkFree();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#appending = { isGone: body.isGone, end: promise, since: Date.now(), from: this.#size };
    try {
      await this.#appendTo(await this.#openToWrite(), body);
    } finally {
      this.#appending = null;
      this.#touchedAt = Date.now();
      resolve();
    }
  }

  /**
   * Ends the upload, and makes its bytes durable if they have the digest. Nothing can be appended after the call, so
   * the bytes that were hashed are the bytes that are kept.
   *
   * @throws {Problem} DIGEST_INVALID; TOOMANYREQUESTS while a body is being appended; BLOB_UPLOAD_UNKNOWN once ended
   */
  async seal(digest: Digest): Promise<void> {
    this.#checkFree();
    this.#isSealed = true;
    const algorithm = digestAlgorithm(digest);
    const known = algorithm === this.#algorithm ? this.#hash : null;
    const found = known === null ? await this.#hashFile(algorithm) : known.copy().digest("hex");
    if (found !== digestHex(digest)) {
      throw new Problem("DIGEST_INVALID", `expected "${digest}", found "${algorithm}:${found}"`);
    }
    await this.#sync();
  }

  #checkFree(): void {
    if (this.#isSealed) throw new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${this.id}" has ended`);
    if (this.#appending === null) return;
    const headers = { "retry-after": "1" };
    throw new Problem("TOOMANYREQUESTS", `upload "${this.id}" is being written to already`, { headers });
  }

  async #appendTo(file: FileHandle, body: UploadBody): Promise<void> {
    const before = { size: this.#size, hash: this.#hash?.copy() ?? null };
    const most = Math.min(
      body.expectedBytes ?? Number.POSITIVE_INFINITY,
      (body.maxSize ?? Number.POSITIVE_INFINITY) - before.size,
    );
    let received = 0;
    try {
      for await (const chunk of body.chunks) {
        received += chunk.byteLength;
        if (received > most) break;
        if (this.#isSealed) throw new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${this.id}" has ended`);
        await this.#reserve.count(chunk.byteLength);
        await this.#write(file, chunk);
      }
      if (received <= most && received === (body.expectedBytes ?? received)) return;
      await file.truncate(before.size);
      this.#size = before.size;
      this.#hash = before.hash;
      throw wrongSize(body, received);
    } finally {
      await file.close();
    }
  }

  async #sync(): Promise<void> {
    const file = await this.#openToWrite();
    try {
      const { size } = await file.stat();
      if (size !== this.#size)
        throw new Error(`upload "${this.id}" has ${byteCount(size)}, and ${this.#size} were received`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Opens the bytes for reading; null once it has ended. */
  openToRead(): Promise<FileHandle | null> {
    return this.#files.openToRead(this.path);
  }

  async #openToWrite(): Promise<FileHandle> {
    const file = await this.#files.openToWrite(this.path);
    if (file === null) throw new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${this.id}" has ended`);
    return file;
  }

  async #hashFile(algorithm: DigestAlgorithm): Promise<string> {
    const file = await this.openToRead();
    if (file === null) throw new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${this.id}" has ended`);
    const hash = createHash(algorithm);
    // The stream closes the file.
    await pipeline(file.createReadStream({ highWaterMark: 256 * 1024 }), hash);
    return hash.digest("hex");
  }

  async #write(file: FileHandle, chunk: Uint8Array): Promise<void> {
    for (let written = 0; written < chunk.byteLength; ) {
      const { bytesWritten } = await file.write(chunk, written, chunk.byteLength - written, this.#size);
      this.#hash?.update(chunk.subarray(written, written + bytesWritten));
      written += bytesWritten;
      this.#size += bytesWritten;
    }
  }
}

function wrongSize({ expectedBytes, maxSize }: UploadBody, received: number): Problem {
  if (expectedBytes !== null && received !== expectedBytes) {
    return new Problem("SIZE_INVALID", `expected ${byteCount(expectedBytes)}, found ${received}`);
  }
  return new Problem("SIZE_INVALID", `the upload exceeds ${byteCount(maxSize)}`, { status: 413 });
}
