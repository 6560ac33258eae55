import { accessSync, type BigIntStats, constants, existsSync, statSync } from "node:fs";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { refuseForeignFile } from "../fs/private-file.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import { stampOf } from "../fs/stamp.ts";
import { type Database, openInMemory, type RowOf, SHARED_TABLES } from "./database.ts";
import { LOG_HEADER_BYTES, withLog } from "./write-ahead-log.ts";

/** A process that writes all the time would have to begin its log anew between two reads, this many times in a row. */
const ATTEMPTS = 50;

/**
 * The state database as it is now, in memory; an empty one when there is none. Nothing is written, created or locked, so this
 * works on a full disk, on a read-only one, and for whoever may only read. What is changed in the picture is lost with it.
 *
 * @throws {PkgError} DATABASE_INVALID when the file is damaged or a newer `pkg` made it; PERMISSIONS_UNSAFE for a link, a
 * FIFO, a directory or another user's file; PERMISSION_DENIED, LOCKED, FILE_SYSTEM
 *
 * @param shared the database that has the tables that all profiles share
 */
export function openPicture(path: string, shared = path): Database {
  const picture = openInMemory(path, snapshotOf(path));
  if (shared !== path) copyShared(picture, shared);
  return picture;
}

/** The bytes of a state database as it is now; none when there is none. @throws {PkgError} as openPicture */
export function snapshotOf(path: string): Buffer {
  return readSnapshot(readableOf(path));
}

/** The copy of a state database that everybody may read, beside it. */
export function readableCopy(path: string): string {
  return path.replace(/(?:\.db)?$/, ".read.db");
}

/** Whoever may not read a state database reads the copy of it that is made where all may look. */
export function isCopyRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return false;
  } catch (error) {
    return systemCode(error) === "EACCES" && existsSync(readableCopy(path));
  }
}

function readableOf(path: string): string {
  return isCopyRead(path) ? readableCopy(path) : path;
}

function copyShared(picture: Database, shared: string): void {
  const source = openInMemory(shared, snapshotOf(shared));
  for (const table of SHARED_TABLES) {
    picture.run(`DELETE FROM ${table}`);
    for (const row of source.all<RowOf<Record<string, never>>>(`SELECT * FROM ${table}`)) picture.insert(table, row);
  }
  source.close();
}

/**
 * A text that is another one once somebody has changed the database at `path`: what a picture was taken of is still so while
 * it stays the same. Nothing is read but the times and sizes of the files.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function pictureStamp(path: string): string {
  const source = readableOf(path);
  return `${stamp(source)} ${stamp(`${source}-wal`)}`;
}

/** The bytes of the database with all that its log adds. */
function readSnapshot(path: string): Buffer {
  const log = `${path}-wal`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = { file: stamp(path), log: roundOf(log) };
    const [database, frames] = [readIfThere(path), readIfThere(log)];
    // While a log goes on in the same round, all that is moved from it into the file is still in it.
    const isSameRound = before.log === roundOf(log);
    if (isSameRound && (before.log !== null || before.file === stamp(path))) return withLog(database, frames);
  }
  throw new PkgError("LOCKED", `Cannot read database "${path}": another process writes to it all the time`, {
    hint: "Run the command again",
  });
}

/** What tells one round of a log from the next; null when there is none with anything in it. */
function roundOf(log: string): string | null {
  const header = readIfThere(log).subarray(0, LOG_HEADER_BYTES);
  return header.length < LOG_HEADER_BYTES ? null : `${statsOf(log)?.ino} ${header.toString("hex")}`;
}

function stamp(path: string): string | null {
  const stats = statsOf(path);
  return stats === undefined ? null : stampOf(stats);
}

function statsOf(path: string): BigIntStats | undefined {
  return guard(path, () => statSync(path, { bigint: true, throwIfNoEntry: false }));
}

function readIfThere(path: string): Buffer {
  return guard(path, () => {
    try {
      refuseForeignFile(path);
      return readLocalFileSync(path);
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return Buffer.alloc(0);
      throw error;
    }
  });
}

function guard<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}
