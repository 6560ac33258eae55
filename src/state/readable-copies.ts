import { existsSync, statSync } from "node:fs";
import { writeFileAtomic } from "../fs/atomic.ts";
import { pictureStamp, readableCopy, snapshotOf } from "./picture.ts";

const READ_BY_ALL = 0o644;
/** How often another process may have changed the database meanwhile; whoever did writes the copy as well. */
const ATTEMPTS = 10;

/**
 * Keeps beside each database a copy that everybody may read: whoever could open the database itself could hold a lock on it.
 * A reader sees one state or the next, never half of one.
 *
 * @returns what writes those that have changed since, or that a killed process has not written; it throws PkgError DISK_FULL,
 * PERMISSION_DENIED, FILE_SYSTEM
 */
export function readableCopies(databases: readonly string[]): () => void {
  const before = new Map([...new Set(databases)].map((path) => [path, pictureStamp(path)]));
  return () => {
    for (const [path, stamp] of before) {
      if (existsSync(path) && (stamp !== pictureStamp(path) || isBehind(path))) publish(path);
    }
  };
}

function publish(path: string): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const stamp = pictureStamp(path);
    writeFileAtomic(readableCopy(path), snapshotOf(path), READ_BY_ALL);
    // The copy of a process that changed it in between may have been replaced by this one, which is older.
    if (stamp === pictureStamp(path)) return;
  }
}

function isBehind(path: string): boolean {
  const timeOf = (file: string) => statSync(file, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
  const copy = timeOf(readableCopy(path));
  return copy < timeOf(path) || copy < timeOf(`${path}-wal`);
}
