import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { PkgError, systemCode } from "../errors.ts";

export interface ContainerLimits {
  /** Bytes of the document, unpacked. */
  readonly maxBytes: number;
}

type Container = "zstd" | "gzip" | "json" | "xz" | "sqlite" | "html" | "unknown" | "empty";

/** First bytes by which a container is known (RFC 8878, RFC 1952, the xz and SQLite file formats). */
const MAGIC: readonly (readonly [Container, Buffer])[] = [
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ["gzip", Buffer.from([0x1f, 0x8b])],
  ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ["sqlite", Buffer.from("SQLite format 3\0", "latin1")],
];

/** Enough for every magic number. */
const HEAD_BYTES = 16;

/**
 * The JSON text inside an index file, whatever it is packed in: zstd, gzip or nothing, told by the first bytes.
 *
 * @throws {PkgError} INDEX_INVALID (not supported, truncated, damaged), INDEX_TOO_LARGE, and whatever `source` throws
 */
export async function* openContainer(
  source: AsyncIterable<Uint8Array>,
  limits: ContainerLimits,
): AsyncGenerator<Uint8Array> {
  const { head, whole } = await readHead(source);
  let total = 0;
  for await (const chunk of unpack(detect(head), whole)) {
    total += chunk.length;
    if (total > limits.maxBytes) throw tooLarge(limits.maxBytes);
    yield chunk;
  }
}

/** Reads as far as the head needs; `whole` then gives the same bytes from the beginning. */
async function readHead(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  return { head: Buffer.concat(first).subarray(0, HEAD_BYTES), whole: replay(first, iterator) };
}

async function* replay(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function detect(head: Buffer): Container {
  if (head.length === 0) return "empty";
  const found = MAGIC.find(([, magic]) => head.subarray(0, magic.length).equals(magic));
  if (found !== undefined) return found[0];
  const text = head
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (text === "" || text.startsWith("[") || text.startsWith("{")) return "json";
  return text.startsWith("<") ? "html" : "unknown";
}

function unpack(container: Container, whole: AsyncGenerator<Uint8Array>): AsyncIterable<Uint8Array> {
  switch (container) {
    case "json":
      return whole;
    case "zstd":
      return decompress(whole, createZstdDecompress(), "zstd");
    case "gzip":
      return decompress(whole, createGunzip(), "gzip");
    case "xz":
      throw invalid("it is packed with xz, which is not supported", "Use the address that ends in .json.zstd or .json");
    case "sqlite":
      throw invalid(
        "it is a SQLite database, which is not supported",
        "Use the address that ends in .json.zstd or .json",
      );
    case "html":
      throw invalid("it is a web page, expected JSON", "Check the repository's address with `pkg repo list`");
    case "empty":
      throw invalid("it is empty");
    case "unknown":
      throw invalid(
        "its first bytes are neither JSON nor zstd nor gzip",
        "Check the repository's address with `pkg repo list`",
      );
  }
}

async function* decompress(
  whole: AsyncIterable<Uint8Array>,
  unpacker: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let fed = 0;
  const counted = async function* () {
    for await (const chunk of whole) {
      fed += chunk.length;
      yield chunk;
    }
  };
  const flow = pipeline(Readable.from(counted(), { objectMode: false }), unpacker);
  // The same error reaches the reader below; this keeps it from counting as unhandled.
  flow.catch(() => {});
  try {
    for await (const chunk of unpacker) yield chunk;
    // Node stops at the first byte after a zstd frame that begins no other: without a word, or by giving up the source.
    const failure = await flow.then(
      () => null,
      (error: unknown) => error,
    );
    if (unpacker.bytesWritten < fed)
      throw invalid(`its ${name} data is followed by other bytes`, undefined, failure ?? undefined);
    if (failure !== null) throw failure;
  } catch (error) {
    throw isUnpackError(error) ? invalid(`its ${name} data is truncated or damaged`, undefined, error) : error;
  } finally {
    unpacker.destroy();
  }
}

/** A premature close is the unpacker ending while there were bytes to come. */
function isUnpackError(error: unknown): boolean {
  return /^(?:Z|ZSTD)_|^ERR_TRAILING_JUNK|^ERR_STREAM_PREMATURE_CLOSE/.test(systemCode(error) ?? "");
}

function tooLarge(maxBytes: number): PkgError {
  return new PkgError("INDEX_TOO_LARGE", `Cannot read the index: it is larger than ${maxBytes} bytes once unpacked`);
}

function invalid(reason: string, hint?: string, cause?: unknown): PkgError {
  const options = { ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) };
  return new PkgError("INDEX_INVALID", `Cannot read the index: ${reason}`, options);
}
