import { packageKey } from "../package/narrow.ts";
import { comparePreference } from "../package/version.ts";
import { type IndexDraft, type NewEntry, oldPosition } from "./index-draft.ts";
import type { IndexInPlace } from "./index-in-place.ts";
import type { Ranked } from "./ranking-pages.ts";

/** The order of an index's entries. */
export interface EntryOrder {
  /** Entries, by their place in the document, in the order of their positions. */
  readonly order: Uint32Array;
  /** How many of them, the first ones, are the newest version of a package. */
  readonly newest: number;
}

/**
 * Orders entries by popularity: rank, then downloads, name, and place in the document. Those of which people want another
 * version, as `comparePreference` says, or an equal one that comes first, come after all others.
 */
export function rankEntries({
  inPlace,
  added,
  sources,
}: Pick<IndexDraft, "inPlace" | "added" | "sources">): EntryOrder {
  const entries = sources.map((source) => entryOf({ inPlace, added }, source));
  const isSuperseded = supersededOf({ inPlace, added, sources }, entries);
  // Nearly in order already where much is kept, which a merge sort makes use of.
  const order = nearlyInOrder(sources, inPlace?.ranked.length ?? 0);
  const sorted = [...order].sort(
    (a, b) =>
      (isSuperseded[a] ?? 0) - (isSuperseded[b] ?? 0) ||
      comparePopularity(entries[a] ?? NOBODY, entries[b] ?? NOBODY) ||
      a - b,
  );
  return { order: Uint32Array.from(sorted), newest: entries.length - isSuperseded.reduce((sum, one) => sum + one, 0) };
}

const NOBODY = { name: "", rank: null, downloads: null };

function entryOf({ inPlace, added }: Pick<IndexDraft, "inPlace" | "added">, source: number): Ranked {
  const entry = source >= 0 ? added[source] : inPlace?.ranked[oldPosition(source)];
  if (entry === undefined) throw new RangeError("an entry is not in the ranking");
  return entry;
}

function comparePopularity(a: Pick<Ranked, "name" | "rank" | "downloads">, b: typeof a): number {
  if (a.rank !== b.rank) return a.rank === null ? 1 : b.rank === null ? -1 : a.rank - b.rank;
  if (a.downloads !== b.downloads) {
    return a.downloads === null ? 1 : b.downloads === null ? -1 : b.downloads - a.downloads;
  }
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** What is kept, by its old position; then what is new. */
function nearlyInOrder(sources: readonly number[], oldCount: number): Uint32Array {
  const byPosition = new Int32Array(oldCount).fill(-1);
  const added: number[] = [];
  sources.forEach((source, index) => {
    if (source >= 0) added.push(index);
    else byPosition[oldPosition(source)] = index;
  });
  return Uint32Array.from([...byPosition.filter((index) => index >= 0), ...added]);
}

/** 1 for each entry that another one of its package supersedes. Only names that something has changed about are looked at. */
function supersededOf(
  { inPlace, added, sources }: Pick<IndexDraft, "inPlace" | "added" | "sources">,
  entries: readonly Ranked[],
): Uint8Array {
  const flags = new Uint8Array(sources.length);
  const changed = inPlace === null ? null : changedNames(inPlace, { added, sources });
  const newest = new Map<string, { readonly index: number; readonly version: string }>();
  for (const [index, source] of sources.entries()) {
    const isNew = source >= 0;
    if (!isNew && inPlace !== null && changed?.has(entries[index]?.name ?? "") !== true) {
      flags[index] = oldPosition(source) < inPlace.newest ? 0 : 1;
      continue;
    }
    const entry = isNew ? added[source]?.version : inPlace?.entry(oldPosition(source));
    if (entry === undefined) throw new RangeError("an entry is not in the ranking");
    const key = packageKey({ repository: "", entry });
    const known = newest.get(key);
    if (known !== undefined && comparePreference(entry.version, known.version) >= 0) {
      flags[index] = 1;
      continue;
    }
    if (known !== undefined) flags[known.index] = 1;
    newest.set(key, { index, version: entry.version });
  }
  return flags;
}

/** The names of what is new, of what is gone, and of what is at another place in the document than before. */
function changedNames(
  inPlace: IndexInPlace,
  { added, sources }: Pick<IndexDraft, "added" | "sources">,
): ReadonlySet<string> {
  const changed = new Set(added.map(({ name }: NewEntry) => name));
  const placeBefore = documentPlaces(inPlace);
  const isKept = new Uint8Array(inPlace.ranked.length);
  let last = -1;
  for (const source of sources) {
    if (source >= 0) continue;
    const position = oldPosition(source);
    isKept[position] = 1;
    const place = placeBefore[position] ?? 0;
    if (place < last) changed.add(inPlace.ranked[position]?.name ?? "");
    else last = place;
  }
  for (const [position, { name }] of inPlace.ranked.entries()) if (isKept[position] === 0) changed.add(name);
  return changed;
}

/** By position: where an entry was in the document. */
function documentPlaces({ records, ranked }: IndexInPlace): Uint32Array {
  const places = new Uint32Array(ranked.length);
  for (let index = 0; index < records.count; index++) {
    if (records.isHere(index)) places[records.number(index)] = index;
  }
  return places;
}
