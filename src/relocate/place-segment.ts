import { maxOf } from "../base/many.ts";
import type { ElfFile } from "./elf-file.ts";
import { PT, SEGMENT_BYTES, type Segment } from "./elf-tables.ts";
import { expectElf, RelocationFault } from "./fault.ts";

/** Where a new segment goes. */
export interface SegmentPlace {
  readonly offset: number;
  readonly address: number;
  readonly align: number;
  /** The program header that is given up for it; null when the table has to move into the new segment, which it begins. */
  readonly expendable: Segment | null;
}

/** Of the smallest machine; a file whose segments are aligned to more keeps that. */
const PAGE_BYTES = 4096;
const NO_ROOM = "it has no room for another segment";
const HINT = "A prefix of at most 19 bytes needs none: set `prefix` in the repository's section of config.toml";
/** Zeros that a file may grow by, where a table of program headers has to be as far from the beginning as in memory. */
const MAX_PADDING_BYTES = 64 * 1024 * 1024;

/**
 * Finds a place behind everything else, in the file and in memory.
 *
 * @throws {RelocationFault} when the table of program headers has to move and nothing allows it
 */
export function placeSegment({ elf, segments }: ElfFile): SegmentPlace {
  const loads = segments.filter(({ type }) => type === PT.load);
  const align = maxOf(
    loads.map((load) => load.align),
    PAGE_BYTES,
  );
  const free = maxOf(
    loads.map(({ address, memorySize }) => address + memorySize),
    0,
  );
  const next = { offset: roundUp(elf.length, PAGE_BYTES), address: roundUp(free, align) };
  const expendable = findExpendable(segments);
  if (expendable !== null) return { ...next, address: next.address + (next.offset % align), align, expendable };
  return { ...placeTable(next, { first: loads[0], align }), align, expendable };
}

/**
 * A header that nothing needs to start the program: an empty one, or notes for people and tools. The notes about the
 * processor are described by a header of their own, so theirs is the first to go.
 */
function findExpendable(segments: readonly Segment[]): Segment | null {
  const processor = segments.find(({ type }) => type === PT.gnuProperty);
  const notes = segments.filter(({ type }) => type === PT.note);
  return (
    segments.find(({ type }) => type === PT.null) ??
    notes.find(({ offset }) => offset === processor?.offset) ??
    notes.at(-1) ??
    null
  );
}

/** Kernels before 5.18 tell the program where its table is by adding the offset in the file to where it was loaded. */
function placeTable(
  next: { readonly offset: number; readonly address: number },
  { first, align }: { readonly first: Segment | undefined; readonly align: number },
): { readonly offset: number; readonly address: number } {
  if (first === undefined) throw new RelocationFault("it has nothing to load");
  const distance = first.address - first.offset;
  expectElf(distance >= 0 && distance % align === 0, NO_ROOM, HINT);
  const address = Math.max(next.address, roundUp(next.offset + distance, align));
  const offset = address - distance;
  expectElf(offset - next.offset <= MAX_PADDING_BYTES, NO_ROOM, HINT);
  return { offset, address };
}

/** Bytes of the table that begins the new segment. */
export function movedTableBytes(segments: readonly Segment[], { expendable }: SegmentPlace): number {
  return expendable === null ? (segments.length + 1) * SEGMENT_BYTES : 0;
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
