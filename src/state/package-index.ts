import { existsSync } from "node:fs";
import type { Database } from "better-sqlite3";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { allowedDistance, nearest } from "../package/nearest.ts";
import { openSqlite, sqliteError } from "./open-sqlite.ts";
import {
  foldName,
  INDEX_SCHEMA_VERSION,
  type IndexMeta,
  type IndexTrust,
  NAME_KINDS,
  type WrittenMeta,
} from "./package-index-schema.ts";
import { createSearch, type SearchHit } from "./package-search.ts";

export { createIndexWriter, type IndexWriter } from "./package-index-writer.ts";
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
 * Opens the index at `path`; null when there is none. Any method may throw DATABASE_INVALID.
 *
 * @throws {PkgError} DATABASE_INVALID when it is damaged or was written by another version of pkg
 */
export function openPackageIndex(path: string): PackageIndex | null {
  if (!existsSync(path)) return null;
  const database = guard(path, () => openSqlite(path, { readonly: true, fileMustExist: true }));
  try {
    return guard(path, () => createPackageIndex(database, path, readMeta(database, path)));
  } catch (error) {
    database.close();
    // The statements are fixed, so if one does not compile, a table is missing.
    throw systemCode(error) === "SQLITE_ERROR" ? damaged(path, "its tables are not those expected", error) : error;
  }
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const known = sqliteError(error, path);
    throw hasCode(known, "DATABASE_INVALID") ? damaged(path, "it is damaged", error) : known;
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

const PAGE_ENTRIES = 256;
const MAX_ENTRIES_OF_A_NAME = 1000;
/** Names of about the right length that are compared for a suggestion: more than any real index has. */
const MAX_COMPARED_NAMES = 20_000;

function createPackageIndex(database: Database, path: string, meta: IndexMeta): PackageIndex {
  const named = database
    .prepare<[string, number, number], string>(
      `SELECT json FROM names JOIN ranking USING (position) JOIN packages ON packages.id = ranking.package
       WHERE names.folded = ? AND kind = ? ORDER BY position LIMIT ?`,
    )
    .pluck();
  const page = database.prepare<[number, number], { id: number; json: string }>(
    "SELECT id, json FROM packages WHERE id > ? ORDER BY id LIMIT ?",
  );
  const hosts = database.prepare<[string], string>("SELECT host FROM elsewhere WHERE folded = ? ORDER BY host").pluck();
  const similar = database
    .prepare<[number, number, number], string>(
      "SELECT DISTINCT folded FROM names WHERE kind <> 1 AND length(folded) BETWEEN ? AND ? LIMIT ?",
    )
    .pluck();
  const everyName = database.prepare<[], string>("SELECT folded FROM ranking").pluck();
  const matches = createSearch(database, decode);

  function decode(json: string): PackageEntry {
    return decodeJson(json, path);
  }

  function lookUp(name: string, kind: keyof typeof NAME_KINDS): readonly PackageEntry[] {
    return named.all(foldName(name), NAME_KINDS[kind], MAX_ENTRIES_OF_A_NAME).map(decode);
  }

  function byName(name: string): readonly PackageEntry[] {
    const entries = preferExact(lookUp(name, "name"), (entry) => entry.name === name);
    if (entries.length > 0) return entries;
    const recipes = preferExact(lookUp(name, "recipe"), (entry) => entry.recipe === name);
    if (recipes.length > 0) return recipes;
    const aliased = preferExact(lookUp(name, "alias"), ({ aliases }) => aliases.includes(name));
    return aliased.length > 0 ? aliased : byProvides(name);
  }

  function byProvides(link: string): readonly PackageEntry[] {
    return preferExact(lookUp(link, "provides"), (entry) => entry.provides.some(({ links }) => links.includes(link)));
  }

  function suggest(name: string, limit: number): readonly string[] {
    const allowed = allowedDistance(name);
    const candidates = similar.iterate(name.length - allowed, name.length + allowed, MAX_COMPARED_NAMES);
    return nearest(name, candidates, limit).map((folded) => displayName(lookUp(folded, "name"), folded));
  }

  function* all(): Generator<PackageEntry> {
    let last = 0;
    for (let rows = nextPage(last); rows.length > 0; rows = nextPage(last)) {
      for (const row of rows) {
        last = row.id;
        yield decode(row.json);
      }
    }
  }

  function nextPage(after: number) {
    return guard(path, () => page.all(after, PAGE_ENTRIES));
  }

  return {
    meta,
    byName: (name) => guard(path, () => byName(name)),
    byProvides: (link) => guard(path, () => byProvides(link)),
    elsewhere: (name) => guard(path, () => hosts.all(foldName(name))),
    search: (query, limit) => guard(path, () => matches.search(query, limit)),
    countMatches: (query) => guard(path, () => matches.count(query)),
    suggest: (name, limit) => guard(path, () => suggest(name, limit)),
    names: () => guard(path, () => new Set(everyName.all())),
    all,
    count: () => meta.entries,
    close: () => database.close(),
  };
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
