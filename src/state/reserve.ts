import { rmSync, statSync } from "node:fs";
import { systemCode } from "../errors.ts";
import { createFileWith } from "../fs/new-file.ts";
import { randomBytes } from "../fs/random-bytes.ts";

/** What the log of a small change needs, and the shared memory that SQLite keeps beside it. */
const LEAST_BYTES = 512 * 1024;

/**
 * Gives up the room that is kept beside a database for removing: on a full disk, its log could not grow otherwise.
 */
export function releaseReserve(database: string): void {
  ignoringSystemErrors(() => rmSync(reservePath(database), { force: true }));
}

/**
 * Keeps room beside a database, as much as removing everything in it may need. Where there is no room for
 * that, it is less, or none: whoever changes something next tries again.
 */
export function keepReserve(database: string): void {
  const path = reservePath(database);
  ignoringSystemErrors(() => {
    // In steps, so that it is not written anew whenever the database grows a little.
    const wanted = LEAST_BYTES * (1 + Math.floor(statSync(database).size / LEAST_BYTES));
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= wanted) return;
    rmSync(path, { force: true });
    for (let bytes = wanted; bytes >= LEAST_BYTES / 4 && !fill(path, bytes); bytes = Math.ceil(bytes / 2));
  });
}

/** With bytes that no file system can store in less room; false if there is no room for them. */
function fill(path: string, bytes: number): boolean {
  try {
    createFileWith(path, randomBytes(bytes));
    return true;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    rmSync(path, { force: true });
    return false;
  }
}

function reservePath(database: string): string {
  return `${database}.reserve`;
}

function ignoringSystemErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}
