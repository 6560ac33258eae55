import { Header } from "tar/header";
import { byteCount } from "../base/format-bytes.ts";
import type { MakeArchiveError } from "./archive-error.ts";
import { NO_RECORDS, type PaxRecords, parsePaxRecords } from "./pax-records.ts";
import { BLOCK_BYTES, paddingOf } from "./tar-block.ts";

/** Where headers are read from. */
export interface TarBytes {
  /** The next `size` bytes, at once where they are there already; fewer only at the end. They may be used until more is read. */
  read(size: number): Buffer | Promise<Buffer>;
}

/** What the headers of one entry say together; none of it has been checked. */
export interface EntryHeader {
  /** The type flag: `0` or empty for a file, `5` for a directory. */
  readonly type: string;
  readonly path: string;
  /** Where a link points; empty for everything else. */
  readonly target: string;
  /** Permission bits, special ones included; null when the header has none. */
  readonly mode: number | null;
  /** Bytes in the archive; null when the header does not say. */
  readonly size: number | null;
  /** The file has holes: what stands in the archive is not what it has. */
  readonly isSparse: boolean;
  /** As in PaxRecords. */
  readonly hasCapabilities: boolean;
}

const MAX_EXTENDED_HEADER_BYTES = 1024 * 1024;
const MAX_EXTENDED_HEADERS = 16;
const EXTENSION_TYPES: readonly string[] = ["x", "X", "g", "L", "K"];
const SPARSE_TYPE = "S";
/** Where a header, and a block that continues its map, say that such a block follows. */
const SPARSE_MORE_OFFSET = 482;
const SPARSE_MAP_MORE_OFFSET = 504;

/**
 * Reads the header of the next entry, with the extended headers before it: ustar, PAX, and GNU's long names and sizes.
 * Returns null at the end: a block of zeros, or the end of the bytes between two entries, where many writers just stop.
 *
 * @throws {PkgError} what `invalid` makes, for an archive that is damaged or cut off
 * @see POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header"
 */
export async function readEntryHeader(bytes: TarBytes, invalid: MakeArchiveError): Promise<EntryHeader | null> {
  let records = NO_RECORDS;
  for (let extensions = 0; extensions <= MAX_EXTENDED_HEADERS; extensions += 1) {
    const block = await readBlock(bytes, invalid);
    if (block === null && extensions > 0) throw invalid("it is cut off");
    if (block === null) return null;
    const type = typeOf(block);
    const header = decode(block, invalid);
    if (type === SPARSE_TYPE) await skipSparseMap(bytes, block, invalid);
    if (!EXTENSION_TYPES.includes(type)) return describe(type, header, records);
    records = extend(records, type, { body: await readBody(bytes, header.size ?? 0, invalid), invalid });
  }
  throw invalid("it has too many extended headers in a row");
}

/** Reads past the blocks that continue the map of an old GNU sparse file's holes; each says whether another follows. */
async function skipSparseMap(bytes: TarBytes, header: Buffer, invalid: MakeArchiveError): Promise<void> {
  for (let more = header[SPARSE_MORE_OFFSET]; more === 1; ) {
    const block = await bytes.read(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES) throw invalid("it is cut off");
    more = block[SPARSE_MAP_MORE_OFFSET];
  }
}

/** True for the first block of a tar: a header whose checksum is right, or the end of an empty one. */
export function isTarStart(start: Buffer): boolean {
  if (start.length < BLOCK_BYTES) return false;
  const block = start.subarray(0, BLOCK_BYTES);
  if (block.every((byte) => byte === 0)) return true;
  try {
    return new Header(block).cksumValid;
  } catch {
    return false;
  }
}

/** Reads the next block; null for a block of zeros, or if there are no more bytes. */
async function readBlock(bytes: TarBytes, invalid: MakeArchiveError): Promise<Buffer | null> {
  const block = await bytes.read(BLOCK_BYTES);
  if (block.length > 0 && block.length < BLOCK_BYTES) throw invalid("it is cut off");
  return block.every((byte) => byte === 0) ? null : block;
}

function typeOf(block: Buffer): string {
  return block[156] === 0 ? "" : String.fromCharCode(block[156] ?? 0);
}

function decode(block: Buffer, invalid: MakeArchiveError): Header {
  const header = parse(block, invalid);
  if (!header.cksumValid) throw invalid("a header's checksum is wrong, or it is not a tar archive");
  return header;
}

/** The parser throws for numbers in GNU's binary form that are damaged or too large. */
function parse(block: Buffer, invalid: MakeArchiveError): Header {
  try {
    return new Header(block);
  } catch (cause) {
    throw invalid("a number in a header is damaged, or it is not a tar archive", cause);
  }
}

async function readBody(bytes: TarBytes, size: number, invalid: MakeArchiveError): Promise<Buffer> {
  if (size > MAX_EXTENDED_HEADER_BYTES) {
    throw invalid(`an extended header has ${byteCount(size)}, at most ${MAX_EXTENDED_HEADER_BYTES} are read`);
  }
  const padded = size + paddingOf(size);
  const body = await bytes.read(padded);
  if (body.length < padded) throw invalid("it is cut off");
  return body.subarray(0, size);
}

interface Extension {
  readonly body: Buffer;
  readonly invalid: MakeArchiveError;
}

function extend(records: PaxRecords, type: string, { body, invalid }: Extension): PaxRecords {
  switch (type) {
    case "g":
      refuseGlobal(parsePaxRecords(body, invalid), invalid);
      return records;
    case "L":
      return { ...records, path: textOf(body) };
    case "K":
      return { ...records, linkPath: textOf(body) };
    default:
      return merge(parsePaxRecords(body, invalid), records);
  }
}

/** Refuses a global header that gives all entries one name, target or size, as no real writer makes one. */
function refuseGlobal(records: PaxRecords, invalid: MakeArchiveError): void {
  if (Object.values(records).every((value) => value === null)) return;
  throw invalid("a global header gives all entries one name, target or size");
}

function merge(later: PaxRecords, earlier: PaxRecords): PaxRecords {
  return {
    path: later.path ?? earlier.path,
    linkPath: later.linkPath ?? earlier.linkPath,
    size: later.size ?? earlier.size,
    isSparse: later.isSparse ?? earlier.isSparse,
    sparsePath: later.sparsePath ?? earlier.sparsePath,
    hasCapabilities: later.hasCapabilities ?? earlier.hasCapabilities,
  };
}

function textOf(body: Buffer): string {
  const end = body.indexOf(0);
  return body.toString("utf8", 0, end < 0 ? body.length : end);
}

function describe(type: string, header: Header, records: PaxRecords): EntryHeader {
  return {
    type,
    path: records.sparsePath ?? records.path ?? header.path ?? "",
    target: records.linkPath ?? header.linkpath ?? "",
    mode: header.mode ?? null,
    size: records.size ?? header.size ?? null,
    isSparse: type === SPARSE_TYPE || records.isSparse === true,
    hasCapabilities: records.hasCapabilities === true,
  };
}
