import { createHash, type Hash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { syncDirectory } from "../fs/atomic.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { Layout } from "./layout.ts";
import { Problem } from "./problem.ts";

const MAX_OPEN_UPLOADS = 1024;

/** Uploads in progress; they live as long as the process. */
export interface Uploads {
  start(name: string): Promise<Upload>;
  /** @throws {Problem} BLOB_UPLOAD_UNKNOWN */
  find(name: string, id: string): Upload;
  cancel(upload: Upload): Promise<void>;
  /** Checks the digest and moves the bytes into the shared blobs, durably. @throws {Problem} DIGEST_INVALID */
  finish(upload: Upload, digest: Digest): Promise<void>;
  close(): Promise<void>;
}

export function createUploads(layout: Layout): Uploads {
  const open = new Map<string, Upload>();
  async function cancel(upload: Upload): Promise<void> {
    open.delete(upload.id);
    await upload.close();
    await rm(upload.path, { force: true });
  }
  return {
    async start(name) {
      if (open.size >= MAX_OPEN_UPLOADS) throw new Problem("TOOMANYREQUESTS", "too many uploads are open");
      const upload = await Upload.create(layout.uploads, name);
      open.set(upload.id, upload);
      return upload;
    },
    find(name, id) {
      const upload = open.get(id);
      if (upload?.name === name) return upload;
      throw new Problem("BLOB_UPLOAD_UNKNOWN", `upload "${id}" is not known`);
    },
    cancel,
    async finish(upload, digest) {
      try {
        await upload.verify(digest);
        await upload.close();
        const target = layout.blob(digest);
        await rename(upload.path, target);
        syncDirectory(dirname(target));
      } finally {
        await cancel(upload);
      }
    },
    async close() {
      for (const upload of [...open.values()]) await cancel(upload);
    },
  };
}

/** One upload: a file that grows by appended bodies, and their running SHA-256. */
export class Upload {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly #handle: FileHandle;
  #hash: Hash = createHash("sha256");
  #size = 0;
  #busy = false;

  private constructor(id: string, name: string, path: string, handle: FileHandle) {
    this.id = id;
    this.name = name;
    this.path = path;
    this.#handle = handle;
  }

  static async create(directory: string, name: string): Promise<Upload> {
    const id = randomUUID();
    const path = join(directory, id);
    return new Upload(id, name, path, await open(path, "wx"));
  }

  /** Bytes received. */
  get size(): number {
    return this.#size;
  }

  /** Appends a body, all of it or, when it breaks off or is not `expectedBytes` long, nothing. */
  async append(body: AsyncIterable<Uint8Array>, expectedBytes: number | null): Promise<void> {
    if (this.#busy) throw new Problem("BLOB_UPLOAD_INVALID", `upload "${this.id}" is being written to already`);
    this.#busy = true;
    const before = { size: this.#size, hash: this.#hash.copy() };
    try {
      for await (const chunk of body) await this.#write(chunk);
      const received = this.#size - before.size;
      if (expectedBytes !== null && received !== expectedBytes) {
        throw new Problem("SIZE_INVALID", `expected ${expectedBytes} bytes, found ${received}`);
      }
    } catch (error) {
      await this.#handle.truncate(before.size);
      this.#size = before.size;
      this.#hash = before.hash;
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  async verify(digest: Digest): Promise<void> {
    const algorithm = digestAlgorithm(digest);
    const found = algorithm === "sha256" ? this.#hash.digest("hex") : await hashFile(this.path, algorithm);
    if (found !== digestHex(digest)) {
      throw new Problem("DIGEST_INVALID", `expected "${digest}", found "${algorithm}:${found}"`);
    }
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    for (let written = 0; written < chunk.byteLength; ) {
      const rest = chunk.byteLength - written;
      const { bytesWritten } = await this.#handle.write(chunk, written, rest, this.#size);
      written += bytesWritten;
      this.#size += bytesWritten;
    }
  }
}

async function hashFile(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), hash);
  return hash.digest("hex");
}
