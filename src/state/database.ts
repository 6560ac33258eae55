import { dirname } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { privateDirectory, syncDirectory } from "../fs/directories.ts";
import { migrate } from "./migrations.ts";
import { openSqlite, openSqliteBytes, sqliteError } from "./open-sqlite.ts";

/** What can be stored in a column. */
export type SqlValue = string | number | null | Uint8Array;

/** A row with the columns of an interface. */
export type RowOf<Row> = { readonly [Column in keyof Row]: SqlValue };

/** An open state database. Methods throw PkgError DISK_FULL, PERMISSION_DENIED, LOCKED, FILE_SYSTEM, DATABASE_INVALID. */
export interface Database {
  readonly path: string;
  /** The tables are STRICT, so SQLite itself guarantees the column types that `Row` names. */
  all<Row>(sql: string, ...values: readonly SqlValue[]): readonly Row[];
  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  /** Returns the row id of the row that was inserted last. */
  run(sql: string, ...values: readonly SqlValue[]): number;
  /**
   * Inserts a row; with "replace", in place of one with the same key. The table and the row's keys become part of the SQL,
   * so they must be names of this program, never data.
   */
  insert<Row extends RowOf<Row>>(table: string, row: Row, existing?: "refuse" | "replace"): void;
  /** Runs `work` in one write transaction: durable when this returns, undone when it throws. */
  transaction<T>(work: () => T): T;
  /** Runs `work` in one write transaction, and undoes it where it is but a trial. */
  trial<T>(work: () => T, isTrial: boolean): T;
  /** Runs `work` on the database as it is at one point in time. */
  snapshot<T>(work: () => T): T;
  /**
   * Gives pages that hold nothing back to the file system, if they are most of the file; not inside a transaction. What
   * cannot be done now is left for the next time.
   */
  shrink(): void;
  close(): void;
}

/**
 * Other processes lock this file only for a moment (recovery after a crash, the last one to close it), because writers
 * take the lock of `lock.ts` first.
 */
const BUSY_TIMEOUT_MS = 2_000;
const OPEN_ATTEMPTS = 100;
const OPEN_PAUSE_MS = 20;

type Sqlite = ReturnType<typeof openSqlite>;

/**
 * Tables that all profiles share: what must never go back must not be forgotten in a new profile. In the database of a named
 * profile they are empty and never read; those of the default one are read and written instead.
 */
export const SHARED_TABLES = ["repository_trust", "repository_owners", "formula_marks"] as const;

/** A name before a dot is that of a table in the same statement. */
const SHARED_NAMES = new RegExp(`\\b(${SHARED_TABLES.join("|")})\\b(?!\\.)`, "g");

/** A condition that a value is one of those that `listed()` gives as the parameter. */
export const IN_LIST = "IN (SELECT value FROM json_each(?))";

/** Texts as one parameter of a query. Each is what SQLite would make of it as a parameter of its own: half a character is U+FFFD. */
export function listed(texts: Iterable<string>): string {
  return JSON.stringify(Array.from(texts, (text) => text.toWellFormed()));
}

/** How the state database is opened. */
export interface OpenDatabaseOptions {
  /** The database that has the shared tables, where it is another one. */
  readonly shared?: string;
  /** Told of the home of an older version, once, when it is closed to other users. */
  readonly onDirectoryClosed?: (directory: string) => void;
}

/**
 * Opens the state database to change it (WAL, `synchronous=FULL`, foreign keys on), and creates it or brings its tables up
 * to date if needed. Who only reads takes a picture of it (picture.ts).
 *
 * @throws {PkgError} DATABASE_INVALID when the file is damaged or a newer `pkg` made it; PERMISSION_DENIED, DISK_FULL,
 * LOCKED, FILE_SYSTEM
 */
export function openDatabase(path: string, options: OpenDatabaseOptions = {}): Database {
  const { onDirectoryClosed = () => {}, shared = path } = options;
  try {
    if (shared === path) return wrap(openWritable(path, onDirectoryClosed), path);
    // It is made, and brought up to date, as it is for the default profile.
    openWritable(shared, onDirectoryClosed).close();
    return wrap(
      attached(
        openWritable(path, () => {}),
        shared,
      ),
      path,
      (sql) => sql.replace(SHARED_NAMES, "shared.$1"),
    );
  } catch (error) {
    throw databaseError(error, path);
  }
}

/**
 * Opens the bytes of a state database in memory, with its tables brought up to date there.
 *
 * @param path where they come from, for messages
 * @throws {PkgError} DATABASE_INVALID
 */
