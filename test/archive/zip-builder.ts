import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a zip file that is made byte by byte, so that it can be wrong in any way. */
export interface RawZipEntry {
  readonly path: string | Buffer;
  readonly body?: string | Buffer;
  /** With the kind of file, as `stat` has it; default: a plain file, 0644. 0: no mode. */
  readonly mode?: number;
  /** The system that wrote it; default Unix (3), 0 for DOS. */
  readonly system?: number;
  /** Default: deflate (8). */
  readonly method?: number;
  /** What stands in place of the compressed body. */
  readonly packed?: Buffer;
  /** Default: 0x800, the name is UTF-8. */
  readonly flags?: number;
  /** The name in the header before the body, where it is another. */
  readonly localPath?: string;
  /** What else the header before the body says in another way. */
  readonly local?: Partial<RawZipEntry>;
  readonly checksum?: number;
  readonly size?: number;
  readonly packedSize?: number;
  /** Where the header before the body is said to be. */
  readonly offset?: number;
}

const KIND_BITS = 0o170000;

/** A zip file of these entries. */
export function zipOf(
  entries: readonly RawZipEntry[],
  end: { readonly count?: number; readonly comment?: string } = {},
): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const local = localOf(entry);
    directory.push(centralOf(entry, offset));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const comment = Buffer.from(end.comment ?? "");
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50);
  tail.writeUInt16LE(end.count ?? entries.length, 8);
  tail.writeUInt16LE(end.count ?? entries.length, 10);
  tail.writeUInt32LE(central.length, 12);
  tail.writeUInt32LE(offset, 16);
  tail.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, central, tail, comment]);
}

function facts(entry: RawZipEntry) {
  const body = Buffer.from(entry.body ?? "");
  const method = entry.method ?? 8;
  const packed = entry.packed ?? (method === 8 ? deflateRawSync(body) : body);
  return { body, method, packed, name: Buffer.from(entry.path), checksum: entry.checksum ?? crc32(body) };
}

function common(entry: RawZipEntry): Buffer {
  const { body, method, packed, checksum } = facts(entry);
  const fields = Buffer.alloc(22);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(entry.flags ?? 0x800, 2);
  fields.writeUInt16LE(method, 4);
  fields.writeUInt32LE(checksum, 10);
  fields.writeUInt32LE(entry.packedSize ?? packed.length, 14);
  fields.writeUInt32LE(entry.size ?? body.length, 18);
  return fields;
}

function localOf(entry: RawZipEntry): Buffer {
  const { packed, name } = facts(entry);
  const localName = entry.localPath === undefined ? name : Buffer.from(entry.localPath);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16LE(localName.length);
  const fields = common({ ...entry, ...entry.local });
  return Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fields, lengths, localName, packed]);
}

function centralOf(entry: RawZipEntry, offset: number): Buffer {
  const { name } = facts(entry);
  const mode = entry.mode ?? 0o644;
  const rest = Buffer.alloc(18);
  rest.writeUInt16LE(name.length, 0);
  rest.writeUInt32LE(mode === 0 ? 0 : (((mode & KIND_BITS) === 0 ? mode | 0o100000 : mode) << 16) >>> 0, 10);
  rest.writeUInt32LE(entry.offset ?? offset, 14);
  const madeBy = Buffer.from([30, entry.system ?? 3]);
  return Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), madeBy, common(entry), rest, name]);
}
