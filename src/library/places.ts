import { uninterrupted } from "../base/retry.ts";
import { openLayoutArchive as openArchive } from "../oci-layout/archive-layout.ts";
import { openLayout as openDirectory } from "../oci-layout/layout.ts";
import { memoryRepository as openMemory } from "../oci-layout/memory.ts";
import { type Repository, repositoryOf } from "./repository.ts";

/** A tar of a layout. What is written to it is kept beside it until it is committed. */
export interface LayoutArchive extends Repository {
  /** Writes the archive anew with all that was pushed, whole or not at all; nothing where nothing was written. */
  commit(signal?: AbortSignal): Promise<void>;
  /**
   * Gives up what was not committed, or with `keep` leaves its blobs for the next that is opened to write this archive. To be
   * called at the end of whatever wrote.
   */
  close(options?: { readonly keep: boolean }): Promise<void>;
}

/**
 * An OCI image layout in a directory. Nothing is touched before the first call; the first that writes makes the directory a
 * layout, and until then isNotFound() is true of what reads.
 *
 * @throws {PkgError} LAYOUT_INVALID, PERMISSION_DENIED, FILE_SYSTEM: of the first call
 * @see OCI image-spec 1.1, image-layout.md
 */
export function openLayout(directory: string): Repository {
  return repositoryOf(openDirectory(directory));
}

/**
 * A tar of an OCI image layout, read in place. A file that is not there is made by the first commit; one that is there keeps
 * what it holds. The same content gives the same bytes.
 *
 * @throws {PkgError} LAYOUT_INVALID, ARCHIVE_INVALID, PERMISSION_DENIED, FILE_SYSTEM: of the first call that reads
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
 * A repository that lives as long as the object: for tests, and for what is built before it is pushed. It keeps copies and
 * hands out copies, so nothing that its users do with their own buffers changes what it holds.
 *
 * @param location what messages call it
 */
export function memoryRepository(location?: string): Repository {
  return repositoryOf(openMemory(location));
}
