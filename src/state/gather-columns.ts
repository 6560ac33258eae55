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
    const entry = source >= 0 ? added[source] : undefined;
    if (entry !== undefined) {
      columns.names[index] = entry.name;
      columns.others[index] = entry.others;
      columns.ranks[index] = entry.rank ?? NONE;
      columns.downloads[index] = entry.downloads ?? NONE;
      columns.blocks[index] = entry.place.block;
      columns.lines[index] = entry.place.line;
    } else if (inPlace !== null && placeOf !== null) {
      copyEntry(columns, index, { from: inPlace.ranked, position: oldPosition(source) });
      placeOf(columns, index);
    }
  }
  return columns;
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
