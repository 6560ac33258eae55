import type { Database } from "better-sqlite3";
import type { PackageEntry } from "../package/metadata.ts";
import { foldName, NAME_KINDS } from "./package-index-schema.ts";
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

/** More than any index holds. */
const EVERY_MATCH = 1_000_000_000;

const LAST_CHARACTER = "\u{10ffff}";

type Candidate = { readonly position: number; readonly match: Match };

/**
 * A search in an index, which returns each package once, in its newest version. Each stage returns its positions in the
 * order of popularity, and only as many as are still wanted, so that a short query that matches nearly everything is as
 * fast as a rare one.
 */
export function createSearch(database: Database, decode: (json: string) => PackageEntry) {
  /** The last position of a package's newest version. */
  const last = database.prepare<[], number>("SELECT count FROM newest").pluck().get() ?? 0;
  const named = positions<[string, number, number, number]>(
    "SELECT position FROM names WHERE folded = ? AND kind = ? AND position <= ? ORDER BY position LIMIT ?",
  );
  const prefixed = positions<[string, string, number, number, number]>(
    "SELECT position FROM names WHERE folded >= ? AND folded < ? AND kind = ? AND position <= ? ORDER BY position LIMIT ?",
  );
  const containing = positions<[number, string, number]>(
    "SELECT position FROM ranking WHERE position <= ? AND instr(folded, ?) > 0 ORDER BY position LIMIT ?",
  );
  const squashed = positions<[number, string, number]>(
    "SELECT position FROM ranking WHERE position <= ? AND instr(replace(replace(replace(folded, '-', ''), '_', ''), '.', ''), ?) > 0 ORDER BY position LIMIT ?",
  );
  const otherwiseNamed = positions<[number, number, number, string, number]>(
    "SELECT DISTINCT position FROM names WHERE kind IN (?, ?) AND position <= ? AND instr(folded, ?) > 0 ORDER BY position LIMIT ?",
  );
  const wordy = positions<[string, number]>("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT ?");
  const entryAt = database
    .prepare<[number], string>(
      "SELECT json FROM ranking JOIN packages ON packages.id = ranking.package WHERE position = ?",
    )
    .pluck();

  function positions<Parameters extends unknown[]>(sql: string) {
    const statement = database.prepare<Parameters, number>(sql).pluck();
    return (...parameters: Parameters): readonly number[] => statement.all(...parameters);
  }

  /** What has a part in an alias or a program. */
  function otherwise(folded: string, wanted: number): readonly number[] {
    return otherwiseNamed(NAME_KINDS.alias, NAME_KINDS.provides, last, folded, wanted);
  }

  /** The stages, the best first. `wanted` hits of each are enough, even if some of them are known already. */
  function stages(query: string): readonly ((wanted: number) => readonly Candidate[])[] {
    const folded = foldName(query);
    const text = foldText(query);
    const joined = squash(text);
    const words = searchWords(query)
      .slice(0, MAX_WORDS)
      .map((word) => word.slice(0, MAX_WORD_LENGTH));
    return [
      (wanted) => matched(named(folded, NAME_KINDS.name, last, wanted), "name"),
      (wanted) => matched(named(folded, NAME_KINDS.alias, last, wanted), "name"),
      (wanted) => matched(named(folded, NAME_KINDS.provides, last, wanted), "provides"),
      (wanted) => matched(prefixed(folded, folded + LAST_CHARACTER, NAME_KINDS.name, last, wanted), "prefix"),
      (wanted) => matched(containing(last, text, wanted), "substring"),
      (wanted) => (joined.length < MIN_PART ? [] : matched(squashed(last, joined, wanted), "substring")),
      (wanted) => (folded.length < MIN_PART ? [] : matched(otherwise(folded, wanted), "substring")),
      (wanted) => (words.length === 0 ? [] : matched(wordy(matchExpression(words), wanted), "description")),
    ];
  }

  function collect(query: string, limit: number): readonly Candidate[] {
    const found = new Map<number, Candidate>();
    for (const stage of stages(query)) {
      for (const candidate of stage(limit)) {
        if (found.size >= limit) return [...found.values()];
        if (!found.has(candidate.position)) found.set(candidate.position, candidate);
      }
    }
    return [...found.values()];
  }

  /** How many packages match, whether they are wanted or not. */
  function count(query: string | null): number {
    if (query === null) return last;
    return query.trim() === "" ? 0 : collect(query.trim(), EVERY_MATCH).length;
  }

  function search(query: string | null, limit: number): readonly SearchHit[] {
    if (query === null) return hits(matched(containing(last, "", limit), "substring"), []);
    const trimmed = query.trim();
    if (trimmed === "" || limit <= 0) return [];
    return hits(collect(trimmed, limit), searchWords(trimmed));
  }

  function hits(candidates: readonly Candidate[], words: readonly string[]): readonly SearchHit[] {
    return candidates.flatMap(({ position, match }) => {
      const json = entryAt.get(position);
      if (json === undefined) return [];
      const entry = decode(json);
      return [{ entry, match: match === "description" ? whichText(entry, words) : match }];
    });
  }

  return { search, count };
}

function matched(positions: readonly number[], match: Match): readonly Candidate[] {
  return positions.map((position) => ({ position, match }));
}

/** All words, each matched as a prefix. Words contain only letters and digits, so the query cannot contain any syntax. */
function matchExpression(words: readonly string[]): string {
  return words.map((word) => `"${word}"*`).join(" AND ");
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
