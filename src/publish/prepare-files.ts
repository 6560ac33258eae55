import { randomUUID } from "node:crypto";
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { packToFile } from "../archive/pack-to-file.ts";
import { mapConcurrently } from "../base/concurrency.ts";
import type { HashAlgorithm } from "../base/hashes.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { hasCode, PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { BlobUpload } from "../oci/content.ts";
import { safeTitle } from "../oci/title.ts";
import { hashUnchangedWith } from "../oci-tools/unchanged-file.ts";
import type { ProgramFacts } from "../package/elf.ts";
import {
  ARCHIVE_TYPE,
  archiveTitle,
  CHECKSUM_TITLE,
  entryTitle,
  FILE_TYPE,
  SIGNATURE_SUFFIX,
} from "../package/file-names.ts";
import { isSafeName } from "../package/names.ts";
import type { HashedFile, ProgramFile, Publication, PublicationFile } from "../package/publication.ts";
import { checkBuilds, checkProgram, checkProvides, libcOfAll } from "../package-format/check-program.ts";
import { readFacts } from "./program-facts.ts";

type FileCapabilities = Pick<Capabilities, "config" | "emit" | "signal">;

/** A file that was hashed, and that can be read again to be sent. */
export interface Readable {
  readonly open: BlobUpload["open"];
}

export interface PreparedFiles {
  readonly programs: readonly (ProgramFile & Readable)[];
  readonly documents: readonly (HashedFile & Readable)[];
}

/** Of the index, of CHECKSUM, and of signatures. */
const HASHES: readonly HashAlgorithm[] = ["sha256", "blake3", "blake2b512"];

const PROGRAMS_DIRECTORY = "bin";

/**
 * Checks and hashes all files of a publication, each in one reading; directories are packed into `temporary`.
 *
 * @throws {PkgError} PUBLISH_INVALID; STATE_CHANGED for what changes meanwhile; as packTar; FILE_SYSTEM, PERMISSION_DENIED
 */
export async function prepareFiles(
  cap: FileCapabilities,
  publication: Publication,
  temporary: string,
): Promise<PreparedFiles> {
  const checked = await Promise.all(publication.files.map((file) => checkFile(cap, publication, file)));
  checkBuilds(checked);
  for (const file of checked) checkProvides(publication, file);
  const titles = documentTitles(publication, checked);
  const { concurrency } = cap.config;
  const documents = await mapConcurrently(publication.documents, concurrency, async (path) => {
    return hashFile(path, { title: titles.get(path) ?? "", mediaType: FILE_TYPE });
  });
  const programs = await mapConcurrently(checked, concurrency, async (file) => {
    const hashed = await hashProgram(cap, file, temporary);
    const { platform, libc, type, programs: names } = file;
    return { ...hashed, platform, libc, type, programs: names };
  });
  return { programs, documents };
}

/** What a program says of itself fits what was typed. */
type CheckedFile = Pick<ProgramFile, "platform" | "libc" | "type" | "programs" | "title"> & { readonly path: string };

async function checkFile(cap: FileCapabilities, { name }: Publication, file: PublicationFile): Promise<CheckedFile> {
  const { path, platform } = file;
  const facts = await readFacts(path);
  if (facts !== null) {
    warnOfInterpreter(cap, path, facts);
    return { path, platform, ...checkProgram(file, facts), title: name, programs: [] };
  }
  const programs = listPrograms(path);
  const libcs: CheckedFile["libc"][] = [];
  for (const program of programs) {
    const place = join(path, PROGRAMS_DIRECTORY, program);
    const found = (await readFacts(place)) ?? { kind: "other", what: "a directory" };
    warnOfInterpreter(cap, place, found);
    libcs.push(checkProgram({ ...file, path: place }, found).libc);
  }
  return { path, platform, libc: libcOfAll(path, libcs), type: "archive", title: archiveTitle(name), programs };
}

/** Where one system alone keeps its loader, no other finds it. */
function warnOfInterpreter({ emit }: FileCapabilities, path: string, facts: ProgramFacts): void {
  if (facts.kind !== "elf" || facts.interpreter === null) return;
  if (/^\/(?:usr\/)?lib(?:32|64|x32)?\//.test(facts.interpreter) || facts.libc === null) return;
  const message = `"${path}" is linked to "${facts.interpreter}", which other machines do not have`;
  emit({ kind: "warning", message });
}

/** The names in a directory's `bin` that can be run, sorted. */
function listPrograms(directory: string): readonly string[] {
  const place = join(directory, PROGRAMS_DIRECTORY);
  const root = realpathSync(directory) + sep;
  const names = namesIn(place).filter((name) => isSafeName(name) && isProgram(root, join(place, name)));
  if (names.length > 0) return names.sort();
  throw new PkgError("PUBLISH_INVALID", `Cannot publish "${directory}": expected programs in "${place}", found none`, {
    hint: `A directory has its programs in "${PROGRAMS_DIRECTORY}", executable: chmod +x ${place}/*`,
  });
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `read "${directory}"`);
  }
}

function isProgram(root: string, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0 && realpathSync(path).startsWith(root);
}

async function hashProgram(
  { signal }: FileCapabilities,
  file: CheckedFile,
  temporary: string,
): Promise<HashedFile & Readable> {
  const { path, title } = file;
  if (file.type !== "archive") return hashFile(path, { title, mediaType: FILE_TYPE });
  const packed = join(temporary, randomUUID());
  await packToFile({
    directory: realpathSync(path),
    root: null,
    modes: "owner",
    compression: "zstd",
    file: packed,
    signal,
  });
  return hashFile(packed, { title, mediaType: ARCHIVE_TYPE });
}

async function hashFile(path: string, as: Pick<HashedFile, "title" | "mediaType">): Promise<HashedFile & Readable> {
  const { hashes, size, open } = await hashUnchangedWith(path, HASHES);
  const { sha256 = "", blake3 = "", blake2b512 = "" } = hashes;
  return { ...as, size, sha256, blake3, blake2b512, open };
}

/** @throws {PkgError} PUBLISH_INVALID for a name that another file of the package has, or that is no plain file name */
function documentTitles(
  { name, documents }: Publication,
  programs: readonly CheckedFile[],
): ReadonlyMap<string, string> {
  const taken = new Set([CHECKSUM_TITLE, entryTitle(name), ...programs.map(({ title }) => title)]);
  const titles = new Map<string, string>();
  for (const path of documents) {
    refuseOther(path);
    const title = titleOf(path);
    if (taken.has(title) || title.endsWith(SIGNATURE_SUFFIX)) {
      throw new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": the package has another file "${title}"`, {
        hint: "Each file needs a name of its own; CHECKSUM and signatures are made by `pkg publish`",
      });
    }
    taken.add(title);
    titles.set(path, title);
  }
  return titles;
}

/** A FIFO would be waited for, and a device might never end. */
function refuseOther(path: string): void {
  try {
    if (statSync(path).isFile()) return;
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
  throw new PkgError("PUBLISH_INVALID", `Cannot publish "${path}": expected a file, found something else`, {
    hint: "A document is a file; a directory is published with --file, its programs in bin",
  });
}

function titleOf(path: string): string {
  try {
    return safeTitle(basename(path));
  } catch (error) {
    if (!hasCode(error, "TITLE_INVALID")) throw error;
    throw new PkgError("PUBLISH_INVALID", error.message, { hint: "Give the file a plain name", cause: error });
  }
}
