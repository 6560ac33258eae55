import type { ElfReader } from "./elf-bytes.ts";
import { DT, type Dynamic, numberOf, offsetOf } from "./elf-dynamic.ts";
import type { Segment } from "./elf-tables.ts";
import { RelocationFault } from "./fault.ts";

/** Versions that a file needs of one library; all are offsets in the string table. */
export interface NeededVersions {
  /** The library's name, such as `libc.so.6`. */
  readonly library: number;
  /** Such as `GLIBC_2.34`. */
  readonly versions: readonly number[];
}

const RECORD_BYTES = 16;
const DEFINITION_BYTES = 20;
const NAME_BYTES = 8;
const VER_FLG_WEAK = 2;
/** The C library defines about fifty versions, and a library seldom needs more than ten others. */
const MAX_RECORDS = 4096;

/**
 * Reads which versions of which libraries must be there for the file to start.
 *
 * @throws {RelocationFault} when a record lies outside the file, or there are too many
 * @see Linux Standard Base Core, "Version Requirements" (`.gnu.version_r`)
 */
export function readNeededVersions(
  elf: ElfReader,
  segments: readonly Segment[],
  dynamic: Dynamic,
): readonly NeededVersions[] {
  const table = findTable({ elf, segments, dynamic }, { at: DT.verneed, count: DT.verneednum, bytes: RECORD_BYTES });
  if (table === null) return [];
  const inAll = new Tally();
  // Of a weak version, the linker only says that it is missing.
  const isNeeded = (record: number) => (elf.half(record + 4) & VER_FLG_WEAK) === 0;
  return walk(elf, { ...table, bytes: RECORD_BYTES, next: 12 }).map((at) => {
    const first = { offset: at + elf.word(at + 8), count: elf.half(at + 2), bytes: RECORD_BYTES, next: 12 };
    return {
      library: elf.word(at + 4),
      versions: inAll
        .add(walk(elf, first))
        .filter(isNeeded)
        .map((one) => elf.word(one + 8)),
    };
  });
}

/**
 * Reads the names of the versions that a library defines, as offsets in the string table.
 *
 * @throws {RelocationFault} when a record lies outside the file, or there are too many
 * @see Linux Standard Base Core, "Version Definitions" (`.gnu.version_d`)
 */
export function readDefinedVersions(elf: ElfReader, segments: readonly Segment[], dynamic: Dynamic): readonly number[] {
  const table = findTable({ elf, segments, dynamic }, { at: DT.verdef, count: DT.verdefnum, bytes: DEFINITION_BYTES });
  if (table === null) return [];
  const inAll = new Tally();
  return walk(elf, { ...table, bytes: DEFINITION_BYTES, next: 16 }).flatMap((at) => {
    const first = { offset: at + elf.word(at + 12), count: elf.half(at + 6), bytes: NAME_BYTES, next: 4 };
    return inAll.add(walk(elf, first)).map((one) => elf.word(one));
  });
}

/** Counts the records of all chains: thousands of chains may lead to the same thousands of records. */
class Tally {
  #count = 0;

  add(records: readonly number[]): readonly number[] {
    this.#count += records.length;
    if (this.#count > MAX_RECORDS) throw new RelocationFault(`it has more than ${MAX_RECORDS} versions`);
    return records;
  }
}

interface Table {
  readonly offset: number;
  readonly count: number;
}

interface Parts {
  readonly elf: ElfReader;
  readonly segments: readonly Segment[];
  readonly dynamic: Dynamic;
}

function findTable(
  { elf, segments, dynamic: { entries } }: Parts,
  tags: { readonly at: number; readonly count: number; readonly bytes: number },
): Table | null {
  const [address, count] = [numberOf(elf, entries, tags.at), numberOf(elf, entries, tags.count)];
  if (address === null || count === null || count === 0) return null;
  return { offset: offsetOf(segments, { address, size: tags.bytes, what: "table of versions" }), count };
}

/** Where each record of a chain is: each names the distance to the next, and the last names none. */
function walk(
  elf: ElfReader,
  { offset, count, bytes, next }: Table & { bytes: number; next: number },
): readonly number[] {
  if (count > MAX_RECORDS) throw new RelocationFault(`it has ${count} versions, expected at most ${MAX_RECORDS}`);
  const found: number[] = [];
  for (let at = offset; found.length < count; ) {
    elf.assertInside(at, bytes, "table of versions");
    found.push(at);
    const distance = elf.word(at + next);
    if (distance === 0) break;
    at += distance;
  }
  return found;
}
