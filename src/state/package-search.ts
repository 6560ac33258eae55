import type { PackageEntry } from "../package/metadata.ts";
import { foldName, NAME_KINDS, nameOf } from "./package-index-schema.ts";
import type { Postings } from "./posting-pages.ts";
import { RANKING_PAGE, type Ranking } from "./ranking-pages.ts";
import { foldText, searchWords, squash } from "./search-text.ts";

/** The part of an entry that matched the query; the earlier in this list, the better. */
export type Match = "name" | "provides" | "prefix" | "substring" | "description" | "tag";

export interface SearchHit {
  readonly entry: PackageEntry;
  readonly match: Match;
}

/** Further words of a query are ignored. */
const MAX_WORDS = 16;
const MAX_WORD_LENGTH = 64;
/** Fewer characters, without their separators or within a name that is not the package's own, match too much. */
const MIN_PART = 3;

/** The tables that are searched, and how many entries, the first ones, are the newest version of a package. */
export interface SearchTables {
  readonly names: Postings;
  readonly words: Postings;
  readonly ranking: Ranking;
  readonly newest: number;
}

/** What a query matches: positions, the best first, and of which kind those are from an index on. */
interface Found {
  readonly query: string;
  readonly positions: readonly number[];
  readonly kinds: readonly { readonly from: number; readonly match: Match }[];
}

/**
 * A search in an index, which finds each package once, in its newest version. Each stage gives its positions in the order of
 * popularity.
 */
export function createSearch(tables: SearchTables, entryAt: (position: number) => PackageEntry) {
  const { newest } = tables;
  /** Counting and listing ask for the same. */
  let last: Found = { query: "", positions: [], kinds: [] };

  function find(query: string): Found {
    if (query === last.query) return last;
    const isFound = new Uint8Array(newest);
    const found: number[] = [];
    const kinds: { readonly from: number; readonly match: Match }[] = [];
    for (const { match, positions } of stagesOf(tables, query)) {
      kinds.push({ from: found.length, match });
      for (const position of positions) {
        if (position >= newest || isFound[position] === 1) continue;
        isFound[position] = 1;
        found.push(position);
      }
    }
    last = { query, positions: found, kinds };
    return last;
  }

  /** How many packages match, whether they are wanted or not. */
  function count(query: string | null): number {
    return query === null ? newest : find(query.trim()).positions.length;
  }

  function search(query: string | null, limit: number): readonly SearchHit[] {
    if (query === null) return everything(limit);
    const trimmed = query.trim();
    const words = searchWords(trimmed);
    const { positions, kinds } = find(trimmed);
    return positions.slice(0, limit).map((position, index) => {
      const entry = entryAt(position);
      const match = kinds.findLast(({ from }) => from <= index)?.match ?? "substring";
      return { entry, match: match === "description" ? whichText(entry, words) : match };
    });
  }

  function everything(limit: number): readonly SearchHit[] {
    const length = Math.min(limit, newest);
    return Array.from({ length }, (_, position) => ({ entry: entryAt(position), match: "substring" }));
  }

  return { search, count };
}

interface Stage {
  readonly match: Match;
  readonly positions: Iterable<number>;
}

/** The stages, the best first. */
function* stagesOf({ names, words, ranking, newest }: SearchTables, query: string): Generator<Stage> {
  if (query === "") return;
  const folded = foldName(query);
  const own = [...names.exact(folded)].map(nameOf);
  const ofKind = (kind: number) => own.filter((number) => number.kind === kind).map(({ position }) => position);
  yield { match: "name", positions: ofKind(NAME_KINDS.name) };
  yield { match: "name", positions: ofKind(NAME_KINDS.alias) };
  yield { match: "provides", positions: ofKind(NAME_KINDS.provides) };
  yield { match: "prefix", positions: named(names, folded) };
  const parts = findParts(ranking, { query, folded, newest });
  yield { match: "substring", positions: parts.containing };
  yield { match: "substring", positions: parts.squashed };
  yield { match: "substring", positions: parts.otherwise };
  yield { match: "description", positions: withWords(words, { query, newest }) };
}

/** Positions of what has a name that begins so. */
function named(names: Postings, prefix: string): Uint32Array {
  const found: number[] = [];
  for (const [, numbers] of names.beginning(prefix)) {
    for (const number of numbers) {
      const { position, kind } = nameOf(number);
      if (kind === NAME_KINDS.name) found.push(position);
    }
  }
  return Uint32Array.from(found).sort();
}

/** Positions of names that contain what is sought; of those without their separators, and of other names. */
interface Parts {
  readonly containing: readonly number[];
  readonly squashed: readonly number[];
  readonly otherwise: readonly number[];
}

interface Sought {
  readonly query: string;
  readonly folded: string;
  readonly newest: number;
}

/** Goes through all names, a page at a time. */
function findParts(ranking: Ranking, { query, folded, newest }: Sought): Parts {
  const text = foldText(query);
  const joined = squash(text);
  const [containing, squashed, otherwise]: [number[], number[], number[]] = [[], [], []];
  for (const page of ranking.pages()) {
    const first = page.page * RANKING_PAGE;
    if (first >= newest) break;
    addLines(containing, { first, lines: page.names, part: text });
    if (joined.length >= MIN_PART) addLines(squashed, { first, lines: page.squashed, part: joined });
    if (folded.length >= MIN_PART) addLines(otherwise, { first, lines: page.others, part: folded });
  }
  return { containing, squashed, otherwise };
}

/** Most pages have nothing, which the text of the page tells as a whole. */
function addLines(
  found: number[],
  { first, lines, part }: { readonly first: number; readonly lines: string; readonly part: string },
): void {
  if (!lines.includes(part)) return;
  for (const [index, line] of lines.split("\n").entries()) if (line.includes(part)) found.push(first + index);
}

/** Positions of what has a word that begins with each of the query's words. */
function withWords(words: Postings, { query, newest }: Pick<Sought, "query" | "newest">): readonly number[] {
  const wanted = new Set(
    searchWords(query)
      .slice(0, MAX_WORDS)
      .map((word) => word.slice(0, MAX_WORD_LENGTH)),
  );
  if (wanted.size === 0) return [];
  /** For each position, how many of the words so far it has. */
  const counts = new Uint8Array(newest);
  let before = 0;
  for (const word of wanted) {
    for (const [, positions] of words.beginning(word)) {
      for (const position of positions) if (counts[position] === before) counts[position] = before + 1;
    }
    before++;
  }
  const found: number[] = [];
  for (let position = 0; position < newest; position++) if (counts[position] === before) found.push(position);
  return found;
}

/** A part of another name or of a program counts as one of its name. */
function whichText(entry: PackageEntry, words: readonly string[]): Match {
  const { name, description, aliases, provides } = entry;
  const isIn = (texts: readonly string[]) => {
    const found = searchWords(texts.join(" "));
    return words.every((word) => found.some((candidate) => candidate.startsWith(word)));
  };
  if (isIn([name, description])) return "description";
  return isIn([name, ...aliases, ...provides.flatMap(({ links }) => links)]) ? "substring" : "tag";
}
