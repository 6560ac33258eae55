import { byteCount } from "../base/format-bytes.ts";
import type { ElfBytes, ElfReader } from "./elf-bytes.ts";
import { expectElf, RelocationFault } from "./fault.ts";

/** One program header: a part of the file, and where it is in memory. */
export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file. */
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
}

/** One section header, as far as it concerns a file that is only moved. */
export interface Section {
  /** Where the header itself is. */
  readonly headerAt: number;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** Types of segments. gABI, "Program Header". */
export const PT = { null: 0, load: 1, dynamic: 2, interp: 3, note: 4, phdr: 6, gnuProperty: 0x6474e553 } as const;
/** Types of sections. gABI, "Section Header". */
export const SHT = { progbits: 1, strtab: 3, nobits: 8, dynsym: 11 } as const;

/** Offsets in the header of a 64-bit file, in bytes. */
export const EHDR = {
  type: 16,
  phoff: 32,
  shoff: 40,
  phentsize: 54,
  phnum: 56,
  shentsize: 58,
  shnum: 60,
  shstrndx: 62,
} as const;
/** The size of a program header of a 64-bit file, in bytes. */
export const SEGMENT_BYTES = 56;
/** The size of a section header of a 64-bit file, in bytes. */
export const SECTION_BYTES = 64;
const HEADER_BYTES = 64;
/** As in `readProgram()`: a program has about a dozen. */
const MAX_SEGMENTS = 256;
const ET_EXEC = 2;
const ET_DYN = 3;

/**
 * Reads the program headers, and checks what loading the file depends on.
 *
 * @returns in the order of the table
 * @throws {RelocationFault} for another class, byte order or type, for a table or a segment outside the file, and for loaded
 *   segments that overlap or do not ascend
 * @see System V ABI, "Program header"
 */
export function readSegments(elf: ElfReader): readonly Segment[] {
  expectElf(elf.length >= HEADER_BYTES, "its header is cut off");
  expectElf(elf.byte(4) === 2 && elf.byte(5) === 1, "it is not of the 64-bit class, little-endian");
  const type = elf.half(EHDR.type);
  const isLoaded = type === ET_EXEC || type === ET_DYN;
  if (!isLoaded) throw new RelocationFault(`it is neither a program nor a library (ELF type ${type})`);
  const count = elf.half(EHDR.phnum);
  const isFew = count > 0 && count <= MAX_SEGMENTS;
  if (!isFew) throw new RelocationFault(`it has ${count} program headers, expected 1 to ${MAX_SEGMENTS}`);
  expectElf(elf.half(EHDR.phentsize) === SEGMENT_BYTES, "its program headers are not 56 bytes long");
  const at = elf.long(EHDR.phoff);
  elf.assertInside(at, count * SEGMENT_BYTES, "table of program headers");
  const segments = Array.from({ length: count }, (_, index) => readSegment(elf, at + index * SEGMENT_BYTES));
  assertLoadable(segments);
  return segments;
}

function readSegment(elf: ElfReader, at: number): Segment {
  const segment = {
    type: elf.word(at),
    flags: elf.word(at + 4),
    offset: elf.long(at + 8),
    address: elf.long(at + 16),
    fileSize: elf.long(at + 32),
    memorySize: elf.long(at + 40),
    align: elf.long(at + 48),
  };
  if (segment.type !== PT.null) elf.assertInside(segment.offset, segment.fileSize, "segment");
  return segment;
}

function assertLoadable(segments: readonly Segment[]): void {
  let end = 0;
  const loads = segments.filter(({ type }) => type === PT.load);
  expectElf(loads.length > 0, "it has nothing to load");
  for (const { address, offset, fileSize, memorySize, align } of loads) {
    expectElf(fileSize <= memorySize, "a segment is larger in the file than in memory");
    expectElf(Number.isSafeInteger(address + memorySize), "a segment ends beyond every address");
    expectElf(address >= end, "its loaded segments overlap or do not ascend");
    if (!isPowerOfTwo(align))
      throw new RelocationFault(`a segment is aligned to ${byteCount(align)}, expected a power of two`);
    expectElf(align < 2 || address % align === offset % align, "a segment is not aligned in the file as in memory");
    end = address + memorySize;
  }
}

/** Up to 2³¹; 0 and 1 mean that there is no alignment. */
function isPowerOfTwo(value: number): boolean {
  return value === 0 || (value <= 2 ** 31 && Number.isInteger(Math.log2(value)));
}

/** Writes a table of as many program headers. */
export function writeSegments(elf: ElfBytes, at: number, segments: readonly Segment[]): void {
  for (const [index, segment] of segments.entries()) writeSegment(elf, at + index * SEGMENT_BYTES, segment);
}

function writeSegment(elf: ElfBytes, at: number, segment: Segment): void {
  elf.setWord(at, segment.type);
  elf.setWord(at + 4, segment.flags);
  elf.setLong(at + 8, segment.offset);
  elf.setLong(at + 16, segment.address);
  // The physical address, which nothing but firmware uses; linkers give the same.
  elf.setLong(at + 24, segment.address);
  elf.setLong(at + 32, segment.fileSize);
  elf.setLong(at + 40, segment.memorySize);
  elf.setLong(at + 48, segment.align);
}

/**
 * Reads the section headers, which nothing but tools needs.
 *
 * @returns none for a file whose table was removed
 * @throws {RelocationFault} when the table lies outside the file
 * @see System V ABI, "Sections"
 */
export function readSections(elf: ElfBytes): readonly Section[] {
  const at = elf.long(EHDR.shoff);
  if (at === 0) return [];
  expectElf(elf.half(EHDR.shentsize) === SECTION_BYTES, "its section headers are not 64 bytes long");
  elf.assertInside(at, SECTION_BYTES, "table of section headers");
  // From 65,280 sections on, the first header holds their number.
  const count = elf.half(EHDR.shnum) || elf.long(at + 32);
  elf.assertInside(at, count * SECTION_BYTES, "table of section headers");
  return Array.from({ length: count }, (_, index) => readSection(elf, at + index * SECTION_BYTES));
}

function readSection(elf: ElfBytes, headerAt: number): Section {
  return {
    headerAt,
    type: elf.word(headerAt + 4),
    address: elf.long(headerAt + 16),
    offset: elf.long(headerAt + 24),
    size: elf.long(headerAt + 32),
  };
}

/** The section with the names of all; null when there is none, or it is loaded with the program, or not in the file. */
export function sectionNames(elf: ElfBytes, sections: readonly Section[]): Section | null {
  const section = sections[elf.half(EHDR.shstrndx)];
  if (section?.type !== SHT.strtab || section.address !== 0) return null;
  return section.offset + section.size <= elf.length ? section : null;
}

/** Says where the content of a section is now. */
export function moveSection(
  elf: ElfBytes,
  { headerAt }: Section,
  to: { readonly address: number; readonly offset: number; readonly size: number },
): void {
  elf.setLong(headerAt + 16, to.address);
  elf.setLong(headerAt + 24, to.offset);
  elf.setLong(headerAt + 32, to.size);
}
