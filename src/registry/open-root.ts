import { makeDirectory } from "../fs/atomic.ts";
import { createStorage, type Storage } from "./storage.ts";
import { type StoragePaths, storagePaths } from "./storage-paths.ts";
import { openUploads, type Uploads } from "./uploads.ts";

/** A registry's directory, which only one process at a time may write to. */
export interface OpenRoot {
  readonly paths: StoragePaths;
  readonly storage: Storage;
  readonly uploads: Uploads;
  /** Must be called only when no request is being answered. */
  close(): Promise<void>;
}

/**
 * Opens a registry's directory, which is created if it is missing; uploads that have not been continued for a week are
 * removed. The caller holds the lock that keeps other processes from writing there.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED, DISK_FULL
 */
export async function openRoot(root: string): Promise<OpenRoot> {
  const paths = storagePaths(root);
  for (const directory of [...paths.blobs, paths.uploads]) makeDirectory(directory);
  const uploads = await openUploads(paths, Date.now());
  return { paths, storage: createStorage(paths), uploads, close: () => Promise.resolve() };
}
