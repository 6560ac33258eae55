import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";
import { formatCount } from "../base/age.ts";
import { FORMAT_BYTES, fileFormat } from "../base/file-format.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { EXECUTABLE_BITS } from "../fs/modes.ts";
import { openForReading } from "../fs/read-file.ts";
import type { ArchiveEntry } from "./archive-entry.ts";
import { invalidArchive } from "./archive-error.ts";
import { type CompressedFormat, decompressStream } from "./decompress-stream.ts";
import { type ExtractLimits, refuseRatio } from "./extract-limits.ts";
import { splitStart } from "./split-start.ts";
import { describeZipEntry } from "./zip-entry.ts";
import { checkLocalHeader, ZipRanges } from "./zip-layout.ts";

type ZipLimits = Pick<ExtractLimits, "maxEntries" | "maxRatio">;
type OpenEntry = ArchiveEntry & { readonly body: AsyncGenerator<Uint8Array> };

/** How entries may be compressed, besides deflate (8) and not at all (0). APPNOTE 6.3.10, 4.4.5. */
const METHODS: Readonly<Record<number, CompressedFormat>> = { 12: "bzip2", 93: "zstd", 95: "xz" };
const MAX_TARGET_BYTES = 4096;
const DIRECTORY_MODE = 0o755;

/**
 * Yields the entries of a zip file, as its central directory lists them. What may be run is told by content, because many zip
 * files have no modes, or wrong ones.
 *
 * @throws {PkgError} ARCHIVE_INVALID for a file that is damaged, cut off, encrypted or in several parts, or whose entries
 * overlap or have two names; FILE_SYSTEM, PERMISSION_DENIED
 * @see PKWARE, APPNOTE.TXT 6.3.10
 */
export async function* readZip(path: string, limits: ZipLimits): AsyncGenerator<ArchiveEntry> {
  const handle = await openForReading(path).catch((error: unknown) => {
    throw fileSystemError(error, `read "${path}"`);
  });
  try {
    yield* entriesOf(handle, limits);
  } catch (error) {
    throw zipError(error, path);
  } finally {
    await handle.close();
  }
}

async function* entriesOf(handle: FileHandle, { maxEntries, maxRatio }: ZipLimits): AsyncGenerator<ArchiveEntry> {
  // Loaded here: zip is rare.
  const { default: yauzl } = await import("yauzl");
  const zip = await yauzl.fromFdPromise(handle.fd, { autoClose: false, decodeStrings: false });
  if (zip.entryCount > maxEntries) throw invalidArchive(`it has more than ${formatCount(maxEntries, "entry")}`);
  const ranges = new ZipRanges();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const described = describeZipEntry(entry, (bytes) =>
      yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, bytes, entry.extraFields, true),
    );
    ranges.add(entry, await checkLocalHeader(zip, entry, described.path));
    bytes += entry.uncompressedSize;
    refuseRatio({ bytes, packedBytes: zip.fileSize, maxRatio });
    const found = await withContent(zip, entry, described);
    yield found;
    await found.body.return(undefined);
  }
  ranges.refuseOverlaps();
}

async function withContent(
  zip: ZipFile,
  entry: Entry,
  { kind, path, mode }: ReturnType<typeof describeZipEntry>,
): Promise<OpenEntry> {
  if (kind === "directory") {
    if (entry.uncompressedSize > 0) throw invalidArchive(`"${path}" is a directory and has content`);
    return { kind, path, target: "", mode: mode ?? DIRECTORY_MODE, size: 0, body: none() };
  }
  const content = contentOf(zip, entry, path);
  if (kind === "symlink")
    return { kind, path, target: await readTarget(content, entry, path), mode: 0o777, size: 0, body: none() };
  const { start, whole } = await splitStart(content, FORMAT_BYTES);
  const isProgram = ["elf", "script"].includes(fileFormat(start) ?? "");
  return {
    ...{ kind, path, target: "", size: entry.uncompressedSize, body: whole },
    mode: (mode ?? 0o644) | (isProgram ? EXECUTABLE_BITS : 0),
  };
}

async function* none(): AsyncGenerator<Uint8Array> {}

/** The content of an entry, compared with the size and the checksum that the directory states. */
async function* contentOf(zip: ZipFile, entry: Entry, path: string): AsyncGenerator<Uint8Array> {
  let [size, checksum] = [0, 0];
  try {
    for await (const chunk of await openContent(zip, entry, path)) {
      size += chunk.byteLength;
      if (size > entry.uncompressedSize) break;
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    throw zipError(error, path);
  }
  if (size !== entry.uncompressedSize) throw invalidArchive(`the size of "${path}" is not what its directory states`);
  if (checksum !== entry.crc32) throw invalidArchive(`the checksum of "${path}" is wrong`);
}

async function openContent(zip: ZipFile, entry: Entry, path: string): Promise<AsyncIterable<Uint8Array>> {
  if (entry.isEncrypted()) throw invalidArchive(`"${path}" is encrypted`);
  if (entry.canDecodeFileData()) return zip.openReadStreamPromise(entry);
  const format = METHODS[entry.compressionMethod];
  if (format === undefined) {
    throw invalidArchive(`"${path}" is compressed by method ${entry.compressionMethod}, which is not supported`);
  }
  return decompressStream(await zip.openReadStreamPromise(entry, { decodeFileData: false }), format, invalidArchive);
}

async function readTarget(content: AsyncIterable<Uint8Array>, entry: Entry, path: string): Promise<string> {
  if (entry.uncompressedSize > MAX_TARGET_BYTES)
    throw invalidArchive(`the link "${path}" points to a name that is too long`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The library says everything in words of its own, and Node what it could not inflate. */
function zipError(error: unknown, path: string): unknown {
  if (error instanceof PkgError) return error;
  const code = systemCode(error);
  if (code !== undefined && !/^(?:Z_|ERR_)/.test(code)) return fileSystemError(error, `read "${path}"`);
  return invalidArchive(
    `its zip data is truncated or damaged (${error instanceof Error ? error.message : "unknown"})`,
    error,
  );
}
