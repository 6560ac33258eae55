import type { BlobStore } from "../blobs/blob-store.ts";
import type { Installation } from "../package/installation.ts";

declare const hashed: unique symbol;

/** What was recorded of a package that was verified, and all of whose bytes are in the store, where they have been hashed again. */
export interface StoredInstallation {
  readonly [hashed]: true;
  readonly installation: Installation;
}

/**
 * Hashes the files of an installation, as it was recorded once, in the store.
 *
 * @returns null when the store does not hold all of them
 * @throws {PkgError} INTERRUPTED, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function findStored(
  blobs: Pick<BlobStore, "reopen">,
  installation: Installation,
  signal: AbortSignal,
): Promise<StoredInstallation | null> {
  for (const { digest } of installation.files) {
    if ((await blobs.reopen(digest, [], signal)) === null) return null;
  }
  return { installation } as StoredInstallation;
}
