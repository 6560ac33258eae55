import type { FileHandle } from "node:fs/promises";
import { indexTar, type TarFile } from "../archive/index-tar.ts";
import { byteCount } from "../base/format-bytes.ts";
import { hasCode, PkgError, type PkgErrorOptions, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openForReading } from "../fs/read-file.ts";
import { stampOf } from "../fs/stamp.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { checkLayoutFile } from "./directory.ts";
import { type LayoutIndex, MAX_LAYOUT_FILE_BYTES, MAX_LAYOUT_INDEX_BYTES, parseLayoutIndex } from "./index-json.ts";
import { readFileFrom } from "./read-file.ts";

/** The index of a layout in a tar, at the time it was read. */
export interface HeldLayout {
  /** Identifies the version of the file, to detect changes. */
  readonly stamp: string;
  readonly blobs: ReadonlyMap<Digest, TarFile>;
  readonly index: LayoutIndex;
}

/**
 * Indexes a tar of a layout; null if the file does not exist.
 *
 * @throws {PkgError} ARCHIVE_INVALID, LAYOUT_INVALID, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function openHeld(file: string, location: string): Promise<HeldLayout | null> {
  const handle = await openFile(file).catch((error: unknown) => {
    // A FIFO, say.
    throw hasCode(error, "FILE_SYSTEM") && systemCode(error.cause) === undefined
      ? invalidArchiveLayout(location, "it is not a plain file")
      : error;
  });
  if (handle === null) return null;
  try {
    if (!(await handle.stat()).isFile()) throw invalidArchiveLayout(location, "it is not a plain file");
    const files = await indexTar(handle, file);
    if (!files.has("oci-layout") && files.has("manifest.json")) throw dockerSaved(file, location);
    checkLayoutFile(
      await readEntry(handle, { files, name: "oci-layout", maxBytes: MAX_LAYOUT_FILE_BYTES, location }),
      location,
    );
    const index = await readEntry(handle, { files, name: "index.json", maxBytes: MAX_LAYOUT_INDEX_BYTES, location });
    return {
      stamp: stampOf(await handle.stat({ bigint: true })),
      index: parseLayoutIndex(index),
      blobs: blobsOf(files),
    };
  } catch (error) {
    throw fileSystemError(error, `read "${file}"`);
  } finally {
    await handle.close();
  }
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal;
}

/**
 * Reads a range of the archive's bytes. The file is opened for each read, so that an archive that is never closed does
 * not keep it open.
 *
 * @throws {PkgError} ARCHIVE_INVALID if the file has changed since it was indexed; INTERRUPTED, FILE_SYSTEM
 */
export async function* readHeld(file: string, stamp: string, { start, end, signal }: Part): AsyncGenerator<Uint8Array> {
  const handle = await openFile(file);
  try {
    if (handle === null || stampOf(await handle.stat({ bigint: true })) !== stamp) {
      throw new PkgError("ARCHIVE_INVALID", `Cannot read archive "${file}": it was changed while it was in use`, {
        hint: "Run the command again when nothing else is writing to the archive",
      });
    }
    yield* readFileFrom(handle, { start, end }, signal);
  } catch (error) {
    throw fileSystemError(error, `read "${file}"`);
  } finally {
    await handle?.close();
  }
}

async function openFile(file: string): Promise<FileHandle | null> {
  try {
    return await openForReading(file);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${file}"`);
  }
}

interface EntryRequest {
  readonly files: ReadonlyMap<string, TarFile>;
  readonly name: string;
  readonly maxBytes: number;
  readonly location: string;
}

async function readEntry(handle: FileHandle, { files, name, maxBytes, location }: EntryRequest): Promise<Buffer> {
  const entry = files.get(name);
  if (entry === undefined) throw invalidArchiveLayout(location, `it has no file "${name}"`);
  if (entry.size > maxBytes)
    throw invalidArchiveLayout(location, `"${name}" has ${byteCount(entry.size)}, at most ${maxBytes} are read`);
  const bytes = Buffer.alloc(entry.size);
  const { bytesRead } = await handle.read(bytes, 0, entry.size, entry.offset);
  if (bytesRead === entry.size) return bytes;
  throw invalidArchiveLayout(location, "it is cut off");
}

function blobsOf(files: ReadonlyMap<string, TarFile>): ReadonlyMap<Digest, TarFile> {
  const blobs = new Map<Digest, TarFile>();
  for (const [name, entry] of files) {
    const digest = name.startsWith("blobs/") ? name.slice("blobs/".length).replace("/", ":") : "";
    if (isDigest(digest)) blobs.set(digest, entry);
  }
  return blobs;
}

/** Older versions of Docker write a form of their own. */
function dockerSaved(file: string, location: string): PkgError {
  return invalidArchiveLayout(location, "it is what `docker save` wrote, expected a tar of an OCI layout", {
    hint: `Convert it: skopeo copy docker-archive:${file} oci-archive:NEW.tar`,
  });
}

/** The error for an archive that cannot be used as a layout. */
export function invalidArchiveLayout(
  location: string,
  problem: string,
  options: Pick<PkgErrorOptions, "isAbsence" | "hint"> = {},
): PkgError {
  return new PkgError("LAYOUT_INVALID", `Cannot use "${location}": ${problem}`, {
    hint: "Name a tar of an OCI layout; copying into a new file creates one",
    ...options,
  });
}
