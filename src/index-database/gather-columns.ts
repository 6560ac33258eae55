import type { CollectedEntries } from "./entry-collector.ts";
import { type IndexDraft, oldPosition } from "./index-draft.ts";
import { keepBlocks } from "./kept-blocks.ts";
import { createColumns, type EntryColumns, NONE } from "./ranking-pages.ts";

/** All entries of a draft in the order of the document, new or kept; the blocks of those that are kept are copied. */
export function gatherColumns({ sources, added, inPlace, blocks }: IndexDraft): EntryColumns {
  const columns = createColumns(sources.length);
  const placeOf = inPlace === null ? null : keepBlocks(inPlace, sources, blocks);
  blocks.finish();
  for (let index = 0; index < sources.length; index++) {
    const source = sources[index] ?? 0;
    if (source >= 0) {
      copyAdded(columns, index, { from: added.entries, number: source });
    } else if (inPlace !== null && placeOf !== null) {
      copyEntry(columns, index, { from: inPlace.ranked, position: oldPosition(source) });
      placeOf(columns, index);
    }
  }
  return columns;
}

interface CopiedEntry {
  readonly from: CollectedEntries;
  readonly number: number;
}

function copyAdded(to: EntryColumns, index: number, { from, number }: CopiedEntry): void {
  to.names[index] = from.names[number] ?? "";
  to.others[index] = from.others[number] ?? "";
  to.ranks[index] = from.ranks[number] ?? NONE;
  to.downloads[index] = from.downloads[number] ?? NONE;
  to.blocks[index] = from.blocks[number] ?? 0;
  to.lines[index] = from.lines[number] ?? 0;
}

interface Copied {
  readonly from: EntryColumns;
  readonly position: number;
}

function copyEntry(to: EntryColumns, index: number, { from, position }: Copied): void {
  const name = from.names[position];
  if (name === undefined) throw new RangeError("an entry is not in the ranking");
  to.names[index] = name;
  to.others[index] = from.others[position] ?? "";
  to.ranks[index] = from.ranks[position] ?? NONE;
  to.downloads[index] = from.downloads[position] ?? NONE;
  to.blocks[index] = from.blocks[position] ?? 0;
  to.lines[index] = from.lines[position] ?? 0;
}
