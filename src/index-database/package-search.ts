import type { PackageEntry } from "../package/metadata.ts";
import { foldName, NAME_KINDS, nameOf } from "./package-index-schema.ts";
import { createPositions } from "./positions.ts";
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
  readonly positions: Uint32Array;
  readonly kinds: readonly { readonly from: number; readonly match: Match }[];
}

/**
 * A search in an index, which finds each package once, in its newest version. Each stage gives its positions in the order of
 * popularity.
 */
export function createSearch(tables: SearchTables, entryAt: (position: number) => PackageEntry) {
  const { newest } = tables;
  /** Counting and listing ask for the same. */
  let last: Found = { query: "", positions: new Uint32Array(), kinds: [] };

  function find(query: string): Found {
    if (query === last.query) return last;
    const isFound = new Uint8Array(newest);
    // Numbers in memory of their own: lists of them would be most of what is collected as garbage.
    const found = new Uint32Array(newest);
    let count = 0;
    const kinds: { readonly from: number; readonly match: Match }[] = [];
    for (const { match, positions } of stagesOf(tables, query)) {
      kinds.push({ from: count, match });
      for (let index = 0; index < positions.length; index++) {
        const position = positions[index] ?? newest;
        if (position >= newest || isFound[position] === 1) continue;
        isFound[position] = 1;
        found[count++] = position;
      }
    }
    last = { query, positions: found.subarray(0, count), kinds };
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
    return Array.from(positions.subarray(0, limit), (position, index) => {
      const entry = entryAt(position);
      const match = kinds.findLast(({ from }) => from <= index)?.match ?? "substring";
      if (match === "prefix") return { entry, match: beginsWith(entry, trimmed) ? match : "substring" };
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
  readonly positions: ArrayLike<number>;
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
  const parts = findParts(ranking, { query, folded, newest });
  yield { match: "prefix", positions: parts.beginning };
  yield { match: "substring", positions: parts.containing };
  yield { match: "substring", positions: parts.squashed };
  yield { match: "substring", positions: parts.otherwise };
  yield { match: "description", positions: withWords(words, { query, newest }) };
}

/** Positions of names that begin with what is sought, and contain it; of those without their separators, and of other names. */
interface Parts {
  readonly beginning: Uint32Array;
  readonly containing: Uint32Array;
  readonly squashed: Uint32Array;
  readonly otherwise: Uint32Array;
}

interface Sought {
  readonly query: string;
  readonly folded: string;
  readonly newest: number;
}

/** Goes through the names of the pages that have some of it. */
function findParts(ranking: Ranking, { query, folded, newest }: Sought): Parts {
  const text = foldText(query);
  const joined = squash(text);
  const long = (part: string) => (part.length >= MIN_PART ? part : null);
  const parts = { names: text === "" ? null : text, squashed: long(joined), others: long(folded) };
  const [beginning, containing] = [createPositions(), createPositions()];
  const [squashed, otherwise] = [createPositions(), createPositions()];
  const addNamed = (position: number, isBeginning: boolean) => (isBeginning ? beginning : containing).add(position);
  for (const page of ranking.pagesWith(parts, Math.ceil(newest / RANKING_PAGE))) {
    const first = page.page * RANKING_PAGE;
    addLines(addNamed, { first, lines: page.names, part: parts.names });
    addLines(squashed.add, { first, lines: page.squashed, part: parts.squashed });
    addLines(otherwise.add, { first, lines: page.others, part: parts.others });
  }
  return {
    beginning: beginning.all(),
    containing: containing.all(),
    squashed: squashed.all(),
    otherwise: otherwise.all(),
  };
}

/** From one place of the text to the next: to make a string of each line would cost more than to look for them. */
function addLines(
  use: (position: number, isBeginning: boolean) => void,
  { first, lines, part }: { readonly first: number; readonly lines: string; readonly part: string | null },
): void {
  if (part === null) return;
  let [line, start] = [0, 0];
  for (let at = lines.indexOf(part); at !== -1; at = lines.indexOf(part, start)) {
    for (let end = lines.indexOf("\n", start); end !== -1 && end < at; end = lines.indexOf("\n", start)) {
      line++;
      start = end + 1;
    }
    use(first + line, at === start);
    const end = lines.indexOf("\n", at);
    if (end === -1) return;
    line++;
    start = end + 1;
  }
}

/** Positions of what has a word that begins with each of the query's words. */
function withWords(words: Postings, { query, newest }: Pick<Sought, "query" | "newest">): Uint32Array {
  const wanted = new Set(
    searchWords(query)
      .slice(0, MAX_WORDS)
      .map((word) => word.slice(0, MAX_WORD_LENGTH)),
  );
  if (wanted.size === 0) return new Uint32Array();
  /** For each position, how many of the words so far it has. */
  const counts = new Uint8Array(newest);
  let before = 0;
  for (const word of wanted) {
    words.eachBeginning(word, (positions, count) => {
      for (let index = 0; index < count; index++) {
        const position = positions[index] ?? newest;
        if (counts[position] === before) counts[position] = before + 1;
      }
    });
    before++;
  }
  const found = createPositions();
  for (let position = 0; position < newest; position++) if (counts[position] === before) found.add(position);
  return found.all();
}

/** Names without their accents are what is looked through: `cafe` comes where `café` would, as a part of it. */
function beginsWith({ name }: PackageEntry, query: string): boolean {
  return foldName(name).startsWith(foldName(query));
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
