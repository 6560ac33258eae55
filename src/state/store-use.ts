import { isBusy } from "./database.ts";
import { openSqlite, sqliteError } from "./open-sqlite.ts";

/** The use of a store by one process, of which profiles with locks of their own may have several at once. */
export interface StoreUse {
  /** Runs `work`, which removes something, if nobody else uses the store: they may be about to place what nothing refers to yet. */
  alone(work: () => void): boolean;
  close(): void;
}

/**
 * Begins to use a store: until that ends, no other process removes anything from it. A shared lock of an SQLite file
 * without content, which the kernel releases when its holder dies.
 *
 * @throws {PkgError} PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM, PERMISSIONS_UNSAFE
 */
export function useStore(path: string): StoreUse {
  const sqlite = openSqlite(path);
  const share = () => sqlite.exec("BEGIN; SELECT 1 FROM sqlite_schema");
  try {
    // Others have it for themselves only as long as it takes to remove a few files.
    sqlite.pragma("busy_timeout = 10000");
    share();
  } catch (error) {
    sqlite.close();
    throw sqliteError(error, path);
  }
  const alone = (work: () => void) => {
    sqlite.exec("COMMIT");
    try {
      sqlite.pragma("busy_timeout = 0");
      sqlite.exec("BEGIN EXCLUSIVE");
    } catch (error) {
      if (!isBusy(error)) throw sqliteError(error, path);
      share();
      return false;
    }
    try {
      work();
      return true;
    } finally {
      sqlite.exec("COMMIT");
      sqlite.pragma("busy_timeout = 10000");
      share();
    }
  };
  return { alone, close: () => sqlite.close() };
}
