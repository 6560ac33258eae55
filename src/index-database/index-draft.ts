import { addAll } from "../base/many.ts";
import type { ElementStamp, KnownElement } from "../index/known-elements.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { placeKey } from "../package/place-key.ts";
import type { Database } from "../state/open-sqlite.ts";
import { createBlockWriter, type PackedBlock } from "./block-writer.ts";
import { ElementRecords } from "./element-records.ts";
import { type CollectedRun, createEntryCollector, createRunJoiner, type EntryCollector } from "./entry-collector.ts";
import type { IndexInPlace } from "./index-in-place.ts";
import { GONE } from "./posting-builder.ts";

/**
 * What an index will consist of: the entries that are new, and those of the index in place that are the same. Entries are written at
 * once; all that depends on their order waits for writeDraft().
 */
export interface IndexDraft {
  readonly inPlace: IndexInPlace | null;
  readonly blocks: ReturnType<typeof createBlockWriter>;
  /** What is new, in any order. */
  readonly added: EntryCollector;
  /** Elements in the order of the document; numbers of entries are not known yet. */
  readonly records: ElementRecords;
  /** For each entry in the order of the document: the number of one in `added`, or oldSource() of one that is kept. */
  readonly sources: readonly number[];
  /** What is new for other platforms, in the order of the document: its number in `added`, and among all that are for other platforms. */
  readonly addedElsewhere: readonly number[];
  readonly elsewhereNumbers: readonly number[];
  /** By the old number of what is for another platform: the new one, or GONE. */
  readonly keptElsewhere: Uint32Array;
}

/** Says that an entry is the one at this position of the index in place; oldPosition() reads it. */
function oldSource(position: number): number {
  return -1 - position;
}

/** The position in the index in place; negative for what is new. */
export function oldPosition(source: number): number {
  return -1 - source;
}

/** A run from another thread, with the blocks that its entries are in. */
export interface PackedRun extends CollectedRun {
  readonly blocks: readonly PackedBlock[];
}

/** What was added before, and comes next in the document. */
export interface PlacedElement {
  /** Its number in `added`. */
  readonly number: number;
  /** Its record is the one at `index` of these. */
  readonly records: ElementRecords;
  readonly index: number;
}

/** Collects what an index will consist of: what is added gets its place in the document afterwards. */
export function createIndexDraft(database: Database, inPlace: IndexInPlace | null) {
  const blocks = createBlockWriter(database);
  const added = createEntryCollector(blocks.add);
  addAll(added.hosts, inPlace?.hosts ?? []);
  const [sources, addedElsewhere, elsewhereNumbers]: [number[], number[], number[]] = [[], [], []];
  const keptElsewhere = new Uint32Array(inPlace?.records.count ?? 0).fill(GONE);
  const records = new ElementRecords();
  const draft: IndexDraft = {
    ...{ inPlace, blocks, added, records, sources, addedElsewhere, elsewhereNumbers, keptElsewhere },
  };
  let elsewhereCount = 0;
  return {
    draft,
    /** Adds what another collector collected, whose runs all go through one of these. */
    runJoiner() {
      const join = createRunJoiner(added);
      return ({ blocks: packed, ...run }: PackedRun): void => {
        const numbers = packed.map(blocks.copy);
        join(run, (block) => numbers[block] ?? 0);
      };
    },
    /** Adds what is new, at the next place of the document. */
    add(entry: PackageEntry, stamp: ElementStamp | null): void {
      sources.push(added.entries.names.length);
      records.push({ isHere: true, number: 0 }, stamp);
      added.add(entry, stamp?.key ?? placeKey(entry, null));
    },
    addElsewhere(entry: PackageEntry, stamp: ElementStamp | null): void {
      elsewhereNumbers[added.elsewhereHosts.length] = elsewhereCount;
      addedElsewhere.push(added.elsewhereHosts.length);
      records.push({ isHere: false, number: elsewhereCount++ }, stamp);
      added.addElsewhere(entry);
    },
    place({ number, records: from, index }: PlacedElement): void {
      sources.push(number);
      records.copy(from, index, 0);
    },
    placeElsewhere({ number, records: from, index }: PlacedElement): void {
      addedElsewhere.push(number);
      elsewhereNumbers[number] = elsewhereCount;
      records.copy(from, index, elsewhereCount++);
    },
    keep({ index, isHere }: KnownElement): void {
      if (inPlace === null) throw new Error("nothing is known where no index is in place");
      const old = inPlace.records.number(index);
      if (isHere) sources.push(oldSource(old));
      else keptElsewhere[old] = elsewhereCount;
      records.copy(inPlace.records, index, isHere ? 0 : elsewhereCount++);
    },
  };
}
