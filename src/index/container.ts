import { decompressStream, isCompressed } from "../archive/decompress-stream.ts";
import { splitStart } from "../archive/split-start.ts";
import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { byteCount } from "../base/format-bytes.ts";
import { PkgError } from "../errors.ts";

const OTHER_ADDRESS =
  "It states no SHA-256 of its packages; use the address that ends in .json.zstd, .json.xz or .json";
const CHECK_ADDRESS = "Check the repository's address with `pkg repo list`";
const WEB_PAGE =
  "Check the repository's address with `pkg repo list`; a network that wants you to log in first answers like this too: open any web page in a browser";

export interface ContainerLimits {
  /** The largest document, in bytes once unpacked. */
  readonly maxBytes: number;
}

/**
 * Yields the JSON text of an index file, decompressed if its first bytes show that it is zstd, gzip, xz or bzip2.
 *
 * @throws {PkgError} INDEX_INVALID (not supported, truncated, damaged), INDEX_TOO_LARGE, and whatever `source` throws
 */
export async function* openContainer(
  source: AsyncIterable<Uint8Array>,
  limits: ContainerLimits,
): AsyncGenerator<Uint8Array> {
  const { start, whole } = await splitStart(source, FORMAT_BYTES);
  try {
    let total = 0;
    for await (const chunk of unpack(start, whole)) {
      total += chunk.length;
      if (total > limits.maxBytes) throw tooLarge(limits.maxBytes);
      yield chunk;
    }
  } finally {
    await whole.return(undefined);
  }
}

async function* unpack(start: Buffer, whole: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const format = fileFormat(start);
  if (!isCompressed(format)) {
    refuseOtherText(start);
    return yield* whole;
  }
  const bytes = decompressStream(whole, format, (problem, cause) => invalid(problem, undefined, cause));
  const unpacked = await splitStart(bytes, FORMAT_BYTES);
  refuseDatabase(unpacked.start);
  yield* unpacked.whole;
}

function refuseDatabase(start: Buffer): void {
  if (fileFormat(start) === "sqlite") throw invalid("it is a SQLite database, which is not supported", OTHER_ADDRESS);
}

/** @throws {PkgError} INDEX_INVALID for a text that does not begin like JSON */
function refuseOtherText(start: Buffer): void {
  if (start.length === 0) throw invalid("it is empty");
  refuseDatabase(start);
  const text = start
    .toString("latin1", 0, FORMAT_BYTES)
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (text === "" || text.startsWith("[") || text.startsWith("{")) return;
  if (text.startsWith("<")) throw invalid("it is a web page, expected JSON", WEB_PAGE);
  throw invalid("its first bytes are neither JSON nor zstd, gzip or xz", CHECK_ADDRESS);
}

function tooLarge(maxBytes: number): PkgError {
  return new PkgError(
    "INDEX_TOO_LARGE",
    `Cannot read the index: it is larger than ${byteCount(maxBytes)} once unpacked`,
  );
}

function invalid(reason: string, hint?: string, cause?: unknown): PkgError {
  const options = { ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) };
  return new PkgError("INDEX_INVALID", `Cannot read the index: ${reason}`, options);
}
