import type { createBlockWriter } from "./block-writer.ts";
import { type EntryPlace, isPlain } from "./entry-blocks.ts";
import { oldPosition } from "./index-draft.ts";
import type { IndexInPlace } from "./index-in-place.ts";
import type { EntryColumns } from "./ranking-pages.ts";

/**
 * Copies what is kept of the index in place, block by block; from a block of which less than half is left, and from one that is
 * not packed where anything is gone, only those entries.
 *
 * @returns what gives an entry of the columns, whose place is the old one, the new one
 */
export function keepBlocks(
  { ranked, blocks }: Pick<IndexInPlace, "ranked" | "blocks">,
  sources: readonly number[],
  writer: ReturnType<typeof createBlockWriter>,
): (columns: EntryColumns, index: number) => void {
  const moved = new Map<number, number | ReadonlyMap<number, EntryPlace>>();
  const left = linesLeft(ranked, sources);
  for (const [id, lines] of [...left].sort(([a], [b]) => a - b)) {
    const block = blocks.block(id);
    if (block === undefined) throw new RangeError("a block of entries is missing");
    const isWorthIt = lines.length * (isPlain(block) ? 1 : 2) >= block.entries && writer.takes(block);
    const add = (line: number) => [line, writer.add(blocks.line({ block: id, line }))] as const;
    moved.set(id, isWorthIt ? writer.copy(block) : new Map(lines.map(add)));
  }
  return (columns, index) => {
    const to = moved.get(columns.blocks[index] ?? 0);
    const place = typeof to === "object" ? to.get(columns.lines[index] ?? 0) : undefined;
    columns.blocks[index] = typeof to === "number" ? to : (place?.block ?? 0);
    if (place !== undefined) columns.lines[index] = place.line;
  };
}

/** By block: the lines of the entries that are kept. */
function linesLeft(
  { blocks, lines }: EntryColumns,
  sources: readonly number[],
): ReadonlyMap<number, readonly number[]> {
  const left = new Map<number, number[]>();
  for (const source of sources) {
    if (source >= 0) continue;
    const position = oldPosition(source);
    const block = blocks[position] ?? 0;
    const known = left.get(block);
    if (known === undefined) left.set(block, [lines[position] ?? 0]);
    else known.push(lines[position] ?? 0);
  }
  return left;
}
