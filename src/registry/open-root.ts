import { makeDirectory } from "../fs/atomic.ts";
import { createLayout, type Layout } from "./layout.ts";
import { createStorage, type Storage } from "./storage.ts";
import { openUploads, type Uploads } from "./uploads.ts";

/** A registry's directory, which one process at a time may write to. */
export interface OpenRoot {
  readonly layout: Layout;
  readonly storage: Storage;
  readonly uploads: Uploads;
  /** To be called once no request is being answered. */
  close(): Promise<void>;
}

/**
 * Opens a registry's directory, which is made when it is missing; uploads that nobody went on with for a week are
 * swept. The caller holds what keeps other processes from writing there.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED, DISK_FULL
 */
export async function openRoot(root: string): Promise<OpenRoot> {
  const layout = createLayout(root);
  for (const directory of [...layout.blobs, layout.uploads]) makeDirectory(directory);
  const uploads = await openUploads(layout, Date.now());
  return { layout, storage: createStorage(layout), uploads, close: () => Promise.resolve() };
}
