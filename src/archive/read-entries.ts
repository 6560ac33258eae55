import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { byteCount } from "../base/format-bytes.ts";
import { hashStream } from "../base/hashes.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { invalidArchive } from "./archive-error.ts";
import { decompress } from "./compression.ts";
import { isCompressed } from "./decompress-stream.ts";
import type { ExtractLimits } from "./extract-limits.ts";
import { gunzipInPlace } from "./gunzip-in-place.ts";
import { isTarStart } from "./read-header.ts";
import { readTar, readTarFrom } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";
import { splitStart } from "./split-start.ts";
import { BLOCK_BYTES } from "./tar-block.ts";
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
  const format = fileFormat(start);
  if (isZipStart(start)) return zipEntries(request, whole);
  const inPlace = format === "gzip" && isInPlace(request) ? gunzipInPlace(whole, request.limits.maxRatio) : null;
  if (inPlace !== null) return { entries: readTarFrom(inPlace), hex: () => null };
  return tarEntries(request, whole, isCompressed(format));
}

/** Nobody sees the unpacked bytes but who reads the entries. */
function isInPlace({ isTransient = false, single, sha256 }: EntriesRequest): boolean {
  return isTransient && single === undefined && sha256 === null;
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
  { single, limits, sha256 }: EntriesRequest,
  whole: AsyncIterable<Uint8Array>,
  isPacked: boolean,
): Promise<Entries> {
  const unpacked = decompress(whole, limits.maxRatio);
  const bytes = sha256 === null ? { chunks: unpacked, hex: () => null } : hashStream(unpacked, "sha256");
  if (single === undefined || !isPacked) return { entries: readTar(bytes.chunks), hex: bytes.hex };
  const opened = await splitStart(bytes.chunks, BLOCK_BYTES);
  const entries = isTarStart(opened.start) ? readTar(opened.whole) : onlyEntry(single, opened.whole, limits);
  return { entries, hex: bytes.hex };
}

/** The bytes of a compressed file as the only entry. Their number is not known before; it is limited all the same. */
async function* onlyEntry(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  { maxBytes }: ExtractLimits,
): AsyncGenerator<ArchiveEntry> {
  async function* body(): AsyncGenerator<Uint8Array> {
    let size = 0;
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      if (size > maxBytes) throw invalidArchive(`it has more than ${byteCount(maxBytes)}`);
      yield chunk;
    }
  }
  yield { kind: "file", path, target: "", mode: 0o755, size: 0, body: body() };
}
