import { randomUUID } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_LIMITS } from "../archive/extract-limits.ts";
import { packToFile } from "../archive/pack-to-file.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import type { EmitEvent } from "../base/events.ts";
import { createMultiHash, type HashAlgorithm, type Hashes } from "../base/hashes.ts";
import { interruption } from "../base/interruption.ts";
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

/** A file whose digest in a registry is known: it could be sent. */
export interface DigestedFile extends Readable, Pick<HashedFile, "title" | "mediaType" | "size" | "sha256"> {
  /** The other hashes. @throws {PkgError} STATE_CHANGED if the file has changed */
  readonly otherHashes: (signal: AbortSignal) => Promise<OtherHashes>;
}

type OtherHashes = Pick<HashedFile, "blake3" | "blake2b512">;

/** All files of a publication, checked, and with their digests. */
export interface DigestedFiles {
  readonly programs: readonly (DigestedFile & Omit<ProgramFile, keyof HashedFile>)[];
  readonly documents: readonly DigestedFile[];
}

/** All files of a publication, checked and hashed. */
export interface PreparedFiles {
  readonly programs: readonly (ProgramFile & Readable)[];
  readonly documents: readonly (HashedFile & Readable)[];
}

/** What CHECKSUM and signatures need, beside the digests of the manifest. They take longer than those. */
const OTHER_HASHES: readonly HashAlgorithm[] = ["blake3", "blake2b512"];

/** From this size on, a file is read once more for its other hashes, so that they can be made while it is sent. */
export const LARGE_BYTES = 16 * 1024 * 1024;

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
 * Finds the digests of all files of a publication. Directories are packed into files in `temporary`.
 *
 * @throws {PkgError} STATE_CHANGED for a file that changes meanwhile; FILE_SYSTEM, PERMISSION_DENIED; as packTar
 */
export async function digestFiles(
  { programs: checked, documents: paths, titles }: PublicationFiles,
  temporary: string,
  { concurrency, signal }: WorkOptions,
): Promise<DigestedFiles> {
  const documents = await mapConcurrently(paths, concurrency, async (path) => {
    return digestFile(path, { title: titles.get(path) ?? "", mediaType: FILE_TYPE });
  });
  const programs = await mapConcurrently(checked, concurrency, async (file) => {
    const { platform, libc, type, programs: names } = file;
    return { ...(await digestProgram(file, temporary, signal)), platform, libc, type, programs: names };
  });
  return { programs, documents };
}

/** Adds what is left to hash. @throws {PkgError} as digestFiles; INTERRUPTED */
export async function completeFiles(
  { programs, documents }: DigestedFiles,
  { concurrency, signal }: Pick<WorkOptions, "concurrency" | "signal">,
): Promise<PreparedFiles> {
  const complete = async <T extends DigestedFile>(file: T) => ({ ...file, ...(await file.otherHashes(signal)) });
  return {
    programs: await mapConcurrently(programs, concurrency, complete),
    documents: await mapConcurrently(documents, concurrency, complete),
  };
}

async function digestProgram(
  { path, title, type }: CheckedFile,
  temporary: string,
  signal: AbortSignal,
): Promise<DigestedFile> {
  if (type !== "archive") return digestFile(path, { title, mediaType: FILE_TYPE });
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
  return digestFile(file, { title, mediaType: ARCHIVE_TYPE });
}

async function digestFile(path: string, as: Pick<HashedFile, "title" | "mediaType">): Promise<DigestedFile> {
  const isLarge = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= LARGE_BYTES;
  const { hashes, size, open } = await hashUnchangedWith(path, isLarge ? ["sha256"] : ["sha256", ...OTHER_HASHES]);
  const file = { ...as, size, sha256: hashes.sha256 ?? "", open };
  return { ...file, otherHashes: async (signal) => others(isLarge ? await hashAgain(file, signal) : hashes) };
}

/** On this thread alone: the file is sent meanwhile, which leaves a second one nothing to gain. */
async function hashAgain({ title, open }: Readable & Pick<HashedFile, "title">, signal: AbortSignal): Promise<Hashes> {
  const hasher = createMultiHash(OTHER_HASHES);
  for await (const chunk of await open(0, signal)) {
    if (signal.aborted) throw interruption(signal.reason, `Cannot hash "${title}": it was interrupted`);
    hasher.update(chunk);
  }
  return hasher.digest();
}

function others({ blake3 = "", blake2b512 = "" }: Hashes): OtherHashes {
  return { blake3, blake2b512 };
}
