import { accessSync, closeSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { databaseWords, fileWords, NO_FILES_LEFT, runtimeWords, type Words } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import { claimPrivateFile, claimPrivateFileIn } from "../fs/private-file.ts";
import { openForReadingSync, specialKind } from "../fs/read-file.ts";
import { hasNoFilesLeft, isFull } from "../fs/room.ts";

/** An open SQLite file. The room that keeps indexes names it from here: better-sqlite3 itself is used in this room alone. */
export type { Database } from "better-sqlite3";

/** How long SQLite itself waits for a lock: that blocks the event loop, so longer waits are left to the caller. */
const BUSY_TIMEOUT_MS = 100;

export interface OpenSqliteOptions {
  readonly readonly?: boolean;
  readonly fileMustExist?: boolean;
  /**
   * Closes the directory to others as well if the file is found open to them, as older versions left both, and is told of
   * that.
   */
  readonly onDirectoryClosed?: (directory: string) => void;
}

/**
 * Opens a SQLite file with `synchronous=FULL` and a busy timeout of 100 ms. A file that is not opened read-only can be
 * opened by its owner alone: whoever may read it could hold a lock on it for ever.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE for a link, a FIFO, or a file of another user; DATABASE_INVALID when the file is not an SQLite database or is damaged; PERMISSION_DENIED, FILE_SYSTEM
 */
export function openSqlite(path: string, options: OpenSqliteOptions = {}): Database.Database {
  const { onDirectoryClosed, ...opening } = options;
  if (options.readonly === true) refuseSpecial(path);
  else if (options.fileMustExist !== true || existsSync(path)) {
    if (onDirectoryClosed === undefined) claimPrivateFile(path);
    else claimPrivateFileIn(path, onDirectoryClosed);
  }
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { ...opening, timeout: BUSY_TIMEOUT_MS });
    // This reads the schema, so a file that is not a database fails here, and not at some later query.
    database.pragma("synchronous = FULL");
    // Sorting must not need a disk either.
    database.pragma("temp_store = MEMORY");
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(error, path);
  }
}

/**
 * Opens the bytes of a SQLite file in memory; empty bytes are an empty database.
 *
 * @param path where they come from, for messages
 * @throws {PkgError} DATABASE_INVALID
 */
export function openSqliteBytes(bytes: Buffer, path: string): Database.Database {
  try {
    return new Database(bytes.length === 0 ? ":memory:" : bytes);
  } catch (error) {
    throw sqliteError(error, path);
  }
}

/** SQLite would wait for the other end of a FIFO. */
function refuseSpecial(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  const kind = stats === undefined ? null : specialKind(stats);
  if (kind !== null) throw new PkgError("DATABASE_INVALID", `Cannot use database "${path}": it is ${kind}`);
}

/**
 * Turns SQLite's errors about the file or the disk into a PkgError, in the words of base/foreign-words.ts:
 * DATABASE_INVALID, DISK_FULL, PERMISSION_DENIED or FILE_SYSTEM. Every other error, a busy lock among them, is returned as it
 * is.
 */
export function sqliteError(error: unknown, path: string): unknown {
  const sqliteCode = systemCode(error) ?? "";
  const words = databaseWords(sqliteCode) ?? runtimeWords(sqliteCode);
  if (words === null || words.code === "LOCKED") return error;
  const { code, reason, hint } = (/^SQLITE_(?:CANTOPEN|IOERR)/.test(sqliteCode) ? systemWords(path) : null) ?? words;
  const detail = /^SQLITE_(?:IOERR|PROTOCOL)|^ERR_/.test(sqliteCode) ? ` (${detailOf(error, sqliteCode)})` : "";
  const hinted = hint === undefined ? {} : { hint };
  return new PkgError(code, `Cannot use database "${path}": ${reason}${detail}`, { ...hinted, cause: error });
}

/** Node's text names the library that cannot be loaded, and why. */
function detailOf(error: unknown, code: string): string {
  return code.startsWith("ERR_") && error instanceof Error ? (error.message.split("\n", 1)[0] ?? code) : code;
}

/** The files that SQLite opens for a database: itself, its log, the index of that, and the directory. */
const FILES_OF_A_DATABASE = 4;

/** SQLite does not say why a file cannot be opened, or what it keeps beside it; the system does. Null if it can be. */
function systemWords(path: string): Words | null {
  if (isFull(dirname(path))) return fileWords("ENOSPC");
  if (hasNoFilesLeft(dirname(path))) return NO_FILES_LEFT;
  const opened: number[] = [];
  try {
    while (opened.length < FILES_OF_A_DATABASE) opened.push(openForReadingSync(path));
    accessSync(dirname(path), constants.W_OK);
    return null;
  } catch (error) {
    const code = systemCode(error) ?? "";
    const words = code === "ENOENT" ? null : fileWords(code);
    return words === null ? null : { ...words, reason: `${words.reason} (${code})` };
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
