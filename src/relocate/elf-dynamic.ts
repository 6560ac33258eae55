import { byteCount } from "../base/format-bytes.ts";
import type { ElfReader } from "./elf-bytes.ts";
import { PT, type Segment } from "./elf-tables.ts";
import { expectElf, RelocationFault } from "./fault.ts";

/** One entry of the dynamic section. */
export interface DynamicEntry {
  /** Where the entry is in the file; its value is 8 bytes further. */
  readonly at: number;
  readonly tag: number;
  /** Rounded from 2⁵³ on. */
  readonly value: number;
}

/** What the dynamic linker reads of a file. */
export interface Dynamic {
  /** Those with a tag of DT, in their order. */
  readonly entries: readonly DynamicEntry[];
  readonly strings: StringTable;
}

/** The strings that the dynamic section and the symbols name, each by its offset. */
export interface StringTable {
  readonly offset: number;
  readonly address: number;
  /** Bytes, with the last NUL. */
  readonly size: number;
}

export const DT = {
  null: 0,
  needed: 1,
  hash: 4,
  strtab: 5,
  symtab: 6,
  strsz: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  gnuHash: 0x6ffffef5,
  config: 0x6ffffefa,
  depaudit: 0x6ffffefb,
  audit: 0x6ffffefc,
  verdef: 0x6ffffffc,
  verdefnum: 0x6ffffffd,
  verneed: 0x6ffffffe,
  verneednum: 0x6fffffff,
  auxiliary: 0x7ffffffd,
  filter: 0x7fffffff,
} as const;
const TAGS: ReadonlySet<number> = new Set(Object.values(DT));

const ENTRY_BYTES = 16;
/** Twice what a path can have by PATH_MAX; longer lists are not written by people. */
const MAX_STRING_BYTES = 8192;

/**
 * Reads the dynamic section and finds its string table.
 *
 * @returns null for a file without one, which is static
 * @throws {RelocationFault} when there are several, it has no end, or its table is not in the file
 * @see System V ABI, "Dynamic Section"
 */
export function readDynamic(elf: ElfReader, segments: readonly Segment[]): Dynamic | null {
  const [section, ...others] = segments.filter(({ type }) => type === PT.dynamic);
  if (section === undefined) return null;
  expectElf(others.length === 0, "it has several dynamic sections");
  const entries = readEntries(elf, section);
  const [address, size] = [numberOf(elf, entries, DT.strtab), numberOf(elf, entries, DT.strsz)];
  if (address === null || size === null) throw new RelocationFault("its dynamic section names no string table");
  const offset = offsetOf(segments, { address, size, what: "string table" });
  expectElf(size > 0 && elf.byte(offset + size - 1) === 0, "its string table does not end with a NUL");
  return { entries, strings: { offset, address, size } };
}

function readEntries(elf: ElfReader, { offset, fileSize }: Segment): readonly DynamicEntry[] {
  const entries: DynamicEntry[] = [];
  for (let at = offset; at + ENTRY_BYTES <= offset + fileSize; at += ENTRY_BYTES) {
    const tag = elf.rounded(at);
    if (tag === DT.null) return entries;
    if (TAGS.has(tag)) entries.push({ at, tag, value: elf.rounded(at + 8) });
  }
  throw new RelocationFault("its dynamic section has no end");
}

/** The value of the only entry with this tag: an address, a size or a count. */
export function numberOf(elf: ElfReader, entries: readonly DynamicEntry[], tag: number): number | null {
  let found: DynamicEntry | null = null;
  for (const entry of entries) {
    if (entry.tag !== tag) continue;
    if (found !== null) throw new RelocationFault(`its dynamic section has the tag ${tag} several times`);
    found = entry;
  }
  if (found === null || Number.isSafeInteger(found.value)) return found?.value ?? null;
  throw new RelocationFault(`its dynamic section has ${exactly(elf, found.at + 8)} for the tag ${tag}`);
}

function exactly(elf: ElfReader, at: number): bigint {
  return (BigInt(elf.word(at + 4)) << 32n) + BigInt(elf.word(at));
}

/** A range of addresses, and what is in it, for messages. */
export interface Range {
  readonly address: number;
  readonly size: number;
  readonly what: string;
}

/**
 * Where a range of addresses is in the file. It may go from one loaded segment into the next, where these follow each other
 * in the file as in memory, as `patchelf` makes them.
 *
 * @throws {RelocationFault} when a part of it is in no loaded segment's part of the file
 */
export function offsetOf(segments: readonly Segment[], { address, size, what }: Range): number {
  const holder = segments.find((one) => one.type === PT.load && address >= one.address && address < fileEnd(one));
  if (holder === undefined) throw new RelocationFault(`its ${what} is not in a loaded segment`);
  const offset = holder.offset + (address - holder.address);
  const rest = address + size - fileEnd(holder);
  if (rest <= 0) return offset;
  const next = offsetOf(segments, { address: fileEnd(holder), size: rest, what });
  expectElf(next === holder.offset + holder.fileSize, `its ${what} is in two parts of the file`);
  return offset;
}

/** The address behind the part of a segment that is in the file. */
function fileEnd({ address, fileSize }: Segment): number {
  return address + fileSize;
}

/**
 * The string that an entry names.
 *
 * @returns as Latin-1, so that every byte stays what it is
 * @throws {RelocationFault} when it is outside the table, or longer than any list of directories needs to be
 */
export function stringAt(elf: ElfReader, { offset, size }: StringTable, at: number): string {
  expectElf(at < size, "its dynamic section names a string outside its table");
  const end = elf.endOfText(offset + at);
  const length = end - (offset + at);
  if (length <= MAX_STRING_BYTES) return elf.text(offset + at, end);
  throw new RelocationFault(`it has a search path of ${byteCount(length)}, expected at most ${MAX_STRING_BYTES}`);
}
