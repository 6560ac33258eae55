import type { FileHandle } from "node:fs/promises";
import { PkgError } from "../errors.ts";

/** Where a file's bytes lie in a tar. */
export interface TarFile {
  /** Bytes from the start of the tar. */
  readonly offset: number;
  readonly size: number;
}

const BLOCK_BYTES = 512;
const MAX_EXTENDED_HEADER_BYTES = 1024 * 1024;
const MAX_ENTRIES = 1_000_000;
const MAX_EXTENSIONS_IN_A_ROW = 16;
const DIGITS = 12;

/** What a compressed tar begins with. */
const COMPRESSED: readonly (readonly [name: string, command: string, magic: readonly number[]])[] = [
  ["gzip", "gunzip", [0x1f, 0x8b]],
  ["zstd", "unzstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["xz", "unxz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["bzip2", "bunzip2", [0x42, 0x5a, 0x68]],
];

/**
 * The plain files of a tar by their names, without `../fs` in front; of several with one name the last counts. ustar, PAX and
 * GNU's long names and sizes are read; what is no file or hard link is passed over. Only headers are read.
 *
 * @throws {PkgError} ARCHIVE_INVALID for what is no tar, compressed, damaged, cut off or has sparse files
 * @see POSIX.1-2017, pax, "ustar Interchange Format"
 */
export async function indexTar(handle: FileHandle, path: string): Promise<ReadonlyMap<string, TarFile>> {
  const { size } = await handle.stat();
  const reader = new Reader(handle, path, size);
  await reader.refuseCompressed();
  const files = new Map<string, TarFile>();
  for (let entry = await reader.next(); entry !== null; entry = await reader.next()) {
    if (files.size >= MAX_ENTRIES) throw reader.invalid(`it has more than ${MAX_ENTRIES} entries`);
    if (entry.kind === "file") files.set(entry.name, { offset: entry.offset, size: entry.size });
    const linked = entry.kind === "hard link" ? files.get(entry.target) : undefined;
    if (linked !== undefined) files.set(entry.name, linked);
  }
  return files;
}

interface Entry extends TarFile {
  readonly kind: "file" | "hard link" | "other";
  readonly name: string;
  readonly target: string;
}

type Records = ReadonlyMap<string, string>;

class Reader {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #size: number;
  #position = 0;

  constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.#path = path;
    this.#size = size;
  }

  invalid(problem: string, hint = "Check that the file is an uncompressed tar, and whole"): PkgError {
    return new PkgError("ARCHIVE_INVALID", `Cannot read archive "${this.#path}": ${problem}`, { hint });
  }

  async refuseCompressed(): Promise<void> {
    const start = await this.#read(Math.min(8, this.#size));
    this.#position = 0;
    for (const [name, command, magic] of COMPRESSED) {
      if (!magic.every((byte, place) => start[place] === byte)) continue;
      throw this.invalid(`it is compressed with ${name}`, `Unpack it first, with ${command}`);
    }
  }

  /** Null at the end: a block of zeros, or the end of the file between two entries. */
  async next(): Promise<Entry | null> {
    const records = new Map<string, string>();
    for (let extensions = 0; extensions <= MAX_EXTENSIONS_IN_A_ROW; extensions += 1) {
      const header = await this.#readHeader();
      if (header === null && extensions === 0) return null;
      if (header === null) throw this.invalid("it is cut off");
      const type = String.fromCharCode(header[156] ?? 0);
      if (!"xXgLK".includes(type)) return this.#describe(header, type, records);
      await this.#extend(header, type, records);
    }
    throw this.invalid("it has too many extended headers in a row");
  }

  async #readHeader(): Promise<Buffer | null> {
    if (this.#position >= this.#size && this.#position > 0) return null;
    const header = await this.#read(BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return null;
    if (checksumOf(header) !== this.#number(header, 148, 8)) {
      throw this.invalid(this.#position === BLOCK_BYTES ? "it is no tar" : "a header's checksum is wrong");
    }
    return header;
  }

  async #extend(header: Buffer, type: string, records: Map<string, string>): Promise<void> {
    const size = this.#number(header, 124, DIGITS);
    if (size > MAX_EXTENDED_HEADER_BYTES) throw this.invalid("an extended header is too large");
    const body = await this.#read(size);
    this.#position += paddingOf(size);
    if (type === "L") records.set("path", textOf(body));
    else if (type === "K") records.set("linkpath", textOf(body));
    else if (type !== "g") for (const [key, value] of this.#paxRecords(body)) records.set(key, value);
  }

  #describe(header: Buffer, type: string, records: Records): Entry {
    if (type === "S" || [...records.keys()].some((key) => key.startsWith("GNU.sparse."))) {
      throw this.invalid("it has a sparse file");
    }
    const name = cleanName(records.get("path") ?? ustarName(header));
    const target = cleanName(records.get("linkpath") ?? textOf(header.subarray(157, 257)));
    const kind = type === "1" ? "hard link" : "0\u00007".includes(type) && !name.endsWith("/") ? "file" : "other";
    // Before ustar, links could say the size of what they link to.
    const size = "123456".includes(type) ? 0 : this.#sizeOf(header, records);
    const offset = this.#position;
    if (offset + size > this.#size) throw this.invalid("it is cut off");
    this.#position = offset + size + paddingOf(size);
    return { kind, name, target, offset, size };
  }

  #sizeOf(header: Buffer, records: Records): number {
    const text = records.get("size");
    if (text === undefined) return this.#number(header, 124, DIGITS);
    const size = Number(text);
    if (!/^[0-9]{1,16}$/.test(text) || !Number.isSafeInteger(size)) throw this.invalid("an entry's size is no number");
    return size;
  }

  /** Octal digits; or, with the first bit set, the bytes of a number, as GNU has it. */
  #number(header: Buffer, start: number, length: number): number {
    const field = header.subarray(start, start + length);
    if (((field[0] ?? 0) & 0x80) !== 0) {
      const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f);
      if (Number.isSafeInteger(value)) return value;
      throw this.invalid("a header's number is too large");
    }
    const text = textOf(field).trim();
    if (text !== "" && !/^[0-7]+$/.test(text)) throw this.invalid("a header's number is no number, or it is no tar");
    return text === "" ? 0 : Number.parseInt(text, 8);
  }

  /** `LENGTH KEY=VALUE\n`, LENGTH counting all of it: a value may hold newlines. */
  *#paxRecords(body: Buffer): Generator<readonly [string, string]> {
    for (let position = 0; position < body.length; ) {
      const space = body.indexOf(0x20, position);
      const digits = body.toString("latin1", position, Math.max(space, position));
      const end = position + Number(digits);
      const equals = body.indexOf(0x3d, space);
      const isWhole = /^[1-9][0-9]{0,6}$/.test(digits) && end <= body.length && body[end - 1] === 0x0a;
      if (!isWhole || equals < 0 || equals >= end) throw this.invalid("an extended header is damaged");
      yield [body.toString("utf8", space + 1, equals), body.toString("utf8", equals + 1, end - 1)];
      position = end;
    }
  }

  async #read(length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await this.#handle.read(buffer, done, length - done, this.#position + done);
      if (bytesRead === 0) throw this.invalid(this.#size < BLOCK_BYTES ? "it is no tar" : "it is cut off");
      done += bytesRead;
    }
    this.#position += length;
    return buffer;
  }
}

/** The header's own checksum counts as spaces. */
function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte, place) => sum + (place >= 148 && place < 156 ? 0x20 : byte), 0);
}

/** GNU's own format has other things where ustar has the prefix. */
function ustarName(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const isUstar = header.toString("latin1", 257, 263) === "ustar\0";
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function cleanName(name: string): string {
  return name.replace(/^(?:\.\/+)+/, "");
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