export function openInMemory(path: string, bytes: Buffer): Database {
  try {
    return wrap(
      configured(openSqliteBytes(bytes, path), (sqlite) => migrate(sqlite, path)),
      path,
    );
  } catch (error) {
    throw databaseError(error, path);
  }
}

function attached(sqlite: Sqlite, shared: string): Sqlite {
  try {
    sqlite.prepare("ATTACH ? AS shared").run(shared);
    sqlite.pragma("shared.synchronous = FULL");
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** SQLite's busy timeout does not cover the switch to WAL, for which two processes may compete at the first start. */
function openWritable(path: string, onDirectoryClosed: (directory: string) => void): Sqlite {
  privateDirectory(dirname(path));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return configured(openSqlite(path, { onDirectoryClosed }), (sqlite) => {
        sqlite.pragma("journal_mode = WAL");
        if (migrate(sqlite, path)) syncDirectory(dirname(path));
      });
    } catch (error) {
      if (attempt === OPEN_ATTEMPTS || !isBusy(error)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPEN_PAUSE_MS);
    }
  }
}

function configured(sqlite: Sqlite, setUp: (sqlite: Sqlite) => void): Sqlite {
  try {
    sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    sqlite.pragma("foreign_keys = ON");
    setUp(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function wrap(sqlite: Sqlite, path: string, placed = (sql: string) => sql): Database {
  const statements = new Map<string, ReturnType<Sqlite["prepare"]>>();
  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? sqlite.prepare(placed(sql));
    statements.set(sql, statement);
    return statement;
  };
  const guard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, path);
    }
  };
  const run = (sql: string, ...values: readonly SqlValue[]) =>
    guard(() => Number(prepare(sql).run(...values).lastInsertRowid));
  return {
    path,
    all: <Row>(sql: string, ...values: readonly SqlValue[]) => guard(() => prepare(sql).all(...values) as Row[]),
    get: <Row>(sql: string, ...values: readonly SqlValue[]) =>
      guard(() => prepare(sql).get(...values) as Row | undefined),
    run,
    insert: (table, row, existing = "refuse") => {
      run(insertSql(table, Object.keys(row), existing), ...Object.values<SqlValue>(row));
    },
    transaction: (work) => guard(() => sqlite.transaction(work).immediate()),
    trial: (work, isTrial) => guard(() => inTrial(sqlite, work, isTrial)),
    snapshot: (work) => guard(() => sqlite.transaction(work).deferred()),
    shrink: () => {
      if (isMostlyFree(sqlite)) vacuum(sqlite);
    },
    close: () => guard(() => sqlite.close()),
  };
}

function inTrial<T>(sqlite: Sqlite, work: () => T, isTrial: boolean): T {
  if (!isTrial) return sqlite.transaction(work).immediate();
  sqlite.exec("BEGIN IMMEDIATE");
  try {
    return work();
  } finally {
    sqlite.exec("ROLLBACK");
  }
}

/** Smaller gaps are filled soon enough. */
const MIN_FREE_BYTES = 1024 * 1024;

function isMostlyFree(sqlite: Sqlite): boolean {
  const [pages, free, size] = ["page_count", "freelist_count", "page_size"].map((name) =>
    Number(sqlite.pragma(name, { simple: true })),
  );
  return (free ?? 0) * (size ?? 0) >= MIN_FREE_BYTES && (free ?? 0) * 2 > (pages ?? 0);
}

/** Copies only what is in use, so it is quick where that is little; a reader at work, or a full disk, prevents it. */
function vacuum(sqlite: Sqlite): void {
  try {
    sqlite.exec("VACUUM");
    sqlite.pragma("wal_checkpoint(TRUNCATE)");
  } catch (error) {
    if (systemCode(error)?.startsWith("SQLITE_") !== true) throw error;
  }
}

function insertSql(table: string, columns: readonly string[], existing: "refuse" | "replace"): string {
  const verb = existing === "replace" ? "INSERT OR REPLACE" : "INSERT";
  return `${verb} INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}

function databaseError(error: unknown, path: string): unknown {
  if (!isBusy(error)) return sqliteError(error, path);
  const message = `Cannot use database "${path}": another process keeps it locked`;
  return new PkgError("LOCKED", message, { hint: "Run the command again", cause: error });
}

/** True when another process has the database locked; covers extended codes, such as SQLITE_BUSY_RECOVERY. */
export function isBusy(error: unknown): boolean {
  return systemCode(error)?.startsWith("SQLITE_BUSY") === true;
}
