import { closeSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Database, Statement } from "better-sqlite3";
import { HOUR_MS } from "../base/duration.ts";
import { randomName } from "../base/random-name.ts";
import { privateDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFileSync, openAsDirectory, syncFile } from "../fs/new-file.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { packageKey } from "../package/narrow.ts";
import { comparePreference } from "../package/version.ts";
import { openSqlite, sqliteError } from "./open-sqlite.ts";
import {
  BUILD_SEARCH_TABLES,
  foldName,
  INDEX_SCHEMA_VERSION,
  INDEX_TABLES,
  NAME_KINDS,
  STAGING_TABLES,
  type WrittenMeta,
} from "./package-index-schema.ts";
import { foldText, searchWords } from "./search-text.ts";

/** Builds a new index next to the one in use. `commit` or `abort` ends it; after that it cannot be used. */
export interface IndexWriter {
  /** @throws {PkgError} DISK_FULL, FILE_SYSTEM */
  add(entry: PackageEntry): void;
  /** Remembers that a package exists for another platform, and nothing else about it. @throws {PkgError} DISK_FULL, FILE_SYSTEM */
  addElsewhere(entry: PackageEntry): void;
  /** Puts the new index in place of the old one, durably. @throws {PkgError} DISK_FULL, FILE_SYSTEM, PERMISSION_DENIED */
  commit(meta: WrittenMeta): void;
  /** Keeps the old index, and removes the new one. */
  abort(): void;
}

/** A draft that is this much older than a new file was left by a killed process. */
const ABANDONED_AFTER_MS = HOUR_MS;

/**
 * Starts a new index for `path`; readers see the old one until `commit`.
 *
 * @throws {PkgError} DISK_FULL, FILE_SYSTEM, PERMISSION_DENIED
 */
export function createIndexWriter(path: string): IndexWriter {
  privateDirectory(dirname(path));
  const draft = createDraft(path);
  removeAbandoned(path, draft);
  let open = true;
  try {
    const database = guard(draft, () => openDraft(draft));
    const statements = guard(draft, () => prepareStatements(database));
    const versions = trackVersions();
    return {
      add: (entry) => guard(draft, () => versions.add(addEntry(statements, entry), entry)),
      addElsewhere: (entry) => guard(draft, () => addHost(statements, entry)),
      commit(meta) {
        if (!open) throw new Error("the index was committed or aborted before");
        guard(draft, () => {
          for (const id of versions.superseded()) statements.superseded.run(id);
          finish(database, meta);
        });
        putInPlace(draft, path);
        open = false;
      },
      abort() {
        if (!open) return;
        open = false;
        database.close();
        rmSync(draft, { force: true });
      },
    };
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteError(error, path);
  }
}

function createDraft(path: string): string {
  const draft = `${path}.${randomName()}.draft`;
  try {
    closeSync(createFileSync(draft));
  } catch (error) {
    throw fileSystemError(error, `create "${draft}"`);
  }
  return draft;
}

function removeAbandoned(path: string, draft: string): void {
  const { mtimeMs } = statSync(draft);
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith(".draft")) continue;
    const other = join(dirname(path), name);
    const stat = statSync(other, { throwIfNoEntry: false });
    if (stat !== undefined && mtimeMs - stat.mtimeMs > ABANDONED_AFTER_MS) rmSync(other, { force: true });
  }
}

/** A lost draft costs nothing, so nothing is synced or journalled until it is complete. */
function openDraft(draft: string): Database {
  const database = openSqlite(draft);
  database.pragma("journal_mode = OFF");
  database.pragma("synchronous = OFF");
  database.pragma("locking_mode = EXCLUSIVE");
  database.pragma(`user_version = ${INDEX_SCHEMA_VERSION}`);
  database.exec("BEGIN");
  database.exec(INDEX_TABLES);
  database.exec(STAGING_TABLES);
  return database;
}

interface Statements {
  readonly entry: Statement<[string]>;
  readonly staged: Statement<[number | bigint, number | null, number | null, string, string]>;
  readonly name: Statement<[string, number, number | bigint]>;
  readonly elsewhere: Statement<[string, string]>;
  readonly superseded: Statement<[number | bigint]>;
}

function prepareStatements(database: Database): Statements {
  return {
    entry: database.prepare("INSERT INTO packages (json) VALUES (?)"),
    staged: database.prepare("INSERT INTO staged (id, rank, downloads, folded, words) VALUES (?, ?, ?, ?, ?)"),
    name: database.prepare("INSERT INTO staged_names VALUES (?, ?, ?)"),
    elsewhere: database.prepare("INSERT OR IGNORE INTO elsewhere VALUES (?, ?)"),
    superseded: database.prepare("UPDATE staged SET superseded = 1 WHERE id = ?"),
  };
}

/** Marks the entries of which people want another version, as `comparePreference` says, or an equal one that came first. */
function trackVersions() {
  const newest = new Map<string, { readonly id: number | bigint; readonly version: string }>();
  const superseded: (number | bigint)[] = [];
  return {
    add(id: number | bigint, entry: PackageEntry): void {
      const key = packageKey({ repository: "", entry });
      const { version } = entry;
      const known = newest.get(key);
      if (known !== undefined && comparePreference(version, known.version) >= 0) {
        superseded.push(id);
        return;
      }
      if (known !== undefined) superseded.push(known.id);
      newest.set(key, { id, version });
    },
    superseded: (): readonly (number | bigint)[] => superseded,
  };
}

/** Returns the id of its row. */
function addEntry(statements: Statements, entry: PackageEntry): number | bigint {
  const id = statements.entry.run(JSON.stringify(entry)).lastInsertRowid;
  const folded = foldName(entry.name);
  statements.staged.run(id, entry.rank, entry.downloads, foldText(entry.name), wordsOf(entry));
  statements.name.run(folded, NAME_KINDS.name, id);
  // A recipe of the same name would never be looked for.
  const recipe = foldName(entry.recipe);
  if (recipe !== folded) statements.name.run(recipe, NAME_KINDS.recipe, id);
  for (const alias of new Set(entry.aliases.map(foldName))) statements.name.run(alias, NAME_KINDS.alias, id);
  for (const link of providedNames(entry)) statements.name.run(link, NAME_KINDS.provides, id);
  return id;
}

function addHost(statements: Statements, entry: PackageEntry): void {
  const own = [entry.name, entry.recipe, ...entry.aliases].map(foldName);
  const names = new Set([...own, ...providedNames(entry)]);
  for (const name of names) statements.elsewhere.run(name, entry.host);
}

function providedNames(entry: PackageEntry): ReadonlySet<string> {
  return new Set(entry.provides.flatMap(({ links }) => links.map(foldName)));
}

/** Each word once: how often it occurs does not affect the order of results. */
function wordsOf(entry: PackageEntry): string {
  const { name, aliases, description, tags } = entry;
  const texts = [name, ...aliases, ...providedNames(entry), description, ...tags];
  return [...new Set(searchWords(texts.join(" ")))].join(" ");
}

function finish(database: Database, meta: WrittenMeta): void {
  database.exec(BUILD_SEARCH_TABLES);
  database.prepare("INSERT INTO meta (json) VALUES (?)").run(JSON.stringify(meta));
  database.exec("COMMIT");
  database.close();
}

function putInPlace(draft: string, path: string): void {
  try {
    openAsDirectory(draft);
    syncFile(draft);
    renameSync(draft, path);
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
  syncDirectory(dirname(path));
}
