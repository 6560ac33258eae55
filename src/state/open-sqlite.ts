import Database from "better-sqlite3";
import { type ErrorCode, PkgError, systemCode } from "../errors.ts";

/** How long SQLite itself waits for a lock: that blocks the event loop, so longer waits are left to the caller. */
const BUSY_TIMEOUT_MS = 100;

export interface OpenSqliteOptions {
  readonly readonly?: boolean;
  readonly fileMustExist?: boolean;
}

/**
 * Opens a SQLite file with `synchronous=FULL` and a busy timeout of 100 ms.
 *
 * @throws {PkgError} DATABASE_INVALID when the file is not an SQLite database or is damaged; PERMISSION_DENIED, FILE_SYSTEM
 */
export function openSqlite(path: string, options: OpenSqliteOptions = {}): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { ...options, timeout: BUSY_TIMEOUT_MS });
    // This reads the schema, so a file that is not a database fails here, and not at some later query.
    database.pragma("synchronous = FULL");
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(error, path);
  }
}

/**
 * Turns SQLite's errors about the file or the disk into a PkgError: DATABASE_INVALID, DISK_FULL, PERMISSION_DENIED or
 * FILE_SYSTEM. Every other error, a busy lock among them, is returned as it is.
 */
export function sqliteError(error: unknown, path: string): unknown {
  const sqliteCode = systemCode(error) ?? "";
  const known = KNOWN_ERRORS.find(({ prefix }) => sqliteCode === prefix || sqliteCode.startsWith(`${prefix}_`));
  if (known === undefined) return error;
  const hint = known.hint === undefined ? {} : { hint: known.hint };
  return new PkgError(known.code, `Cannot use database "${path}": ${known.reason}`, { ...hint, cause: error });
}

const KNOWN_ERRORS: readonly {
  readonly prefix: string;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly hint?: string;
}[] = [
  {
    prefix: "SQLITE_NOTADB",
    code: "DATABASE_INVALID",
    reason: "the file is not an SQLite database",
    hint: "Move the file away; pkg makes a new one",
  },
  {
    prefix: "SQLITE_CORRUPT",
    code: "DATABASE_INVALID",
    reason: "the file is damaged",
    hint: "Move the file away; pkg makes a new one",
  },
  { prefix: "SQLITE_FULL", code: "DISK_FULL", reason: "the disk is full", hint: "Free some space and try again" },
  { prefix: "SQLITE_READONLY", code: "PERMISSION_DENIED", reason: "the file or its directory cannot be written" },
  { prefix: "SQLITE_PERM", code: "PERMISSION_DENIED", reason: "access is denied" },
  { prefix: "SQLITE_CANTOPEN", code: "FILE_SYSTEM", reason: "the file cannot be opened" },
  { prefix: "SQLITE_IOERR", code: "FILE_SYSTEM", reason: "the file cannot be read or written" },
];
