import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { packToFile } from "../archive/pack-to-file.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import type { EmitEvent } from "../base/events.ts";
import type { HashAlgorithm } from "../base/hashes.ts";
import type { WorkOptions } from "../base/work-options.ts";
import type { BlobUpload } from "../oci/content.ts";
import { hashUnchangedWith } from "../oci/unchanged-file.ts";
import { ARCHIVE_TYPE, FILE_TYPE } from "../package/file-names.ts";
import type { HashedFile, ProgramFile, Publication } from "../package/publication.ts";
import { type CheckedFile, checkFiles } from "./check-files.ts";
import { documentTitles } from "./document-titles.ts";

/** A file that was hashed, and that can be read again to be sent. */
export interface Readable {
  readonly open: BlobUpload["open"];
}

/** All files of a publication, checked and hashed. */
export interface PreparedFiles {
  readonly programs: readonly (ProgramFile & Readable)[];
  readonly documents: readonly (HashedFile & Readable)[];
}

/** What the manifest, CHECKSUM and signatures need. */
const HASHES: readonly HashAlgorithm[] = ["sha256", "blake3", "blake2b512"];

/** All files of a publication, checked, and not hashed yet. */
export interface PublicationFiles {
  readonly programs: readonly CheckedFile[];
  readonly documents: Publication["documents"];
  /** The name of each document in the package, by its path. */
  readonly titles: ReadonlyMap<string, string>;
}

/**
 * Checks all files of a publication, which takes moments: before a passphrase is asked for, and a key derived from it.
 *
 * @throws {PkgError} as checkFiles and documentTitles
 */
export async function checkPublicationFiles(publication: Publication, emit: EmitEvent): Promise<PublicationFiles> {
  const programs = await checkFiles(publication, emit);
  return { programs, documents: publication.documents, titles: documentTitles(publication, programs) };
}

/**
 * Hashes all files of a publication, reading each once. Directories are packed into files in `temporary`.
 *
 * @throws {PkgError} STATE_CHANGED for a file that changes meanwhile; FILE_SYSTEM, PERMISSION_DENIED; as packTar
 */
export async function prepareFiles(
  { programs: checked, documents: paths, titles }: PublicationFiles,
  temporary: string,
  { concurrency, signal }: WorkOptions,
): Promise<PreparedFiles> {
  const documents = await mapConcurrently(paths, concurrency, async (path) => {
    return hashFile(path, { title: titles.get(path) ?? "", mediaType: FILE_TYPE });
  });
  const programs = await mapConcurrently(checked, concurrency, async (file) => {
    const { platform, libc, type, programs: names } = file;
    return { ...(await hashProgram(file, temporary, signal)), platform, libc, type, programs: names };
  });
  return { programs, documents };
}

async function hashProgram(
  { path, title, type }: CheckedFile,
  temporary: string,
  signal: AbortSignal,
): Promise<HashedFile & Readable> {
  if (type !== "archive") return hashFile(path, { title, mediaType: FILE_TYPE });
  const file = join(temporary, randomUUID());
  await packToFile({
    directory: realpathSync(path),
    root: null,
    modes: "owner",
    limits: PACKAGE_LIMITS,
    compression: "zstd",
    file,
    signal,
  });
  return hashFile(file, { title, mediaType: ARCHIVE_TYPE });
}

async function hashFile(path: string, as: Pick<HashedFile, "title" | "mediaType">): Promise<HashedFile & Readable> {
  const { hashes, size, open } = await hashUnchangedWith(path, HASHES);
  const { sha256 = "", blake3 = "", blake2b512 = "" } = hashes;
  return { ...as, size, sha256, blake3, blake2b512, open };
}
