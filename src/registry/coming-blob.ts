import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { systemCode } from "../errors.ts";
import { type Exchange, setHead } from "./exchange.ts";
import { parseRoute } from "./route.ts";
import type { Upload } from "./upload.ts";

const READ_BYTES = 256 * 1024;

/** Tells those who follow it how far something is. */
export class Progress {
  #next = Promise.withResolvers<void>();
  #end: { readonly error: unknown } | null = null;

  /** Something was written. */
  tell(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** All was written and verified, or nothing more will be. */
  end(error: unknown): void {
    this.#end ??= { error };
    this.tell();
  }

  /** Waits for more. */
  async next(): Promise<void> {
    if (this.#end === null) await this.#next.promise;
  }

  /** True once all is there, verified. @throws what went wrong */
  get isDone(): boolean {
    if (this.#end === null) return false;
    if (this.#end.error !== null) throw this.#end.error;
    return true;
  }
}

/** An upload that is being filled. */
export interface ComingUpload {
  readonly upload: Upload;
  /** Bytes that it will have. */
  readonly size: number;
  readonly progress: Progress;
}

/** A blob that is read while it is written. */
export interface ComingBlob {
  readonly size: number;
  /** Once; the last byte is given when all of them hash to the digest. */
  readonly body: AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Null when the upload has ended already. */
export async function openComing(coming: ComingUpload): Promise<ComingBlob | null> {
  try {
    const file = await open(coming.upload.path, "r");
    return { size: coming.size, body: follow(file, coming), close: () => file.close() };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

async function* follow(file: FileHandle, { upload, size, progress }: ComingUpload): AsyncGenerator<Uint8Array> {
  for (let position = 0; position < size; ) {
    const end = progress.isDone ? size : Math.min(upload.size, size - 1);
    const wanted = Math.min(READ_BYTES, end - position);
    if (wanted > 0) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    } else {
      await progress.next();
    }
  }
}

/**
 * Answers a request for a whole blob that is not here with what the upstream has of it, while it comes: a client would
 * not wait in silence for a large one. False when it is to be answered in the ordinary way.
 *
 * @throws {Problem} of the path, and those of the upstream
 */
export async function sendComingBlob(exchange: Exchange, path: string): Promise<boolean> {
  const { request, response, method, storage, upstream } = exchange;
  const isWhole = request.headers.range === undefined && request.headers["if-none-match"] === undefined;
  if (upstream === null || !isWhole || (method !== "GET" && method !== "HEAD")) return false;
  const route = parseRoute(method, path);
  if (route.kind !== "blob" || (await storage.blobSize(route.name, route.digest)) !== null) return false;
  const head = (size: number) =>
    setHead(exchange, 200, {
      "content-type": "application/octet-stream",
      "content-length": size,
      "docker-content-digest": route.digest,
      etag: `"${route.digest}"`,
      "accept-ranges": "bytes",
    });
  if (method === "HEAD") {
    const size = await upstream.blobSize(route.name, route.digest);
    if (size === null) return false;
    head(size);
    response.end();
    return true;
  }
  const blob = await upstream.openBlob(route.name, route.digest);
  if (blob === null) return false;
  try {
    head(blob.size);
    await pipeline(blob.body, response);
  } finally {
    await blob.close();
  }
  return true;
}
