import { uninterrupted } from "../base/retry.ts";
import { openLayoutArchive as openArchive } from "../oci-layout/archive-layout.ts";
import { openLayout as openDirectory } from "../oci-layout/layout.ts";
import { memoryRepository as openMemory } from "../oci-layout/memory.ts";
import { type Repository, repositoryOf } from "./repository.ts";

/** A tar of a layout. What is written to it is kept beside it until it is committed. */
export interface LayoutArchive extends Repository {
  /** Rewrites the archive with everything that was pushed, whole or not at all; does nothing if nothing was pushed. */
  commit(signal?: AbortSignal): Promise<void>;
  /**
   * Discards what was not committed, or with `keep` leaves its blobs for the next time this archive is written. Must be
   * called after the last write.
   */
  close(options?: { readonly keep: boolean }): Promise<void>;
}

/**
 * Opens an OCI image layout in a directory. Nothing is touched before the first call; the first write turns the
 * directory into a layout, and until then isNotFound() is true of the error that a read throws.
 *
 * @throws {PkgError} LAYOUT_INVALID, PERMISSION_DENIED, FILE_SYSTEM: from the first call
 * @see OCI image-spec 1.1, image-layout.md
 */
export function openLayout(directory: string): Repository {
  return repositoryOf(openDirectory(directory));
}

/**
 * Opens a tar of an OCI image layout, which is read in place. A missing file is created by the first commit; an
 * existing one keeps its content. The same content gives the same bytes.
 *
 * @throws {PkgError} LAYOUT_INVALID, ARCHIVE_INVALID, PERMISSION_DENIED, FILE_SYSTEM: from the first call that reads
 */
export function openLayoutArchive(file: string): LayoutArchive {
  const archive = openArchive(file);
  return {
    ...repositoryOf(archive),
    commit: (signal = uninterrupted()) => archive.commit(signal),
    close: (options) => archive.close(options),
  };
}

/**
 * Creates a repository that lives as long as the object: for tests, and for content that is built before it is pushed.
 * It keeps and hands out copies, so nothing that its users do with their own buffers changes its content.
 *
 * @param location what messages call it
 */
export function memoryRepository(location?: string): Repository {
  return repositoryOf(openMemory(location));
}
