import { Header } from "tar/header";
import { invalidArchive } from "./archive-error.ts";
import { ByteReader } from "./byte-reader.ts";
import { NO_RECORDS, type PaxRecords, parsePaxRecords } from "./pax-records.ts";

const BLOCK_BYTES = 512;
const MAX_EXTENDED_HEADER_BYTES = 1024 * 1024;

/** One entry as the archive has it: nothing of it is checked. */
export interface TarEntry {
  readonly kind: "file" | "directory" | "symlink" | "hard link";
  readonly path: string;
  /** Of links; else empty. */
  readonly target: string;
  /** Permission bits, special ones included. */
  readonly mode: number;
  /** Bytes; 0 for all but files. */
  readonly size: number;
  /** To be read before the next entry is asked for; what is left of it is skipped. */
  readonly body: AsyncIterable<Uint8Array>;
}

const KINDS: Readonly<Record<string, TarEntry["kind"]>> = {
  "0": "file",
  "": "file",
  "7": "file",
  "1": "hard link",
  "2": "symlink",
  "5": "directory",
};

const OTHER_TYPES: Readonly<Record<string, string>> = {
  "3": "a character device",
  "4": "a block device",
  "6": "a FIFO",
  S: "a sparse file",
};

/** What headers before an entry say of it. */
interface Pending {
  readonly records: PaxRecords;
  readonly global: PaxRecords;
  /** Headers in a row without an entry. */
  readonly headers: number;
}

const NOTHING_PENDING: Pending = { records: NO_RECORDS, global: NO_RECORDS, headers: 0 };
const MAX_HEADERS_IN_A_ROW = 16;

/**
 * The entries of a tar stream: ustar, PAX, and GNU's long names. All of `source` is read, also after the end of the
 * archive.
 *
 * @throws {PkgError} ARCHIVE_INVALID for what is damaged, cut off, or no file, directory or link
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(source);
  try {
    let pending = NOTHING_PENDING;
    for (;;) {
      const header = await readHeader(reader, pending);
      if (header === null) break;
      const extended = await readExtension(reader, header, pending);
      if (extended !== null) {
        pending = extended;
        continue;
      }
      const entry = describe(header, pending);
      pending = { ...NOTHING_PENDING, global: pending.global };
      const body = new EntryBody(reader, entry.size);
      yield { ...entry, body };
      await body.skip();
    }
    for await (const _padding of reader.stream(Number.POSITIVE_INFINITY));
  } finally {
    await reader.close();
  }
}

/** Bytes of one entry, and the padding to a whole block. */
class EntryBody implements AsyncIterable<Uint8Array> {
  readonly #reader: ByteReader;
  #missing: number;
  readonly #padding: number;

  constructor(reader: ByteReader, size: number) {
    this.#reader = reader;
    this.#missing = size;
    this.#padding = paddingOf(size);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const part of this.#reader.stream(this.#missing)) {
      this.#missing -= part.length;
      yield part;
    }
    if (this.#missing > 0) throw cutOff();
  }

  async skip(): Promise<void> {
    for await (const _part of this);
    if ((await this.#reader.read(this.#padding)).length < this.#padding) throw cutOff();
  }
}

/** Null at the end: a block of zeros, or the end of the stream between two entries, as many writers leave it. */
async function readHeader(reader: ByteReader, { headers }: Pending): Promise<{ header: Header; type: string } | null> {
  const block = await reader.read(BLOCK_BYTES);
  const ends = block.length === 0 || (block.length === BLOCK_BYTES && block.every((byte) => byte === 0));
  if (ends && headers === 0) return null;
  if (block.length < BLOCK_BYTES || ends) throw cutOff();
  const header = new Header(block);
  if (!header.cksumValid) throw invalidArchive("a header's checksum is wrong, or it is no tar archive");
  return { header, type: block[156] === 0 ? "" : String.fromCharCode(block[156] ?? 0) };
}

/** Reads a header that describes the entry after it; null when `header` is that of an entry. */
async function readExtension(
  reader: ByteReader,
  { header, type }: { readonly header: Header; readonly type: string },
  pending: Pending,
): Promise<Pending | null> {
  if (!["x", "X", "g", "L", "K"].includes(type)) return null;
  if (pending.headers >= MAX_HEADERS_IN_A_ROW) throw invalidArchive("it has too many extended headers in a row");
  const body = await readSmall(reader, header.size ?? 0);
  const next = { ...pending, headers: pending.headers + 1 };
  const { records } = pending;
  switch (type) {
    case "g":
      return { ...next, global: globalRecords(parsePaxRecords(body)) };
    case "L":
      return { ...next, records: { ...records, path: textOf(body) } };
    case "K":
      return { ...next, records: { ...records, linkPath: textOf(body) } };
    default:
      return { ...next, records: merge(parsePaxRecords(body), records) };
  }
}

/** A name, target or size for every entry at once is no archive that anyone writes. */
function globalRecords(records: PaxRecords): PaxRecords {
  if (Object.values(records).every((value) => value === null)) return records;
  throw invalidArchive("a global header gives all entries one name, target or size");
}

function merge(later: PaxRecords, earlier: PaxRecords): PaxRecords {
  return {
    path: later.path ?? earlier.path,
    linkPath: later.linkPath ?? earlier.linkPath,
    size: later.size ?? earlier.size,
  };
}

async function readSmall(reader: ByteReader, size: number): Promise<Buffer> {
  if (size > MAX_EXTENDED_HEADER_BYTES) {
    throw invalidArchive(`an extended header has ${size} bytes, at most ${MAX_EXTENDED_HEADER_BYTES} are read`);
  }
  const padded = size + paddingOf(size);
  const body = await reader.read(padded);
  if (body.length < padded) throw cutOff();
  return body.subarray(0, size);
}

function textOf(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString("utf8", 0, end < 0 ? body.length : end);
}

function describe(
  { header, type }: { readonly header: Header; readonly type: string },
  { records }: Pending,
): Omit<TarEntry, "body"> {
  const path = records.path ?? header.path ?? "";
  const found = KINDS[type];
  if (found === undefined) {
    throw invalidArchive(`"${path}" is ${OTHER_TYPES[type] ?? `an entry of type "${type}"`}`);
  }
  // Before ustar a directory was a file with a slash at its end.
  const kind = found === "file" && path.endsWith("/") ? "directory" : found;
  const size = records.size ?? header.size;
  if (size === undefined || !Number.isSafeInteger(size)) throw invalidArchive(`the size of "${path}" is missing`);
  // Readers differ in whether such bytes are a body or the next header.
  if (kind !== "file" && size !== 0) throw invalidArchive(`"${path}" is a ${kind} and has ${size} bytes`);
  return { kind, path, target: records.linkPath ?? header.linkpath ?? "", mode: header.mode ?? 0o644, size };
}

function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

function cutOff(): Error {
  return invalidArchive("it is cut off");
}
