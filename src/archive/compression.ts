import { type Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from "node:zlib";
import { systemCode } from "../errors.ts";
import { invalidArchive } from "./archive-error.ts";
import { splitStart } from "./split-start.ts";

export type Compression = "none" | "gzip" | "zstd";

const MAGIC_BYTES = 4;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Where a gzip header tells the operating system. */
const GZIP_SYSTEM_OFFSET = 9;
const UNKNOWN_SYSTEM = 255;

/** Below this no ratio is looked at: small files of zeros are no attack. */
const HARMLESS_BYTES = 128 * 1024 * 1024;

/** Compresses a stream; its bytes depend on nothing but the input and the compressor's version. */
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
  // It also fails where the loop below does, which tells it.
  fed.catch(() => {});
  yield* compressor;
  await fed;
}

/**
 * Chunk after chunk, and the end by itself: a stream that has its end early hands the last chunk to the compressor as the
 * last one, and zstd then writes other bytes. Whether it does so would depend on how busy the machine is.
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

/** zlib names the operating system it was built for in the header. */
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
 * The bytes of a stream that may be compressed with gzip or zstd, which its first bytes tell.
 *
 * @param maxRatio how many times as many bytes may come out as went in
 * @throws {PkgError} ARCHIVE_INVALID for what is damaged, cut off or grows beyond the ratio
 */
export async function* decompress(source: AsyncIterable<Uint8Array>, maxRatio: number): AsyncGenerator<Uint8Array> {
  const { start, whole } = await splitStart(source, MAGIC_BYTES);
  const decompressor = decompressorFor(start);
  if (decompressor === null) return yield* whole;
  const counted = countBytes(whole);
  let bytes = 0;
  try {
    for await (const chunk of through(counted, decompressor)) {
      bytes += chunk.byteLength;
      if (bytes > HARMLESS_BYTES && bytes > maxRatio * counted.bytes()) {
        throw invalidArchive(`it grows to more than ${maxRatio} times its size`);
      }
      yield chunk;
    }
  } catch (error) {
    throw /^(?:Z_|ZSTD_|ERR_ZSTD)/.test(systemCode(error) ?? "")
      ? invalidArchive("its compressed bytes are damaged or cut off", error)
      : error;
  }
}

function decompressorFor(start: Buffer): Duplex | null {
  if (start.subarray(0, 2).equals(GZIP_MAGIC)) return createGunzip();
  return start.subarray(0, 4).equals(ZSTD_MAGIC) ? createZstdDecompress() : null;
}

async function* through(source: AsyncIterable<Uint8Array>, transform: Duplex): AsyncGenerator<Uint8Array> {
  const fed = pipeline(Readable.from(source, { objectMode: false }), transform);
  // It also fails where the loop below does, which tells it.
  fed.catch(() => {});
  yield* transform;
  await fed;
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
