import type { Database } from "better-sqlite3";
import type { ElementStamp, KnownElement } from "../index/known-elements.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { ElementRecords } from "./element-records.ts";
import { createBlockWriter, type EntryPlace } from "./entry-blocks.ts";
import type { IndexInPlace } from "./index-in-place.ts";
import { foldName, MAX_HOSTS, NAME_KINDS } from "./package-index-schema.ts";
import { createPostingBuilder, GONE, type PostingBuilder } from "./posting-builder.ts";
import { NAME_END, oneLine } from "./ranking-pages.ts";
import { foldText, isAscii, searchWords } from "./search-text.ts";

/** An entry that is new, while its position is not known. */
export interface NewEntry {
  /** As in EntryColumns. */
  readonly name: string;
  readonly others: string;
  readonly rank: number | null;
  readonly downloads: number | null;
  readonly place: EntryPlace;
  /** What makes it a version of a package. */
  readonly version: Pick<PackageEntry, "id" | "family" | "name" | "type" | "version">;
}

/** What is new for another platform. */
export interface NewElsewhere {
  /** Its place among all that are for other platforms. */
  readonly number: number;
  /** The index of its platform. */
  readonly host: number;
}

/**
 * What an index will consist of: the entries that are new, and those of the index in place that are the same. Entries are written at
 * once; all that depends on their order waits for writeDraft().
 */
export interface IndexDraft {
  readonly inPlace: IndexInPlace | null;
  readonly blocks: ReturnType<typeof createBlockWriter>;
  /** Elements in the order of the document; numbers of entries are not known yet. */
  readonly records: ElementRecords;
  readonly hosts: readonly string[];
  /** For each entry in the order of the document: the index of one in `added`, or oldSource() of one that is kept. */
  readonly sources: readonly number[];
  readonly added: readonly NewEntry[];
  readonly addedElsewhere: readonly NewElsewhere[];
  /** By the old number of what is for another platform: the new one, or GONE. */
  readonly keptElsewhere: Uint32Array;
  readonly names: PostingBuilder;
  readonly words: PostingBuilder;
  readonly elsewhere: PostingBuilder;
}

/** Says that an entry is the one at this position of the index in place; oldPosition() reads it. */
function oldSource(position: number): number {
  return -1 - position;
}

/** The position in the index in place; negative for what is new. */
export function oldPosition(source: number): number {
  return -1 - source;
}

/** Collects what an index will consist of, in the order of its document. */
export function createIndexDraft(database: Database, inPlace: IndexInPlace | null) {
  const hosts = [...(inPlace?.hosts ?? [])];
  const [sources, added, addedElsewhere]: [number[], NewEntry[], NewElsewhere[]] = [[], [], []];
  const keptElsewhere = new Uint32Array(inPlace?.records.count ?? 0).fill(GONE);
  const draft = {
    ...{ inPlace, hosts, sources, added, addedElsewhere, keptElsewhere },
    ...{ blocks: createBlockWriter(database), records: new ElementRecords() },
    ...{ names: createPostingBuilder(), words: createPostingBuilder(), elsewhere: createPostingBuilder() },
  };
  let elsewhereCount = 0;
  return {
    draft,
    add(entry: PackageEntry, stamp: ElementStamp | null): void {
      draft.records.push({ isHere: true, number: 0 }, stamp);
      sources.push(added.length);
      added.push(newEntry(draft, entry));
      addWords(draft.words, entry);
    },
    addElsewhere(entry: PackageEntry, stamp: ElementStamp | null): void {
      const [number, host] = [elsewhereCount++, hostIndex(hosts, entry.host)];
      draft.records.push({ isHere: false, number }, stamp);
      addedElsewhere.push({ number, host });
      if (host < MAX_HOSTS) for (const name of everyName(entry)) draft.elsewhere.add(foldName(name));
      draft.elsewhere.next();
    },
    keep({ index, isHere }: KnownElement): void {
      if (inPlace === null) throw new Error("nothing is known where no index is in place");
      const old = inPlace.records.number(index);
      if (isHere) sources.push(oldSource(old));
      else keptElsewhere[old] = elsewhereCount;
      draft.records.copy(inPlace.records, index, isHere ? 0 : elsewhereCount++);
    },
  };
}

function hostIndex(hosts: string[], host: string): number {
  const known = hosts.indexOf(host);
  return known === -1 ? hosts.push(host) - 1 : known;
}

function newEntry({ blocks, names }: Pick<IndexDraft, "blocks" | "names">, entry: PackageEntry): NewEntry {
  const { id, family, name, type, version, rank, downloads } = entry;
  return {
    ...{ rank, downloads, place: blocks.add(JSON.stringify(entry)), version: { id, family, name, type, version } },
    ...{ name: oneLine(foldText(name)), others: addNames(names, entry) },
  };
}

/** Adds the names by which an entry is looked up; returns those besides its own, for searching. */
function addNames(names: PostingBuilder, { name, recipe, aliases, provides }: PackageEntry): string {
  const own = foldName(name);
  let others = "";
  const add = (other: string, kind: number) => {
    const folded = foldName(other);
    names.add(folded, kind);
    if (folded !== own) others += oneLine(folded) + NAME_END;
  };
  names.add(own, NAME_KINDS.name);
  const folded = foldName(recipe);
  // A recipe of the same name would never be looked for.
  if (folded !== own) names.add(folded, NAME_KINDS.recipe);
  for (const alias of aliases) add(alias, NAME_KINDS.alias);
  for (const { links } of provides) for (const link of links) add(link, NAME_KINDS.provides);
  names.next();
  return others;
}

function everyName({ name, recipe, aliases, provides }: PackageEntry): readonly string[] {
  return [name, recipe, ...aliases, ...provides.flatMap(({ links }) => links)];
}

function addWords(words: PostingBuilder, { name, aliases, provides, description, tags }: PackageEntry): void {
  let text = `${name} ${description}`;
  for (const alias of aliases) text += ` ${alias}`;
  for (const { links } of provides) for (const link of links) if (link !== name) text += ` ${foldName(link)}`;
  for (const tag of tags) text += ` ${tag}`;
  if (isAscii(text)) words.addWords(text.toLowerCase());
  else for (const word of searchWords(text)) words.add(word);
  words.next();
}
