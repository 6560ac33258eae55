import type { Duplex } from "node:stream";
import { promisify } from "node:util";
import { constants, createGzip, createZstdCompress, zstdCompress } from "node:zlib";
import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { invalidArchive } from "./archive-error.ts";
import { decompressStream, isCompressed } from "./decompress-stream.ts";
import { refuseRatio } from "./extract-limits.ts";
import { splitStart } from "./split-start.ts";

export type Compression = "none" | "gzip" | "zstd";

/** Where a gzip header names the operating system: byte 9 (RFC 1952, section 2.3). */
const GZIP_SYSTEM_OFFSET = 9;
const UNKNOWN_SYSTEM = 255;

/** Compresses a stream. The result depends on nothing but the input and the compressor's version. */
export async function* compress(source: AsyncIterable<Uint8Array>, kind: Compression): AsyncGenerator<Uint8Array> {
  switch (kind) {
    case "none":
      return yield* source;
    case "zstd":
      return yield* compressedBy(source, createZstdCompress());
    case "gzip":
      return yield* withoutSystem(compressedBy(source, createGzip()));
  }
}

async function* compressedBy(source: AsyncIterable<Uint8Array>, compressor: Duplex): AsyncGenerator<Uint8Array> {
  const fed = feed(source, compressor);
  // The loop below fails with the same error; this keeps it from counting as unhandled.
  fed.catch(() => {});
  yield* compressor;
  await fed;
}

/**
 * Writes every chunk, and only then ends the stream. If the end were known while the last chunk is written, zstd would
 * write different bytes for that chunk, and whether that happens would depend on how busy the machine is.
 */
async function feed(source: AsyncIterable<Uint8Array>, compressor: Duplex): Promise<void> {
  try {
    for await (const chunk of source) await written(compressor, chunk);
    compressor.end();
  } catch (error) {
    compressor.destroy(error instanceof Error ? error : new Error("the source failed", { cause: error }));
    throw error;
  }
}

function written(stream: Duplex, chunk: Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  return promise;
}

/** Overwrites the operating system in the header: zlib writes the one that it was built for. */
async function* withoutSystem(gzip: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of gzip) {
    const at = GZIP_SYSTEM_OFFSET - position;
    position += chunk.byteLength;
    if (at >= 0 && at < chunk.byteLength) chunk[at] = UNKNOWN_SYSTEM;
    yield chunk;
  }
}

/**
 * Compresses a whole document with zstd, and adds a checksum of its content.
 *
 * The default level is used: most of an index is hashes, for which higher levels take ten times as long for nothing.
 */
export function compressDocument(document: Uint8Array): Promise<Buffer> {
  return zstd(document, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
}

const zstd = promisify(zstdCompress);

/**
 * Yields the bytes of a stream, decompressed if its first bytes show that it is gzip, zstd, xz or bzip2.
 *
 * @param maxRatio the most bytes that may come out for each byte that went in
 * @throws {PkgError} ARCHIVE_INVALID for data that is damaged, cut off, followed by other bytes, or exceeds the ratio
 */
export async function* decompress(source: AsyncIterable<Uint8Array>, maxRatio: number): AsyncGenerator<Uint8Array> {
  const { start, whole } = await splitStart(source, FORMAT_BYTES);
  const format = fileFormat(start);
  if (!isCompressed(format)) return yield* whole;
  const counted = countBytes(whole);
  let bytes = 0;
  for await (const chunk of decompressStream(counted, format, invalidArchive)) {
    bytes += chunk.byteLength;
    refuseRatio({ bytes, packedBytes: counted.bytes(), maxRatio });
    yield chunk;
  }
}

function countBytes(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> & { readonly bytes: () => number } {
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  return { [Symbol.asyncIterator]: counted, bytes: () => bytes };
}
