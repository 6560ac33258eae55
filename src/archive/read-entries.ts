import { type FileFormat, FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { byteCount } from "../base/format-bytes.ts";
import { hashStream } from "../base/hashes.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { invalidArchive } from "./archive-error.ts";
import type { ByteInput } from "./byte-reader.ts";
import { isCompressed } from "./decompress-stream.ts";
import type { ExtractLimits } from "./extract-limits.ts";
import { isTarStart } from "./read-header.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";
import { splitStart } from "./split-start.ts";
import { BLOCK_BYTES } from "./tar-block.ts";
import { unpackedInput } from "./unpacked-input.ts";
import { isZipStart } from "./zip-layout.ts";

/** What to read entries from, and how. */
export interface EntriesRequest {
  readonly source: AsyncIterable<Uint8Array>;
  readonly file?: string;
  readonly single?: string;
  readonly limits: ExtractLimits;
  /** Null: nobody asks what it is. */
  readonly sha256: string | null;
  /** True when each piece of a body is used up before the next one is asked for. */
  readonly isTransient?: boolean;
}

/** The entries of an archive, unchecked, and the SHA-256 of the unpacked bytes once all have been read. */
export interface Entries {
  readonly entries: AsyncIterable<ArchiveEntry>;
  /** In hex; null when nobody asks. */
  readonly hex: () => string | null;
}

/** Opens an archive of any kind, told by its first bytes. @throws {PkgError} ARCHIVE_INVALID; and those of `source` */
export async function readEntries(request: EntriesRequest): Promise<Entries> {
  const { start, whole } = await splitStart(request.source, FORMAT_BYTES);
  return isZipStart(start) ? zipEntries(request, whole) : tarEntries(request, whole, fileFormat(start));
}

/** All of the source is read too: whoever gave it may be hashing it. */
function zipEntries({ file, limits }: EntriesRequest, whole: AsyncGenerator<Uint8Array>): Entries {
  const bytes = hashStream(whole, "sha256");
  async function* entries(): AsyncGenerator<ArchiveEntry> {
    try {
      if (file === undefined) throw invalidArchive("it is a zip archive, expected a tar");
      yield* readZip(file, limits);
      for await (const _rest of bytes.chunks);
    } finally {
      // What was never read of it would stay open.
      await whole.return(undefined);
    }
  }
  return { entries: entries(), hex: bytes.hex };
}

async function tarEntries(
  request: EntriesRequest,
  whole: AsyncGenerator<Uint8Array>,
  format: FileFormat | null,
): Promise<Entries> {
  const { single, limits, sha256, isTransient = false } = request;
  const algorithm = sha256 === null ? null : "sha256";
  const isGzip = format === "gzip";
  const { input, hex } = unpackedInput({ source: whole, isGzip, maxRatio: limits.maxRatio, algorithm, isTransient });
  if (single === undefined || !isCompressed(format) || (await startsTar(input)))
    return { entries: readTar(input), hex };
  return { entries: onlyEntry(single, input, limits), hex };
}

async function startsTar(input: ByteInput): Promise<boolean> {
  try {
    return isTarStart(await input.peek(BLOCK_BYTES));
  } catch (error) {
    await input.close();
    throw error;
  }
}

/** The bytes of a compressed file as the only entry. Their number is not known before; it is limited all the same. */
async function* onlyEntry(path: string, input: ByteInput, { maxBytes }: ExtractLimits): AsyncGenerator<ArchiveEntry> {
  async function* body(): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of input.stream(Number.POSITIVE_INFINITY)) {
      size += chunk.byteLength;
      if (size > maxBytes) throw invalidArchive(`it has more than ${byteCount(maxBytes)}`);
      yield chunk;
    }
  }
  try {
    yield { kind: "file", path, target: "", mode: 0o755, size: 0, body: body() };
  } finally {
    await input.close();
  }
}
