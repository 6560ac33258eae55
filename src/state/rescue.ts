import { existsSync, renameSync } from "node:fs";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { Installation } from "../package/installation.ts";
import { unsoundIn } from "../package/sound-record.ts";
import { type Database, openDatabase, openInMemory, type SqlValue } from "./database.ts";
import { createGenerations } from "./generations.ts";
import { createInstallations } from "./installations.ts";
import { decodeCleanup, decodeIntent } from "./intent-document.ts";
import { withLog } from "./write-ahead-log.ts";

/** What became of a damaged database. */
export interface Rescue {
  /** Where it is now, absolute; null: there was none. */
  readonly aside: string | null;
  /** How many rows could still be read. */
  readonly rows: number;
}

/** The files of a SQLite database, the last of them made anew by whoever opens it. */
const ENDINGS = ["", "-wal", "-shm"] as const;

/**
 * Moves a damaged state database aside, and makes a new one with the rows of it that can still be read and belong together. The caller
 * must hold the lock, and have no connection to it.
 *
 * @throws {PkgError} PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM, DATABASE_INVALID
 */
export function rescueDatabase(path: string): Rescue {
  const bytes = readWhole(path);
  const aside = moveAside(path);
  const database = openDatabase(path);
  try {
    return { aside, rows: bytes === null ? 0 : copyReadable(path, bytes, database) };
  } finally {
    database.close();
  }
}

/** What cannot be decoded is as good as damaged. */
function removeUndecodable(to: Database): void {
  const installations = createInstallations(to);
  for (const { name } of to.all<{ name: string }>("SELECT name FROM installations")) {
    if (!isSound(() => installations.get(name))) to.run("DELETE FROM installations WHERE name = ?", name);
  }
  const generations = createGenerations(to);
  for (const { id } of to.all<{ id: number }>("SELECT id FROM editions")) {
    if (!isSound(() => generations.edition(id))) to.run("DELETE FROM editions WHERE id = ?", id);
  }
  for (const { id, document, cleanup } of to.all<IntentText>("SELECT id, document, cleanup FROM intents")) {
    const isWhole = isReadable(() => [decodeIntent(document), decodeCleanup(cleanup)]);
    if (!isWhole) to.run("DELETE FROM intents WHERE id = ?", id);
  }
}

interface IntentText {
  readonly id: number;
  readonly document: string;
  readonly cleanup: string;
}

function isSound(read: () => Installation | null): boolean {
  return isReadable(() => {
    const unsound = unsoundIn(read() ?? NOTHING);
    if (unsound !== null) throw new Error(`"${unsound}" was not recorded`);
  });
}

const NOTHING = { directory: "-", files: [], links: [], taken: [] };

function isReadable(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch {
    // Whatever a decoder makes of bytes that are not what was written.
    return false;
  }
}

function readWhole(path: string): Buffer | null {
  return attempt(() => withLog(readLocalFileSync(path), readIfThere(`${path}-wal`)));
}

function readIfThere(path: string): Buffer {
  return existsSync(path) ? readLocalFileSync(path) : Buffer.alloc(0);
}

function moveAside(path: string): string | null {
  let aside = `${path}.damaged`;
  for (let count = 2; existsSync(aside); count += 1) aside = `${path}.damaged-${count}`;
  try {
    const there = ENDINGS.filter((ending) => existsSync(path + ending));
    for (const ending of there) renameSync(path + ending, aside + ending);
    return there.length === 0 ? null : aside;
  } catch (error) {
    throw fileSystemError(error, `rename "${path}"`);
  }
}

function copyReadable(path: string, bytes: Buffer, to: Database): number {
  const from = attempt(() => openInMemory(path, bytes));
  if (from === null) return 0;
  try {
    return to.transaction(() => {
      to.run("PRAGMA defer_foreign_keys = ON");
      const tables = to.all<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
      );
      const rows = tables.reduce((sum, { name }) => sum + copyTable(name, from, to), 0);
      removeUnfit(to);
      return rows;
    });
  } finally {
    from.close();
  }
}

/** A table that is damaged itself is left out as a whole: part of it would look like all of it. */
function copyTable(name: string, from: Database, to: Database): number {
  const rows = attempt(() => from.all<Readonly<Record<string, SqlValue>>>(`SELECT * FROM ${name}`)) ?? [];
  for (const row of rows) to.insert(name, row, "replace");
  return rows.length;
}

/** What was interrupted has files that are not known any more, and so has what has lost some of its rows. */
function removeUnfit(to: Database): void {
  to.run(
    `DELETE FROM installations WHERE NOT EXISTS (SELECT 1 FROM files WHERE installation = installations.name)
     OR size_bytes > (SELECT sum(size_bytes) FROM files WHERE installation = installations.name)`,
  );
  removeUndecodable(to);
  for (;;) {
    const broken = to.all<{ table: string; rowid: number | null }>("PRAGMA foreign_key_check");
    if (broken.length === 0) return;
    for (const { table, rowid } of broken) {
      if (rowid === null) to.run(`DELETE FROM ${table}`);
      else to.run(`DELETE FROM ${table} WHERE rowid = ?`, rowid);
    }
  }
}

/** Null for what is damaged. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof PkgError || systemCode(error) !== undefined) return null;
    throw error;
  }
}
