import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Paths } from "../config/paths.ts";
import { canBeRepository } from "../config/repository-rules.ts";
import { writeFileAtomic } from "../fs/atomic.ts";
import { privateDirectory } from "../fs/directories.ts";
import { copyToNew } from "../fs/new-file.ts";
import { withTemporaryDirectory } from "../fs/temporary-directory.ts";
import { createPackageIndexes } from "../index-database/package-indexes.ts";
import { snapshotOf } from "../state/picture.ts";

const PRIVATE_MODE = 0o600;

/** What can be done in other places. */
export interface Rehearsable<C> {
  readonly config: Config;
  at(paths: Partial<Paths>): C;
}

/**
 * Does `work`, which changes the repositories, to copies of the config file and the records, which are removed afterwards: what
 * it fetches is judged, and refused, as it would be, and nothing that is there changes.
 *
 * @param names the repositories whose indexes `work` looks at
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM, LOCKED; what `work` throws
 */
export function rehearse<C extends { close(): Promise<void> }, T>(
  { config: { paths }, at }: Rehearsable<C>,
  names: readonly string[],
  work: (there: C) => Promise<T>,
): Promise<T> {
  return withTemporaryDirectory("pkg-rehearsal-", async (directory) => {
    const copied = (name: string, path: string) => {
      const copy = join(directory, name);
      const bytes = snapshotOf(path);
      if (bytes.length > 0) writeFileAtomic(copy, bytes, PRIVATE_MODE);
      return copy;
    };
    const sharedDatabase = copied("shared.db", paths.sharedDatabase);
    const isShared = paths.stateDatabase === paths.sharedDatabase;
    const stateDatabase = isShared ? sharedDatabase : copied("state.db", paths.stateDatabase);
    const [configFile, index] = [join(directory, "config.toml"), join(directory, "index")];
    for (const name of new Set(names.filter(canBeRepository))) copyIndex(name, paths.index, index);
    const there = at({ configFile, index, stateDatabase, sharedDatabase, lockDatabase: join(directory, "lock.db") });
    try {
      return await work(there);
    } finally {
      await there.close();
    }
  });
}

/** The time of the file says when the index was last known to be current. */
function copyIndex(name: string, from: string, to: string): void {
  const [known, copy] = [createPackageIndexes(from), createPackageIndexes(to)];
  const freshAt = known.freshAt(name);
  if (freshAt === null) return;
  privateDirectory(to);
  copyToNew(known.path(name), copy.path(name), PRIVATE_MODE);
  copy.touch(name, freshAt);
}
