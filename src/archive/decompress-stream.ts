import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { FileFormat } from "../base/file-format.ts";
import { systemCode } from "../errors.ts";
import type { MakeArchiveError } from "./archive-error.ts";
import { bunzip2 } from "./bunzip2.ts";
import { DamagedBzip2 } from "./bunzip2-bits.ts";
import { DamagedXz, unxz } from "./unxz.ts";

/** Formats that can be decompressed. */
export type CompressedFormat = "gzip" | "zstd" | "xz" | "bzip2";

/** Much larger than Node's default: every chunk is handed to another thread and back, which takes as long as to unpack 64 KiB. */
const CHUNK_BYTES = 256 * 1024;

const DECOMPRESSORS = {
  gzip: () => createGunzip({ chunkSize: CHUNK_BYTES }),
  zstd: () => createZstdDecompress({ chunkSize: CHUNK_BYTES }),
} as const;

/** True for a format that decompressStream() knows. */
export function isCompressed(format: FileFormat | null): format is CompressedFormat {
  return format === "gzip" || format === "zstd" || format === "xz" || format === "bzip2";
}

/**
 * Decompresses a whole stream as it arrives. Several frames, or members, in a row count as one stream; any other bytes
 * after them are refused, because some readers would ignore them and others would not.
 *
 * @throws {PkgError} what `invalid` makes; and whatever the source throws
 */
export function decompressStream(
  source: AsyncIterable<Uint8Array>,
  format: CompressedFormat,
  invalid: MakeArchiveError,
): AsyncGenerator<Uint8Array> {
  switch (format) {
    case "gzip":
    case "zstd":
      return decompressByNode(source, format, invalid);
    case "xz":
      return withWords(unxz(source), (error) =>
        error instanceof DamagedXz
          ? invalid("its xz data is truncated, damaged or followed by other bytes", error)
          : null,
      );
    case "bzip2":
      return withWords(bunzip2(source), (error) =>
        error instanceof DamagedBzip2 ? invalid(`its bzip2 data is ${error.message}`, error) : null,
      );
  }
}

/** Replaces the errors that `wordsFor` has words for. */
async function* withWords(
  bytes: AsyncIterable<Uint8Array>,
  wordsFor: (error: unknown) => Error | null,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw wordsFor(error) ?? error;
  }
}

async function* decompressByNode(
  source: AsyncIterable<Uint8Array>,
  format: keyof typeof DECOMPRESSORS,
  invalid: MakeArchiveError,
): AsyncGenerator<Uint8Array> {
  const decompressor = DECOMPRESSORS[format]();
  const counted = countBytes(source);
  const flow = pipeline(Readable.from(counted.chunks(), { objectMode: false }), decompressor);
  // The same error reaches the reader below; this keeps it from counting as unhandled.
  flow.catch(() => {});
  try {
    yield* decompressor;
    // Node stops at the first byte after a frame that does not begin another one, silently or by abandoning the source.
    const failure = await flow.then(
      () => null,
      (error: unknown) => error,
    );
    if (decompressor.bytesWritten < counted.bytes()) {
      throw invalid(`its ${format} data is followed by other bytes`, failure ?? undefined);
    }
    if (failure !== null) throw failure;
  } catch (error) {
    throw isDataError(error) ? invalid(`its ${format} data ${problemOf(error)}`, error) : error;
  } finally {
    decompressor.destroy();
  }
}

function countBytes(source: AsyncIterable<Uint8Array>) {
  let bytes = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      yield chunk;
    }
  }
  return { chunks, bytes: () => bytes };
}

const ZSTD_PROBLEMS: ReadonlyMap<string | undefined, string> = new Map([
  ["ZSTD_error_frameParameter_windowTooLarge", "needs more than 128 MiB of memory to unpack"],
  ["ZSTD_error_dictionary_wrong", "was compressed with a dictionary, which is needed to unpack it"],
]);

function problemOf(error: unknown): string {
  return ZSTD_PROBLEMS.get(systemCode(error)) ?? "is truncated or damaged";
}

/** Whether packed data is at fault. A premature close means that the decompressor ended while more bytes were to come. */
export function isDataError(error: unknown): boolean {
  return /^(?:Z|ZSTD)_|^ERR_ZSTD|^ERR_TRAILING_JUNK|^ERR_STREAM_PREMATURE_CLOSE/.test(systemCode(error) ?? "");
}
