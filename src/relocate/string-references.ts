import type { ElfBytes } from "./elf-bytes.ts";
import { DT, type Dynamic, numberOf, offsetOf } from "./elf-dynamic.ts";
import { type Section, type Segment, SHT } from "./elf-tables.ts";
import { readDefinedVersions, readNeededVersions } from "./elf-versions.ts";

/** Tags whose value is an offset in the string table, apart from the search paths. */
const NAMING: ReadonlySet<number> = new Set([
  DT.needed,
  DT.soname,
  DT.config,
  DT.depaudit,
  DT.audit,
  DT.auxiliary,
  DT.filter,
]);
const SYMBOL_BYTES = 24;

interface Parts {
  readonly elf: ElfBytes;
  readonly segments: readonly Segment[];
  readonly sections: readonly Section[];
  readonly dynamic: Dynamic;
}

/** A range in the string table: the first byte of a string, and the NUL behind it. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether anything else may use a string, or its tail: linkers store `b` as the end of `a/b`. Such a string cannot be
 * written over. What cannot be told counts as used.
 *
 * @param range of a search path, in the string table
 * @throws {RelocationFault} for tables outside the file
 */
export function isShared(parts: Parts, { start, end }: Range): boolean {
  const { elf, dynamic } = parts;
  const isTail = start > 0 && elf.buffer[dynamic.strings.offset + start - 1] !== 0;
  if (isTail) return true;
  const symbols = symbolNames(parts);
  if (symbols === null) return true;
  return [entryNames(dynamic), symbols, versionNames(parts)].some((names) => hits(names, { start, end }));
}

function hits(names: Iterable<number>, { start, end }: Range): boolean {
  for (const name of names) if (name >= start && name < end) return true;
  return false;
}

function entryNames({ entries }: Dynamic): readonly number[] {
  return entries.filter(({ tag }) => NAMING.has(tag)).map(({ value }) => value);
}

/** Null when it cannot be told how many symbols there are. */
function symbolNames(parts: Parts): Iterable<number> | null {
  const { elf, segments, dynamic } = parts;
  const address = numberOf(elf, dynamic.entries, DT.symtab);
  if (address === null) return [];
  const count = symbolCount(parts);
  if (count === null) return null;
  const at = offsetOf(segments, { address, size: count * SYMBOL_BYTES, what: "table of symbols" });
  return wordsAt(elf, { at, step: SYMBOL_BYTES, count });
}

/** By the older hash table, which says it, or else by the section's size. */
function symbolCount({ elf, segments, sections, dynamic }: Parts): number | null {
  const hash = numberOf(elf, dynamic.entries, DT.hash);
  if (hash !== null) return elf.word(offsetOf(segments, { address: hash, size: 8, what: "hash table" }) + 4);
  const address = numberOf(elf, dynamic.entries, DT.symtab);
  const section = sections.find((one) => one.type === SHT.dynsym && one.address === address);
  return section === undefined ? null : Math.floor(section.size / SYMBOL_BYTES);
}

function* wordsAt(elf: ElfBytes, { at, step, count }: { at: number; step: number; count: number }): Iterable<number> {
  for (let index = 0; index < count; index++) yield elf.word(at + index * step);
}

/** The names of versions, and of the libraries that they are from. */
function versionNames({ elf, segments, dynamic }: Parts): readonly number[] {
  const needed = readNeededVersions(elf, segments, dynamic);
  return [
    ...needed.flatMap(({ library, versions }) => [library, ...versions]),
    ...readDefinedVersions(elf, segments, dynamic),
  ];
}
