import { closeSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { HOUR_MS } from "../base/duration.ts";
import { PkgError } from "../errors.ts";
import { privateDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFileSync, openAsDirectory, syncFile } from "../fs/new-file.ts";
import { randomName } from "../fs/random-name.ts";
import type { ElementStamp, KnownElement, KnownElements } from "../index/known-elements.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { type Database, openSqlite, sqliteError } from "../state/open-sqlite.ts";
import type { EntryCollector } from "./entry-collector.ts";
import { isDamage } from "./index-damage.ts";
import { createIndexDraft, type PackedRun, type PlacedElement } from "./index-draft.ts";
import { type IndexInPlace, openInPlace, type Reading } from "./index-in-place.ts";
import { INDEX_SCHEMA_VERSION, type WrittenMeta } from "./package-index-schema.ts";
import { INDEX_TABLES } from "./package-index-tables.ts";
import { writeDraft } from "./write-draft.ts";

/** Builds a new index next to the one in use. `commit` or `abort` ends it; after that it cannot be used. */
export interface IndexWriter {
  /** The elements of the document that the index in place was made from; null: it is not known, or was read otherwise. */
  readonly known: KnownElements | null;
  /** @param stamp how it can be recognised later. @throws {PkgError} DISK_FULL, FILE_SYSTEM */
  add(entry: PackageEntry, stamp?: ElementStamp | null): void;
  /** Remembers that a package exists for another platform, and nothing else about it. @throws {PkgError} DISK_FULL, FILE_SYSTEM */
  addElsewhere(entry: PackageEntry, stamp?: ElementStamp | null): void;
  /** Takes over what is the same as in the index in place. */
  keep(element: KnownElement): void;
  /** For entries that are added before it is known where in the document they are. */
  readonly runs: IndexRuns;
  /** Puts the new index in place of the old one, durably. @throws {PkgError} DISK_FULL, FILE_SYSTEM, PERMISSION_DENIED */
  commit(meta: WrittenMeta): void;
  /** Keeps the old index, and removes the new one. */
  abort(): void;
}

/** What is read of a document in any order. All of it may throw DISK_FULL and FILE_SYSTEM. */
export interface IndexRuns {
  /** What was added so far, here and by joining. */
  readonly added: EntryCollector;
  /** Gives what adds the runs of one thread. */
  joiner(): (run: PackedRun) => void;
  /** Says that an entry comes next in the document, or what is for another platform. */
  place(element: PlacedElement): void;
  placeElsewhere(element: PlacedElement): void;
}

/** A draft that is this much older than a new file was left by a killed process. */
const ABANDONED_AFTER_MS = HOUR_MS;

/**
 * Starts a new index for `path`; readers see the old one until `commit`.
 *
 * @param reading how documents are read now, so that what is the same as in the old one is taken over; null: nothing is
 * @throws {PkgError} DISK_FULL, FILE_SYSTEM, PERMISSION_DENIED
 */
export function createIndexWriter(path: string, reading: Reading | null = null): IndexWriter {
  privateDirectory(dirname(path));
  const draft = createDraft(path);
  removeAbandoned(path, draft);
  const inPlace = reading === null ? null : inPlaceOrNull(path, reading);
  let open = true;
  try {
    const database = guard(draft, () => openDraft(draft));
    const content = guard(draft, () => createIndexDraft(database, inPlace));
    const taking = <T>(work: () => T) => guard(draft, () => (inPlace === null ? work() : namingDamage(path, work)));
    return {
      known: inPlace === null ? null : guarded(inPlace, taking),
      add: (entry, stamp = null) => guard(draft, () => content.add(entry, stamp)),
      addElsewhere: (entry, stamp = null) => guard(draft, () => content.addElsewhere(entry, stamp)),
      keep: (element) => taking(() => content.keep(element)),
      runs: {
        added: guardedCollector(content.draft.added, (work) => guard(draft, work)),
        joiner() {
          const join = content.runJoiner();
          return (run) => guard(draft, () => join(run));
        },
        place: content.place,
        placeElsewhere: content.placeElsewhere,
      },
      commit(meta) {
        if (!open) throw new Error("the index was committed or aborted before");
        taking(() => {
          writeDraft(database, content.draft);
          finish(database, meta);
        });
        inPlace?.close();
        putInPlace(draft, path);
        open = false;
      },
      abort() {
        if (!open) return;
        open = false;
        inPlace?.close();
        content.draft.blocks.abort();
        database.close();
        rmSync(draft, { force: true });
      },
    };
  } catch (error) {
    inPlace?.close();
    rmSync(draft, { force: true });
    throw error;
  }
}

function guardedCollector(collector: EntryCollector, guarding: <T>(work: () => T) => T): EntryCollector {
  return { ...collector, add: (entry, key) => guarding(() => collector.add(entry, key)) };
}

/** The same, where each look may find that it is damaged. */
function guarded(known: KnownElements, guarding: <T>(work: () => T) => T): KnownElements {
  return {
    begin: known.begin,
    next: known.next,
    find: known.find,
    holds: (key) => guarding(() => known.holds(key)),
    block: (key) => guarding(() => known.block(key)),
  };
}

/** @throws {PkgError} DATABASE_INVALID when the index in place turns out to be damaged */
function namingDamage<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new PkgError(
      "DATABASE_INVALID",
      `Cannot take over what is the same from the index "${path}": it is damaged`,
      {
        hint: "Run `pkg sync --force`",
        cause: error,
      },
    );
  }
}

/** A damaged index is no reason not to make a new one. */
function inPlaceOrNull(path: string, reading: Reading): IndexInPlace | null {
  try {
    return openInPlace(path, reading);
  } catch (error) {
    if (isDamage(error)) return null;
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
  // Rows are large: with SQLite's usual pages, each is read in several steps.
  database.pragma("page_size = 16384");
  database.pragma("journal_mode = OFF");
  database.pragma("synchronous = OFF");
  database.pragma("locking_mode = EXCLUSIVE");
  database.pragma(`user_version = ${INDEX_SCHEMA_VERSION}`);
  database.exec("BEGIN");
  database.exec(INDEX_TABLES);
  return database;
}

function finish(database: Database, meta: WrittenMeta): void {
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
