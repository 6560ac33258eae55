import { existsSync } from "node:fs";
import { writeFileAtomic } from "../fs/atomic.ts";
import { pictureStamp, readableCopy, snapshotOf } from "./picture.ts";

const READ_BY_ALL = 0o644;

/**
 * Keeps beside each database a copy that everybody may read: whoever could open the database itself could hold a lock on it.
 * A reader sees one state or the next, never half of one.
 *
 * @returns what writes those that have changed since; it throws PkgError DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function readableCopies(databases: readonly string[]): () => void {
  const before = new Map([...new Set(databases)].map((path) => [path, pictureStamp(path)]));
  return () => {
    for (const [path, stamp] of before) {
      const isCurrent = stamp === pictureStamp(path) && existsSync(readableCopy(path));
      if (!isCurrent && existsSync(path)) writeFileAtomic(readableCopy(path), snapshotOf(path), READ_BY_ALL);
    }
  };
}
