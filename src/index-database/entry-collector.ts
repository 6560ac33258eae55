import type { PackageEntry } from "../package/metadata.ts";
import { type EntryPlace, formatEntryLine } from "./entry-blocks.ts";
import { foldName, MAX_HOSTS, NAME_KINDS } from "./package-index-schema.ts";
import { type CollectedPostings, createPostingBuilder, type PostingBuilder } from "./posting-builder.ts";
import { NAME_END, NONE, oneLine } from "./ranking-pages.ts";
import { foldText, isAscii, searchWords } from "./search-text.ts";

/** Entries in columns, while their positions are not known. */
export interface CollectedEntries {
  /** As in EntryColumns, like what follows. */
  readonly names: string[];
  readonly others: string[];
  readonly ranks: number[];
  readonly downloads: number[];
  readonly blocks: number[];
  readonly lines: number[];
  /** See placeKey(). */
  readonly keys: string[];
  readonly versions: string[];
}

/** All that is known about entries, and about what is for other platforms, but their order. */
export interface EntryCollector {
  readonly entries: CollectedEntries;
  /** The platforms of what is for other ones; and for each of that, the index of its platform. */
  readonly hosts: string[];
  readonly elsewhereHosts: number[];
  /** Their records are the entries, in the order in which they were added. */
  readonly names: PostingBuilder;
  readonly words: PostingBuilder;
  /** Its records are what is for other platforms. */
  readonly elsewhere: PostingBuilder;
  /** Adds an entry; what is added is numbered from 0. `key`: see placeKey(). */
  add(entry: PackageEntry, key: string): void;
  /** Adds what is for another platform; these are numbered by themselves. */
  addElsewhere(entry: PackageEntry): void;
}

/** @param writeLine keeps an entry as formatEntryLine() writes it */
export function createEntryCollector(writeLine: (line: string) => EntryPlace): EntryCollector {
  const entries = noEntries();
  const hosts: string[] = [];
  const elsewhereHosts: number[] = [];
  const [names, words, elsewhere] = [createPostingBuilder(), createPostingBuilder(), createPostingBuilder()];
  return {
    ...{ entries, hosts, elsewhereHosts, names, words, elsewhere },
    add(entry, key) {
      const { block, line } = writeLine(formatEntryLine(entry));
      entries.names.push(oneLine(foldText(entry.name)));
      entries.others.push(addNames(names, entry));
      entries.ranks.push(entry.rank ?? NONE);
      entries.downloads.push(entry.downloads ?? NONE);
      entries.blocks.push(block);
      entries.lines.push(line);
      entries.keys.push(key);
      entries.versions.push(entry.version);
      addWords(words, entry);
    },
    addElsewhere(entry) {
      const host = hostIndex(hosts, entry.host);
      elsewhereHosts.push(host);
      if (host < MAX_HOSTS) for (const name of everyName(entry)) elsewhere.add(foldName(name));
      elsewhere.next();
    },
  };
}

function noEntries(): CollectedEntries {
  return {
    ...{ names: [], others: [], ranks: [], downloads: [] },
    ...{ blocks: [], lines: [], keys: [], versions: [] },
  };
}

/** What was collected of a run of elements, as another thread can be sent it. */
export interface CollectedRun {
  readonly entries: CollectedEntries;
  readonly hosts: readonly string[];
  readonly elsewhereHosts: readonly number[];
  readonly names: CollectedPostings;
  readonly words: CollectedPostings;
  readonly elsewhere: CollectedPostings;
}

/** Takes what was collected out of a collector, which can then be used again. */
export function takeRun(collector: EntryCollector): CollectedRun {
  const { entries, hosts, elsewhereHosts, names, words, elsewhere } = collector;
  return {
    entries: mapColumns(entries, (column) => column.splice(0)),
    ...{ hosts: [...hosts], elsewhereHosts: elsewhereHosts.splice(0) },
    ...{ names: names.take(), words: words.take(), elsewhere: elsewhere.take() },
  };
}

function mapColumns(entries: CollectedEntries, use: <T>(column: T[]) => T[]): CollectedEntries {
  const { names, others, ranks, downloads, blocks, lines, keys, versions } = entries;
  return {
    ...{ names: use(names), others: use(others), ranks: use(ranks), downloads: use(downloads) },
    ...{ blocks: use(blocks), lines: use(lines), keys: use(keys), versions: use(versions) },
  };
}

/** Adds the runs of one other collector, in the order in which they were taken; their blocks are numbered by `blockOf`. */
export function createRunJoiner(into: EntryCollector) {
  const joinNames = into.names.joiner();
  const joinWords = into.words.joiner();
  const joinElsewhere = into.elsewhere.joiner();
  return (run: CollectedRun, blockOf: (block: number) => number): void => {
    appendColumns(into.entries, run.entries, blockOf);
    const hosts = run.hosts.map((host) => hostIndex(into.hosts, host));
    for (const host of run.elsewhereHosts) into.elsewhereHosts.push(hosts[host] ?? 0);
    joinNames(run.names);
    joinWords(run.words);
    joinElsewhere(run.elsewhere);
  };
}

function appendColumns(to: CollectedEntries, from: CollectedEntries, blockOf: (block: number) => number): void {
  for (let index = 0; index < from.names.length; index++) {
    to.names.push(from.names[index] ?? "");
    to.others.push(from.others[index] ?? "");
    to.ranks.push(from.ranks[index] ?? NONE);
    to.downloads.push(from.downloads[index] ?? NONE);
    to.blocks.push(blockOf(from.blocks[index] ?? 0));
    to.lines.push(from.lines[index] ?? 0);
    to.keys.push(from.keys[index] ?? "");
    to.versions.push(from.versions[index] ?? "");
  }
}

function hostIndex(hosts: string[], host: string): number {
  const known = hosts.indexOf(host);
  return known === -1 ? hosts.push(host) - 1 : known;
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
