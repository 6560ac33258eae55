import type { createBlockWriter, EntryPlace } from "./entry-blocks.ts";
import type { IndexInPlace } from "./index-in-place.ts";

/**
 * Copies the entries at these positions as they are, block by block; from a block of which less than half is left, only those entries.
 *
 * @returns where each of them is now
 */
export function keepBlocks(
  { ranked, blocks }: Pick<IndexInPlace, "ranked" | "blocks">,
  positions: readonly number[],
  writer: ReturnType<typeof createBlockWriter>,
): (position: number) => EntryPlace {
  const moved = new Map<number, number | ReadonlyMap<number, EntryPlace>>();
  const placeOf = (position: number): EntryPlace => {
    const place = ranked[position]?.place;
    if (place === undefined) throw new RangeError("an entry is not in the ranking");
    return place;
  };
  const byBlock = Map.groupBy(positions.map(placeOf), ({ block }) => block);
  for (const id of [...byBlock.keys()].sort((a, b) => a - b)) {
    const block = blocks.block(id);
    if (block === undefined) throw new RangeError("a block of entries is missing");
    const kept = byBlock.get(id) ?? [];
    const isWorthIt = kept.length * 2 >= block.entries;
    moved.set(
      id,
      isWorthIt ? writer.copy(block) : new Map(kept.map((place) => [place.line, writer.add(blocks.json(place))])),
    );
  }
  return (position) => {
    const { block, line } = placeOf(position);
    const to = moved.get(block);
    const place = typeof to === "number" ? { block: to, line } : to?.get(line);
    if (place === undefined) throw new RangeError("an entry is not where it was");
    return place;
  };
}
