import { existsSync } from "node:fs";
import { hasCode, PkgError } from "../errors.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { allowedDistance, nearest } from "../package/nearest.ts";
import { type Database, openSqlite, sqliteError } from "../state/open-sqlite.ts";
import { ElementRecords } from "./element-records.ts";
import { createBlocks, parseEntryLine } from "./entry-blocks.ts";
import { isDamage } from "./index-damage.ts";
import {
  foldName,
  INDEX_SCHEMA_VERSION,
  type IndexMeta,
  type IndexTrust,
  MAX_HOSTS,
  NAME_KINDS,
  nameOf,
  type WrittenMeta,
} from "./package-index-schema.ts";
import { createSearch, type SearchHit } from "./package-search.ts";
import { createPostings } from "./posting-pages.ts";
import { createRanking } from "./ranking-pages.ts";

export type { IndexMeta, IndexTrust, SearchHit, WrittenMeta };

/** A repository's index, open for reading. Its content stays the same even when a new index replaces it. */
export interface PackageIndex {
  readonly meta: IndexMeta;
  /**
   * The entries that a name stands for: by name, else by recipe, else by alias, else by what they provide. Of names that differ only in
   * case, an exact match is preferred. The most popular come first.
   */
  byName(name: string): readonly PackageEntry[];
  /** The entries that provide a program or link of this name. */
  byProvides(link: string): readonly PackageEntry[];
  /** The other platforms for which something has this name, e.g. `aarch64-linux`; unknown for older indexes. */
  elsewhere(name: string): readonly string[];
  /** The best `limit` hits: exact name, provided name, beginning of a name, part of a name, words of description and tags. */
  search(query: string | null, limit: number): readonly SearchHit[];
  /** How many packages match a query. */
  countMatches(query: string | null): number;
  /** The names closest to one that was not found, nearest first. */
  suggest(name: string, limit: number): readonly string[];
  /** The names of all packages, folded as foldText() does. */
  names(): ReadonlySet<string>;
  /** Every entry, in the order of the index document. */
  all(): Iterable<PackageEntry>;
  count(): number;
  close(): void;
}

/** What is damaged in the file of an index, in SQLite's words; null: nothing is, or there is none. Reads all of it. */
export function damageOfIndex(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    const database = openSqlite(path, { readonly: true, fileMustExist: true });
    try {
      const result = database.pragma("quick_check(1)", { simple: true });
      return result === "ok" ? null : String(result);
    } finally {
      database.close();
    }
  } catch (error) {
    const known = sqliteError(error, path);
    if (hasCode(known, "DATABASE_INVALID") && known instanceof PkgError) return known.message;
    throw known;
  }
}

/**
 * A search reads each page once. As many as SQLite keeps otherwise, 16 MB, are as much memory that the system has to give, which
 * takes longer than to read them.
 */
const KEPT_PAGES_KIB = 1024;

/**
 * Opens the index at `path`; null when there is none. Any method may throw DATABASE_INVALID.
 *
 * @throws {PkgError} DATABASE_INVALID when it is damaged or was written by another version of pkg
 */
