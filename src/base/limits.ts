import { DAY_MS } from "./duration.ts";

/** Registries accept no larger manifest (OCI distribution-spec 1.1, "Pushing Manifests"). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** The most that is read of a blob whose size is not known: GHCR's limit for one layer. */
export const MAX_BLOB_BYTES = 10 * 1024 ** 3;

/** How much of an error answer's body is read. */
export const MAX_ERROR_BODY_BYTES = 64 * 1024;

/** Registry and name together are as long as a host name may be (OCI distribution-spec 1.1, "Pulling Manifests"). */
export const MAX_REPOSITORY_CHARACTERS = 255;

/** The largest list of checksums that is read; the longest known one has a few hundred lines. */
export const MAX_CHECKSUM_BYTES = 1024 * 1024;

/** The largest `PROGRAM.json`: as much as one entry of an index may have. */
export const MAX_ENTRY_BYTES = 1024 * 1024;

/** A file's name, as Linux file systems limit it (NAME_MAX). */
export const MAX_FILE_NAME_BYTES = 255;

/** How many symlinks in a row are followed, as Linux does (path_resolution(7)). */
export const MAX_SYMLINKS = 40;

/** The highest TCP port. */
export const MAX_PORT = 65_535;

/** Partial files and uploads that have not been touched for this long are removed. */
export const PARTIAL_LIFE_MS = 7 * DAY_MS;
