/** One entry of an archive that is made byte by byte, so that it can be wrong in any way. */
export interface RawEntry {
  readonly path: string | Buffer;
  readonly type?: string;
  readonly target?: string;
  readonly body?: string | Buffer;
  /** The size in the header, if it differs from the body's length. */
  readonly size?: number;
  /** The 12 bytes of the size field, in place of octal digits. */
  readonly binarySize?: Buffer;
  readonly mode?: number;
  /** ustar's prefix field. */
  readonly prefix?: string;
  readonly checksum?: number;
  /** Bytes that follow without padding instead of the body. */
  readonly raw?: Buffer;
}

/** The bytes of an archive of these entries, with its end. */
export function tarOf(...entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(1024)]);
}

export function entryBytes(entry: RawEntry): Buffer {
  const body = Buffer.from(entry.body ?? "");
  return Buffer.concat([headerBytes(entry, entry.size ?? body.length), padded(entry.raw ?? body)]);
}

/** PAX records as an extended header. */
export function pax(records: Readonly<Record<string, string>>, type = "x"): RawEntry {
  return { path: "PaxHeader", type, body: Object.entries(records).map(paxRecord).join("") };
}

export function paxRecord([key, value]: readonly [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length += 1;
  return `${length} ${key}=${value}\n`;
}

function headerBytes(
  { path, type = "0", target = "", mode = 0o644, prefix = "", checksum, binarySize }: RawEntry,
  size: number,
): Buffer {
  const header = Buffer.alloc(512);
  Buffer.from(path).copy(header, 0, 0, 100);
  header.write(octal(mode, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  binarySize?.copy(header, 124);
  header.write(octal(0, 11), 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write("ustar\x0000", 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(checksum ?? sum, 6)}\0 `, 148);
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