export function openPackageIndex(path: string): PackageIndex | null {
  if (!existsSync(path)) return null;
  const database = guard(path, () => openSqlite(path, { readonly: true, fileMustExist: true }));
  try {
    return guard(path, () => {
      database.pragma(`cache_size = -${KEPT_PAGES_KIB}`);
      return createPackageIndex(database, path, readMeta(database, path));
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isDamage(error) ? damaged(path, "it is damaged", error) : sqliteError(error, path);
  }
}

function damaged(path: string, reason: string, cause?: unknown): PkgError {
  return new PkgError("DATABASE_INVALID", `Cannot read the index "${path}": ${reason}`, {
    hint: "Run `pkg sync --force`",
    ...(cause === undefined ? {} : { cause }),
  });
}

function readMeta(database: Database, path: string): IndexMeta {
  const version = database.pragma("user_version", { simple: true });
  if (version !== INDEX_SCHEMA_VERSION) {
    throw damaged(path, `its format is ${version}, expected ${INDEX_SCHEMA_VERSION}`);
  }
  const json = database.prepare<[], string>("SELECT json FROM meta").pluck().get();
  if (json === undefined) throw damaged(path, "it was not written completely");
  const packages = database.prepare<[], number>("SELECT count FROM newest").pluck().get() ?? 0;
  return { ...decodeJson<WrittenMeta>(json, path), packages };
}

/** Decodes what this program wrote: the file's format version guarantees its shape. */
function decodeJson<T>(json: string, path: string): T {
  try {
    return JSON.parse(json) as T;
  } catch (error) {
    throw damaged(path, "a record is damaged", error);
  }
}

const MAX_ENTRIES_OF_A_NAME = 1000;
/** Names of about the right length that are compared for a suggestion: more than any real index has. */
const MAX_COMPARED_NAMES = 20_000;

function createPackageIndex(database: Database, path: string, meta: IndexMeta): PackageIndex {
  const tables = {
    ...{ names: createPostings(database, "names"), words: createPostings(database, "words") },
    ...{ ranking: createRanking(database), blocks: createBlocks(database), newest: meta.packages },
  };
  const { names, ranking } = tables;
  const elements = database.prepare<[], Elements>("SELECT hosts, records FROM elements");
  const matches = createSearch(tables, entryAt);

  function entryAt(position: number): PackageEntry {
    return parseEntryLine(tables.blocks.line(ranking.place(position)));
  }

  /** The entries that have the name, of any kind: `found` reads those of one kind. */
  function lookUp(name: string) {
    const numbers = [...names.exact(foldName(name))].map(nameOf);
    const found = (kind: keyof typeof NAME_KINDS) =>
      numbers
        .filter((number) => number.kind === NAME_KINDS[kind])
        .slice(0, MAX_ENTRIES_OF_A_NAME)
        .map(({ position }) => entryAt(position));
    return { found };
  }

  function byName(name: string): readonly PackageEntry[] {
    const { found } = lookUp(name);
    const entries = preferExact(found("name"), (entry) => entry.name === name);
    if (entries.length > 0) return entries;
    const recipes = preferExact(found("recipe"), (entry) => entry.recipe === name);
    if (recipes.length > 0) return recipes;
    const aliased = preferExact(found("alias"), ({ aliases }) => aliases.includes(name));
    return aliased.length > 0 ? aliased : provided(found("provides"), name);
  }

  function provided(entries: readonly PackageEntry[], link: string): readonly PackageEntry[] {
    return preferExact(entries, (entry) => entry.provides.some(({ links }) => links.includes(link)));
  }

  function suggest(name: string, limit: number): readonly string[] {
    return nearest(name, similar(name), limit).map((folded) => displayName(lookUp(folded).found("name"), folded));
  }

  /** Names of about the same length; not those of recipes alone. */
  function* similar(name: string): Generator<string> {
    const allowed = allowedDistance(name);
    let left = MAX_COMPARED_NAMES;
    for (const [folded, numbers] of names.beginning("")) {
      if (Math.abs(folded.length - name.length) > allowed) continue;
      if (numbers.every((number) => nameOf(number).kind === NAME_KINDS.recipe)) continue;
      yield folded;
      if (--left === 0) return;
    }
  }

  function elsewhere(name: string): readonly string[] {
    const numbers = createPostings(database, "elsewhere").exact(foldName(name));
    if (numbers.length === 0) return [];
    const hosts = decodeJson<readonly string[]>(elements.get()?.hosts ?? "[]", path);
    const found = new Set([...numbers].flatMap((number) => hosts[number % MAX_HOSTS] ?? []));
    return [...found].sort();
  }

  function* all(): Generator<PackageEntry> {
    const records = guard(path, () => new ElementRecords(elements.get()?.records ?? Buffer.alloc(0)));
    for (let index = 0; index < records.count; index++) {
      if (records.at(index).isHere) yield guard(path, () => entryAt(records.number(index)));
    }
  }

  return {
    meta,
    byName: (name) => guard(path, () => byName(name)),
    byProvides: (link) => guard(path, () => provided(lookUp(link).found("provides"), link)),
    elsewhere: (name) => guard(path, () => elsewhere(name)),
    search: (query, limit) => guard(path, () => matches.search(query, limit)),
    countMatches: (query) => guard(path, () => matches.count(query)),
    suggest: (name, limit) => guard(path, () => suggest(name, limit)),
    names: () => guard(path, () => new Set(ranking.names())),
    all,
    count: () => meta.entries,
    close: () => database.close(),
  };
}

interface Elements {
  readonly hosts: string;
  readonly records: Buffer;
}

function preferExact(
  entries: readonly PackageEntry[],
  isExact: (entry: PackageEntry) => boolean,
): readonly PackageEntry[] {
  const exact = entries.filter(isExact);
  return exact.length > 0 ? exact : entries;
}

function displayName([first]: readonly PackageEntry[], folded: string): string {
  return first?.name ?? folded;
}
