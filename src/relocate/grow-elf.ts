import { appendedData } from "./appended-data.ts";
import { ElfBytes } from "./elf-bytes.ts";
import { DT, type StringTable } from "./elf-dynamic.ts";
import type { ElfFile, Growth, PathEdit } from "./elf-file.ts";
import { EHDR, moveSection, PT, type Section, type Segment, SHT, sectionNames, writeSegments } from "./elf-tables.ts";
import { movedTableBytes, placeSegment, type SegmentPlace } from "./place-segment.ts";

/** Where something is, in the file and in memory. */
interface Place {
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

const PF_R = 4;
/** What tables of numbers need. */
const PART_ALIGN = 8;
const NOTHING = Buffer.alloc(0);

/**
 * Adds a segment at the end of the file, with the interpreter and a longer string table, and leads everything there that
 * names them. Data that was appended to the program is repeated behind it: who reads it from the end of the file finds
 * it, and so does who knows where it began. The names of sections, if there are any, move behind the segment as well:
 * `patchelf` gives up on a program with an address of its own in which the last section is one that it changes.
 *
 * @throws {RelocationFault} when there is no room for the segment
 */
export function growElf(file: ElfFile, { interpreter, paths }: Growth): Buffer {
  const place = placeSegment(file);
  const table = Buffer.alloc(movedTableBytes(file.segments, place));
  const name = interpreter === null ? NOTHING : Buffer.from(`${interpreter.text}\0`, "latin1");
  const strings = file.dynamic === null ? NOTHING : longerTable(file.elf, file.dynamic.strings, paths);
  const content = Buffer.concat([table, name, strings].map(padded));
  const padding = Buffer.alloc(place.offset - file.elf.length);
  const names = sectionNames(file.elf, file.sections);
  const end = names === null ? NOTHING : bytesOf(file.elf, names);
  const grown = new ElfBytes(Buffer.concat([file.elf.buffer, padding, content, end, appendedData(file)]));
  if (names !== null)
    moveSection(grown, names, { address: 0, offset: place.offset + content.length, size: names.size });
  const nameAt = { ...after(place, table.length), size: name.length };
  const stringsAt = { ...after(nameAt, name.length), size: strings.length };
  if (paths.length > 0) leadStrings(grown, file, { paths, to: stringsAt });
  writeTable(grown, { file, place: { ...place, size: content.length }, name: interpreter === null ? null : nameAt });
  return grown.buffer;
}

function bytesOf({ buffer }: ElfBytes, { offset, size }: Pick<Section, "offset" | "size">): Buffer {
  return buffer.subarray(offset, offset + size);
}

/** All strings as they are, at the same offsets, and the new paths behind them. */
function longerTable(elf: ElfBytes, table: StringTable, paths: readonly PathEdit[]): Buffer {
  if (paths.length === 0) return NOTHING;
  const added = paths.map(({ text }) => Buffer.from(`${text}\0`, "latin1"));
  return Buffer.concat([bytesOf(elf, table), ...added]);
}

function padded(part: Buffer): Buffer {
  return Buffer.concat([part, Buffer.alloc(roundUp(part.length) - part.length)]);
}

function after({ offset, address }: Pick<Place, "offset" | "address">, bytes: number): Omit<Place, "size"> {
  return { offset: offset + roundUp(bytes), address: address + roundUp(bytes) };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / PART_ALIGN) * PART_ALIGN;
}

function leadStrings(
  grown: ElfBytes,
  { dynamic, sections }: ElfFile,
  { paths, to }: { readonly paths: readonly PathEdit[]; readonly to: Place },
): void {
  let added = dynamic?.strings.size ?? 0;
  for (const { entry, text } of paths) {
    grown.setLong(entry.at + 8, added);
    added += text.length + 1;
  }
  for (const { at, tag } of dynamic?.entries ?? []) {
    if (tag === DT.strtab) grown.setLong(at + 8, to.address);
    if (tag === DT.strsz) grown.setLong(at + 8, to.size);
  }
  const before = dynamic?.strings;
  const section = sections.find(({ type, address }) => type === SHT.strtab && address === before?.address);
  if (section !== undefined) moveSection(grown, section, to);
}

interface Table {
  readonly file: ElfFile;
  readonly place: SegmentPlace & { readonly size: number };
  /** Where the interpreter is now; null when it stays. */
  readonly name: Place | null;
}

function writeTable(grown: ElfBytes, { file, place, name }: Table): void {
  const segments = file.segments.filter((segment) => segment !== place.expendable);
  const last = segments.findLastIndex(({ type }) => type === PT.load) + 1;
  const table = segments.toSpliced(last, 0, newSegment(place)).map((one) => moved(one, { file, place, name }));
  if (place.expendable === null) {
    grown.setLong(EHDR.phoff, place.offset);
    grown.setHalf(EHDR.phnum, table.length);
  }
  writeSegments(grown, grown.long(EHDR.phoff), table);
  if (name !== null) moveInterpreterSection(grown, file, name);
}

function newSegment({ offset, address, align, size }: Table["place"]): Segment {
  return { type: PT.load, flags: PF_R, offset, address, fileSize: size, memorySize: size, align };
}

function moved(segment: Segment, { file, place, name }: Table): Segment {
  if (segment.type === PT.interp && name !== null) return inPlace(segment, name);
  const size = movedTableBytes(file.segments, place);
  return segment.type === PT.phdr && size > 0 ? inPlace(segment, { ...place, size }) : segment;
}

function inPlace(segment: Segment, { offset, address, size }: Place): Segment {
  return { ...segment, offset, address, fileSize: size, memorySize: size };
}

function moveInterpreterSection(grown: ElfBytes, { segments, sections }: ElfFile, to: Place): void {
  const before = segments.find(({ type }) => type === PT.interp);
  const section = sections.find(
    ({ type, offset, address }) => type === SHT.progbits && offset === before?.offset && address === before.address,
  );
  if (section !== undefined) moveSection(grown, section, to);
}
