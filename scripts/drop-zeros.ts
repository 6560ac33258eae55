/** A 64-bit little-endian ELF file. @see elf(5) */
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const TABLE_OFFSET_AT = 32;
const SECTIONS_OFFSET_AT = 40;
const ENTRY_BYTES_AT = 54;
const ENTRIES_AT = 56;
const SECTIONS_AT = 60;
const ENTRY_BYTES = 56;
const LOAD = 1;
const TABLE = 6;
const WRITABLE = 2;
/** Each hole is one more mapping at each start. */
const MIN_HOLE_BYTES = 256 * 1024;

/** An entry of the program header table, its numbers in bytes. */
interface Segment {
  readonly kind: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
  readonly memoryBytes: number;
  readonly align: number;
}

/** Bytes of the file, from `from` to before `to`, that are zero and need not be there. */
interface Hole {
  readonly from: number;
  readonly to: number;
}

/**
 * The same executable without the long stretches of zeros that trimIcu() leaves in what is mapped to be read: the system fills
 * with zeros what a segment has in memory beyond its bytes in the file, so a segment is split at each of them. What is
 * mapped stays the same, byte by byte. The section table, which only tools read, is given up.
 *
 * @returns null where it cannot be done: for another kind of file, without such zeros, or without room for the larger table
 */
export function withoutZeros(executable: Buffer): Buffer | null {
  if (!executable.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (executable.readUInt16LE(ENTRY_BYTES_AT) !== ENTRY_BYTES) return null;
  const tableAt = offsetAt(executable, TABLE_OFFSET_AT);
  const segments = readSegments(executable, tableAt);
  const holes = findHoles(executable, segments);
  const entries = Math.floor(roomForTable(segments, tableAt) / ENTRY_BYTES);
  const kept = holes.slice(0, Math.max(0, entries - segments.length)).sort(byPlace);
  if (kept.length === 0) return null;
  const moved = segments
    .flatMap((segment) => splitAt(segment, kept))
    .map((segment) => ({ ...segment, offset: movedBy(kept, segment.offset) }));
  return write(without(executable, kept), moved, movedBy(kept, tableAt));
}

function offsetAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function readSegments(bytes: Buffer, tableAt: number): readonly Segment[] {
  return Array.from({ length: bytes.readUInt16LE(ENTRIES_AT) }, (_, index) => {
    const at = tableAt + index * ENTRY_BYTES;
    const field = (place: number) => offsetAt(bytes, at + place);
    const [kind, flags] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    return {
      kind,
      flags,
      offset: field(8),
      address: field(16),
      bytes: field(32),
      memoryBytes: field(40),
      align: field(48),
    };
  });
}

/** The longest first. */
function findHoles(bytes: Buffer, segments: readonly Segment[]): readonly Hole[] {
  const loaded = segments.filter(({ kind }) => kind === LOAD);
  const step = Math.max(...loaded.map(({ align }) => align));
  const others = segments.filter(({ kind }) => kind !== LOAD);
  const holes = loaded
    .filter(({ flags, bytes: inFile, memoryBytes }) => (flags & WRITABLE) === 0 && inFile === memoryBytes)
    .flatMap((segment) => zerosIn(bytes, segment, step));
  return holes
    .filter(({ from, to }) => to - from >= MIN_HOLE_BYTES)
    .filter(({ from, to }) => others.every(({ offset, bytes: length }) => offset >= to || offset + length <= from))
    .sort((one, other) => other.to - other.from - (one.to - one.from));
}

/** Between its first piece and its last one, so that each piece has something in the file. */
function zerosIn(bytes: Buffer, { offset, bytes: length }: Segment, step: number): readonly Hole[] {
  const nothing = Buffer.alloc(step);
  const holes: Hole[] = [];
  const first = Math.ceil((offset + 1) / step) * step;
  for (let at = first, from = -1; at + step <= offset + length; at += step) {
    const isZero = bytes.compare(nothing, 0, step, at, at + step) === 0;
    if (isZero && from < 0) from = at;
    if (isZero || from < 0) continue;
    holes.push({ from, to: at });
    from = -1;
  }
  return holes;
}

/** Bytes that the program header table may have: the segment that it begins was made for it alone, with some to spare. */
function roomForTable(segments: readonly Segment[], tableAt: number): number {
  const others = segments.filter(({ offset, bytes }) => offset !== tableAt && bytes > 0);
  const own = segments.find(({ kind, offset }) => kind === LOAD && offset === tableAt);
  if (own === undefined) return 0;
  const isAlone = others.every(({ offset, bytes }) => offset >= tableAt + own.bytes || offset + bytes <= tableAt);
  return isAlone ? own.bytes : 0;
}

function splitAt(segment: Segment, holes: readonly Hole[]): readonly Segment[] {
  if (segment.kind !== LOAD) return [segment];
  const end = segment.offset + segment.bytes;
  const own = holes.filter(({ from, to }) => from > segment.offset && to < end);
  const starts = [segment.offset, ...own.map(({ to }) => to)];
  return starts.map((offset, index) => ({
    ...segment,
    offset,
    address: segment.address + offset - segment.offset,
    bytes: (own[index]?.from ?? end) - offset,
    memoryBytes: (own[index]?.to ?? segment.offset + segment.memoryBytes) - offset,
  }));
}

function byPlace(one: Hole, other: Hole): number {
  return one.from - other.from;
}

function movedBy(holes: readonly Hole[], offset: number): number {
  return holes.reduce((sum, { from, to }) => (to <= offset ? sum - (to - from) : sum), offset);
}

function without(bytes: Buffer, holes: readonly Hole[]): Buffer {
  const starts = [0, ...holes.map(({ to }) => to)];
  return Buffer.concat(starts.map((start, index) => bytes.subarray(start, holes[index]?.from ?? bytes.length)));
}

function write(bytes: Buffer, segments: readonly Segment[], tableAt: number): Buffer {
  bytes.writeBigUInt64LE(BigInt(tableAt), TABLE_OFFSET_AT);
  bytes.writeBigUInt64LE(0n, SECTIONS_OFFSET_AT);
  bytes.fill(0, SECTIONS_AT, SECTIONS_AT + 4);
  bytes.writeUInt16LE(segments.length, ENTRIES_AT);
  const length = segments.length * ENTRY_BYTES;
  for (const [index, segment] of segments.entries()) {
    const at = tableAt + index * ENTRY_BYTES;
    bytes.writeUInt32LE(segment.kind, at);
    bytes.writeUInt32LE(segment.flags, at + 4);
    const { offset, address, align } = segment;
    const isTable = segment.kind === TABLE;
    const [inFile, inMemory] = isTable ? [length, length] : [segment.bytes, segment.memoryBytes];
    for (const [place, value] of [offset, address, address, inFile, inMemory, align].entries())
      bytes.writeBigUInt64LE(BigInt(value), at + 8 + place * 8);
  }
  return bytes;
}
