import { packageKey } from "../package/narrow.ts";
import { packageIn } from "../package/place-key.ts";
import { comparePreference } from "../package/version.ts";
import type { CollectedEntries } from "./entry-collector.ts";
import { type IndexDraft, oldPosition } from "./index-draft.ts";
import type { IndexInPlace } from "./index-in-place.ts";
import { type EntryColumns, NONE } from "./ranking-pages.ts";

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
export function rankEntries(draft: Sources, columns: EntryColumns): EntryOrder {
  const { inPlace, sources } = draft;
  const isSuperseded = supersededOf(draft, columns);
  const compare = comparer(columns);
  // Nearly in order already where much is kept, which a merge sort makes use of.
  const sorted = [...nearlyInOrder(sources, inPlace?.ranked.names.length ?? 0)].sort(
    (a, b) => (isSuperseded[a] ?? 0) - (isSuperseded[b] ?? 0) || compare(a, b) || a - b,
  );
  return { order: Uint32Array.from(sorted), newest: sources.length - isSuperseded.reduce((sum, one) => sum + one, 0) };
}

type Sources = Pick<IndexDraft, "inPlace" | "added" | "sources">;

/** Compares entries by popularity: a low rank, then many downloads, then the name. */
function comparer({ names, ranks, downloads }: EntryColumns): (a: number, b: number) => number {
  const last = ranks.map((rank) => (rank === NONE ? Number.POSITIVE_INFINITY : rank));
  return (a, b) => {
    const [rankA = 0, rankB = 0] = [last[a], last[b]];
    if (rankA !== rankB) return rankA < rankB ? -1 : 1;
    // No downloads at all come after the fewest.
    const more = (downloads[b] ?? 0) - (downloads[a] ?? 0);
    if (more !== 0) return more;
    const [nameA = "", nameB = ""] = [names[a], names[b]];
    if (nameA === nameB) return 0;
    return nameA < nameB ? -1 : 1;
  };
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
function supersededOf({ inPlace, added, sources }: Sources, { names }: EntryColumns): Uint8Array {
  const flags = new Uint8Array(sources.length);
  const changed = inPlace === null ? null : changedNames(inPlace, { added, sources });
  const newest = new Map<string, { readonly index: number; readonly version: string }>();
  // The first key of an entry is its name, which all versions of a package have.
  const alike = inPlace === null ? added.names.alike() : null;
  for (let index = 0; index < sources.length; index++) {
    const source = sources[index] ?? 0;
    if (alike?.[source] === 1) continue;
    const isNew = source >= 0;
    if (!isNew && inPlace !== null && changed?.has(names[index] ?? "") !== true) {
      flags[index] = oldPosition(source) < inPlace.newest ? 0 : 1;
      continue;
    }
    const { key, version } = isNew ? addedVersion(added.entries, source) : keptVersion(inPlace, oldPosition(source));
    const known = newest.get(key);
    if (known !== undefined && comparePreference(version, known.version) >= 0) {
      flags[index] = 1;
      continue;
    }
    if (known !== undefined) flags[known.index] = 1;
    newest.set(key, { index, version });
  }
  return flags;
}

interface VersionOfPackage {
  /** Which package it is. */
  readonly key: string;
  readonly version: string;
}

function addedVersion({ keys, versions }: CollectedEntries, number: number): VersionOfPackage {
  return { key: packageKey({ repository: "", entry: packageIn(keys[number] ?? "") }), version: versions[number] ?? "" };
}

function keptVersion(inPlace: IndexInPlace | null, position: number): VersionOfPackage {
  const entry = inPlace?.entry(position);
  if (entry === undefined) throw new RangeError("an entry is not in the ranking");
  return { key: packageKey({ repository: "", entry }), version: entry.version };
}

/** The names of what is new, of what is gone, and of what is at another place in the document than before. */
function changedNames(
  inPlace: IndexInPlace,
  { added, sources }: Pick<IndexDraft, "added" | "sources">,
): ReadonlySet<string> {
  const changed = new Set(added.entries.names);
  const placeBefore = documentPlaces(inPlace);
  const isKept = new Uint8Array(inPlace.ranked.names.length);
  let last = -1;
  for (const source of sources) {
    if (source >= 0) continue;
    const position = oldPosition(source);
    isKept[position] = 1;
    const place = placeBefore[position] ?? 0;
    if (place < last) changed.add(inPlace.ranked.names[position] ?? "");
    else last = place;
  }
  for (let position = 0; position < isKept.length; position++) {
    if (isKept[position] === 0) changed.add(inPlace.ranked.names[position] ?? "");
  }
  return changed;
}

/** By position: where an entry was in the document. */
function documentPlaces({ records, ranked }: IndexInPlace): Uint32Array {
  const places = new Uint32Array(ranked.names.length);
  for (let index = 0; index < records.count; index++) {
    if (records.isHere(index)) places[records.number(index)] = index;
  }
  return places;
}
