import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** What SQLite keeps beside a database while it is open, and leaves behind where nothing was changed. */
const BESIDE_DATABASE = /-(?:wal|shm)$/;

/** Everything below some directories: what each is, and of a file its mode, size, time and inode. */
export function treeOf(directories: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const directory of directories) {
    for (const name of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
      const path = join(directory, name);
      if (!BESIDE_DATABASE.test(path)) found.set(path, describe(path));
    }
  }
  return found;
}

function describe(path: string): string {
  const stats = lstatSync(path);
  const { mode, size, mtimeMs, ino } = stats;
  if (stats.isDirectory()) return `directory ${mode}`;
  return stats.isSymbolicLink() ? `link ${readlinkSync(path)}` : `file ${mode} ${size} ${mtimeMs} ${ino}`;
}

/** The paths at which two trees differ. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.filter((path) => before.get(path) !== after.get(path));
}
