import { DiskReserve } from "./disk-reserve.ts";
import type { Limits } from "./limits.ts";
import { RootFiles } from "./root-files.ts";
import { claimRoot, disownRoot, type RootOwner } from "./root-owner.ts";
import { createStorage, type Storage } from "./storage.ts";
import { type StoragePaths, storagePaths } from "./storage-paths.ts";
import { openUploads, type Uploads } from "./uploads.ts";

/** A registry's directory, which only one process at a time may write to. */
export interface OpenRoot {
  readonly paths: StoragePaths;
  readonly storage: Storage;
  readonly uploads: Uploads;
  /** Takes back that the directory is the owner's, if that is new: to be called when it cannot be served. */
  abandon(): Promise<void>;
}

/** Which directory to open, for whom. */
export interface RootOptions {
  readonly root: string;
  /** Whose content it is to hold. */
  readonly owner: RootOwner;
  readonly limits: Limits;
  /** Called when it cannot be known whose content it holds already. */
  readonly onUnknown: (message: string) => void;
}

/**
 * Opens a registry's directory, which is created if it is missing; uploads that have not been continued for a week are
 * removed. The caller holds the lock that keeps other processes from writing there.
 *
 * @throws {PkgError} PATH_CONFLICT when it holds the content of another; DATABASE_INVALID, FILE_SYSTEM,
 * PERMISSION_DENIED, DISK_FULL
 */
export async function openRoot({ root, owner, limits, onUnknown }: RootOptions): Promise<OpenRoot> {
  const files = RootFiles.open(root);
  const reserve = new DiskReserve(files, limits.reserveBytes);
  const isClaimed = await claimRoot(files, owner, onUnknown);
  const paths = storagePaths(files);
  for (const directory of [...paths.blobs, paths.uploads]) files.makeDirectory(directory);
  const uploads = await openUploads({ paths, reserve, limits }, Date.now());
  return {
    paths,
    storage: createStorage(paths, reserve),
    uploads,
    abandon: async () => void (isClaimed && (await disownRoot(files))),
  };
}
