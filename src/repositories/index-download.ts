import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { byteCount } from "../base/format-bytes.ts";
import { createMultiHash } from "../base/hashes.ts";
import { PkgError } from "../errors.ts";
import { privateDirectory } from "../fs/directories.ts";
import { draftPath } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFile } from "../fs/new-file.ts";
import { streamFile } from "../fs/read-file.ts";

/** Bytes of an index at most, compressed as it is served. */
export const MAX_DOWNLOAD_BYTES = 512 * 1024 * 1024;

/** The raw bytes of an index in a file. */
export interface DownloadedIndex {
  readonly path: string;
  readonly bytes: number;
  /** Hex, over the bytes as they were sent, which are what a signature covers; an index need not have one. @throws {PkgError} FILE_SYSTEM */
  readonly blake2b512: () => Promise<string>;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** True if its bytes came in several parts, and only the server's ETag shows that they are of one version. */
  readonly isResumed: boolean;
  remove(): void;
}

export interface DownloadFacts {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly declaredBytes: number | null;
  readonly maxBytes: number;
  readonly onProgress: (bytes: number) => void;
}

/**
 * Streams `body` into a new file beside `indexPath`, at most `maxBytes` of it.
 *
 * @throws {PkgError} INDEX_TOO_LARGE, DISK_FULL, PERMISSION_DENIED, and what the body throws
 */
export async function storeDownload(
  indexPath: string,
  body: AsyncIterable<Uint8Array>,
  facts: DownloadFacts,
): Promise<DownloadedIndex> {
  refuseLargeIndex(facts);
  privateDirectory(dirname(indexPath));
  const path = draftPath(indexPath, "download");
  try {
    const bytes = await write(path, body, facts);
    return {
      path,
      bytes,
      blake2b512: () => hashFile(path),
      etag: facts.etag,
      lastModified: facts.lastModified,
      isResumed: false,
      remove: () => rmSync(path, { force: true }),
    };
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createMultiHash(["blake2b512"]);
  for await (const chunk of streamFile(path, { pieceBytes: HASHED_BYTES })) hash.update(chunk);
  return hash.digest().blake2b512 ?? "";
}

/** How much is read at a time. */
const HASHED_BYTES = 1024 * 1024;

async function write(path: string, body: AsyncIterable<Uint8Array>, facts: DownloadFacts): Promise<number> {
  const file = await createFile(path);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > facts.maxBytes) throw indexTooLarge(bytes, facts.maxBytes);
      await writeChunk(file, chunk, path);
      facts.onProgress(bytes);
    }
  } finally {
    await file.close();
  }
  return bytes;
}

async function writeChunk(file: { appendFile(chunk: Uint8Array): Promise<unknown> }, chunk: Uint8Array, path: string) {
  try {
    await file.appendFile(chunk);
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}

/** @throws {PkgError} INDEX_TOO_LARGE over the limit; null, an unknown size, passes */
function refuseLargeIndex({ declaredBytes: bytes, maxBytes }: DownloadFacts): void {
  if (bytes !== null && bytes > maxBytes) throw indexTooLarge(bytes, maxBytes);
}

/** Why an index of at least `bytes` bytes is refused. */
export function indexTooLarge(bytes: number, maxBytes: number, cause?: unknown): PkgError {
  return new PkgError(
    "INDEX_TOO_LARGE",
    `Cannot read the index: it is ${byteCount(bytes)} or more, at most ${maxBytes} allowed`,
    { cause },
  );
}
