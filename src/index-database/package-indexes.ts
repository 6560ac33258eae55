import { rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../errors.ts";
import { privateDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFetchFailures, type FetchFailures } from "./fetch-failures.ts";
import type { Reading } from "./index-in-place.ts";
import { openPackageIndex, type PackageIndex } from "./package-index.ts";
import type { IndexWriter } from "./package-index-writer.ts";

/** The synced package indexes, one file for each repository. Every method may throw PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM. */
export interface PackageIndexes {
  path(repository: string): string;
  /** Null if the repository was never synced. */
  open(repository: string): PackageIndex | null;
  /** @param reading as createIndexWriter() takes it */
  write(repository: string, reading?: Reading | null): Promise<IndexWriter>;
  remove(repository: string): void;
  /** When the index was last known to be current, ms since the epoch; null when there is none. */
  freshAt(repository: string): number | null;
  /** Marks an index that the server said is unchanged as current. */
  touch(repository: string, nowMs: number): void;
  /** Which indexes could not be fetched lately. */
  readonly failures: FetchFailures;
}

/** Where the index of a repository in `directory` was fetched from; null: it has none, or a damaged one. */
export function indexAddress(directory: string, repository: string): string | null {
  try {
    const index = createPackageIndexes(directory).open(repository);
    index?.close();
    return index?.meta.url ?? null;
  } catch (error) {
    if (hasCode(error, "DATABASE_INVALID")) return null;
    throw error;
  }
}

/** The indexes in `directory`. The modification time of a file is the time at which its index was last known to be current. */
export function createPackageIndexes(directory: string): PackageIndexes {
  const path = (repository: string) => join(directory, `${repository}.db`);
  const failures = createFetchFailures(directory);
  return {
    path,
    open: (repository) => openPackageIndex(path(repository)),
    write: async (repository, reading = null) => {
      privateDirectory(directory);
      const { createIndexWriter } = await import("./package-index-writer.ts");
      return createIndexWriter(path(repository), reading);
    },
    remove: (repository) => {
      guard(`remove "${path(repository)}"`, () => rmSync(path(repository), { force: true }));
      failures.clear(repository);
    },
    freshAt: (repository) =>
      guard(`look at "${path(repository)}"`, () => statSync(path(repository), { throwIfNoEntry: false }))?.mtimeMs ??
      null,
    touch: (repository, nowMs) =>
      guard(`mark "${path(repository)}" as current`, () => utimesSync(path(repository), nowMs / 1000, nowMs / 1000)),
    failures,
  };
}

function guard<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
