import type { FileHandle } from "node:fs/promises";
import { type FileFormat, fileFormat } from "../base/file-format.ts";
import { PkgError } from "../errors.ts";
import type { MakeArchiveError } from "./archive-error.ts";
import { type EntryHeader, readEntryHeader, type TarBytes } from "./read-header.ts";
import { BLOCK_BYTES, paddingOf } from "./tar-block.ts";

/** Where a file's bytes lie in a tar. */
export interface TarFile {
  /** Bytes from the start of the tar. */
  readonly offset: number;
  readonly size: number;
}

const MAX_ENTRIES = 1_000_000;

/** The commands that decompress a tar, by format. */
const COMMANDS: Readonly<Partial<Record<FileFormat, string>>> = {
  gzip: "gunzip",
  zstd: "unzstd",
  xz: "unxz",
  bzip2: "bunzip2",
};

/**
 * Finds where the plain files of a tar lie, by their names without a leading `./`. If several entries have the same
 * name, the last one counts. Everything that is neither a file nor a hard link is skipped. Only headers are read.
 *
 * @throws {PkgError} ARCHIVE_INVALID for a file that is compressed, damaged, cut off, sparse or not a tar at all
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export async function indexTar(handle: FileHandle, path: string): Promise<ReadonlyMap<string, TarFile>> {
  const { size } = await handle.stat();
  const invalid = invalidIn(path);
  const reader = new FileBytes(handle, size);
  await refuseOtherFormats(reader, path);
  const files = new Map<string, TarFile>();
  for (let header = await readEntryHeader(reader, invalid); header !== null; ) {
    if (files.size >= MAX_ENTRIES) throw invalid(`it has more than ${MAX_ENTRIES} entries`);
    const file = { offset: reader.position, size: sizeOf(header, invalid) };
    if (!reader.skip(file.size + paddingOf(file.size), file.size)) throw invalid("it is cut off");
    add(files, header, file);
    header = await readEntryHeader(reader, invalid);
  }
  return files;
}

function add(files: Map<string, TarFile>, { type, path, target }: EntryHeader, file: TarFile): void {
  const name = cleanName(path);
  if (["0", "", "7"].includes(type) && !name.endsWith("/")) files.set(name, file);
  const linked = type === "1" ? files.get(cleanName(target)) : undefined;
  if (linked !== undefined) files.set(name, linked);
}

function sizeOf({ type, size, isSparse }: EntryHeader, invalid: MakeArchiveError): number {
  if (isSparse) throw invalid("it has a sparse file");
  // Before ustar, links could say the size of what they link to.
  if (["1", "2", "3", "4", "5", "6"].includes(type)) return 0;
  if (size !== null && Number.isSafeInteger(size)) return size;
  throw invalid("an entry's size is missing");
}

/** The bytes of a file, read from its start. */
class FileBytes implements TarBytes {
  readonly #handle: FileHandle;
  readonly #size: number;
  #position = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  get position(): number {
    return this.#position;
  }

  /** The first bytes, however far the file has been read. */
  async start(): Promise<Buffer> {
    const bytes = await this.read(BLOCK_BYTES);
    this.#position = 0;
    return bytes;
  }

  async read(length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.#handle.read(buffer, done, length - done, this.#position + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    this.#position += done;
    return buffer.subarray(0, done);
  }

  /** Skips `length` bytes; false if the file does not have even `needed` of them. */
  skip(length: number, needed: number): boolean {
    const isWhole = this.#position + needed <= this.#size;
    this.#position += length;
    return isWhole;
  }
}

async function refuseOtherFormats(reader: FileBytes, path: string): Promise<void> {
  const start = await reader.start();
  const format = fileFormat(start);
  const command = format === null ? undefined : COMMANDS[format];
  if (command !== undefined) {
    throw invalidIn(path, `Unpack it first, with ${command}`)(`it is compressed with ${format}`);
  }
  if (start.length < BLOCK_BYTES) throw invalidIn(path)("it is not a tar archive");
}

function invalidIn(path: string, hint = "Check that the file is an uncompressed tar, and whole"): MakeArchiveError {
  return (problem, cause) =>
    new PkgError("ARCHIVE_INVALID", `Cannot read archive "${path}": ${problem}`, { hint, cause });
}

function cleanName(name: string): string {
  return name.replace(/^(?:\.\/+)+/, "");
}
