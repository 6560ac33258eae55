import { privateDirectory } from "../fs/directories.ts";

/** The directories of a store, each made when it is first needed. */
export interface StoreDirectories {
  /** Makes a directory unless it was asked for before. @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM */
  ensure(path: string): void;
  /** Waits until all that were made are durable. @throws {PkgError} as ensure */
  durable(): Promise<void>;
}

/**
 * Makes directories that become durable while the first bytes arrive: the disk would be waited for, once for each, before
 * anything is asked for.
 *
 * @param sync makes the entries of a directory durable
 */
export function createStoreDirectories(sync: (directory: string) => Promise<void>): StoreDirectories {
  const asked = new Set<string>();
  const synced: Promise<void>[] = [];
  const onEntry = (directory: string) => {
    const syncing = sync(directory);
    // Whoever needs it to be durable hears of it.
    syncing.catch(() => {});
    synced.push(syncing);
  };
  return {
    ensure(path) {
      if (asked.has(path)) return;
      privateDirectory(path, onEntry);
      asked.add(path);
    },
    durable: async () => void (await Promise.all(synced)),
  };
}
