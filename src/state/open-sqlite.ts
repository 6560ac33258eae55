import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { type ErrorCode, PkgError, systemCode } from "../errors.ts";
import { claimPrivateFile, claimPrivateFileIn } from "../fs/private-file.ts";
import { specialKind } from "../fs/read-file.ts";

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
    return database;
  } catch (error) {
    database?.close();
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

const WHOSE_HINT = "See with `ls -la` whose it and its directory are; a home of your own can be named with --home";

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
  {
    prefix: "SQLITE_READONLY",
    code: "PERMISSION_DENIED",
    reason: "the file or its directory cannot be written",
    hint: WHOSE_HINT,
  },
  { prefix: "SQLITE_PERM", code: "PERMISSION_DENIED", reason: "access is denied", hint: WHOSE_HINT },
  { prefix: "SQLITE_CANTOPEN", code: "FILE_SYSTEM", reason: "the file cannot be opened", hint: WHOSE_HINT },
  { prefix: "SQLITE_IOERR", code: "FILE_SYSTEM", reason: "the file cannot be read or written" },
];
