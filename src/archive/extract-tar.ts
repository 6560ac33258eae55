import { link, lstat, rename, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { newPrivateDirectory, setDirectoryMode, syncDirectory } from "../fs/directories.ts";
import { draftPath } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { lessUmask } from "../fs/modes.ts";
import { createFile } from "../fs/new-file.ts";
import { invalidArchive } from "./archive-error.ts";
import { EntryTree } from "./entry-tree.ts";
import { EXTRACT_LIMITS, type ExtractLimits } from "./extract-limits.ts";
import { type Member, readMembers } from "./read-members.ts";

export interface ExtractRequest {
  /** A tar, bare or compressed with gzip, zstd, xz or bzip2; or a zip. */
  readonly source: AsyncIterable<Uint8Array>;
  /** The path of a file with the same bytes, which a zip needs; default: a zip is refused. */
  readonly file?: string;
  /** Must not exist; its parent must. */
  readonly directory: string;
  /** The path that all entries lie in, which becomes `directory`; null: the archive's own root becomes it. */
  readonly root: string | null;
  /** Hex of the SHA-256 of the uncompressed tar, or of the zip; null: not known. */
  readonly sha256: string | null;
  readonly signal: AbortSignal;
  readonly limits?: ExtractLimits;
}

export interface Extracted {
  readonly files: number;
  /** The total size of all files. */
  readonly bytes: number;
}

/** Without these, its owner could not even remove a directory. */
const OWNER_BITS = 0o500;

/**
 * Unpacks an archive into a new directory, which appears when everything in it is durable, or not at all.
 *
 * Set-user-id, set-group-id and sticky bits are dropped, and so is write permission for group and others; the owner may
 * read and enter every directory; the other permission bits are exact. A directory may occur
 * twice, any other path once. Names that differ only in case are refused if the file system does not tell them apart.
 * Nothing is written through a link: links are made last, and may only point inside.
 *
 * @throws {PkgError} ARCHIVE_INVALID; DIGEST_MISMATCH with `sha256`; PATH_CONFLICT when `directory` exists;
 * DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and those of `source`
 */
export async function extractTar(request: ExtractRequest): Promise<Extracted> {
  const { directory } = request;
  const staged = draftPath(directory);
  try {
    await attempt(`make directory "${staged}"`, async () => newPrivateDirectory(staged));
    const extracted = await new Extraction(staged, request).run();
    await appear(staged, directory);
    return extracted;
  } catch (error) {
    removeStaged(staged);
    throw error;
  }
}

async function appear(staged: string, directory: string): Promise<void> {
  // A rename would silently replace an empty directory.
  if ((await lstat(directory).catch(() => null)) !== null) {
    throw new PkgError("PATH_CONFLICT", `Cannot unpack into "${directory}": it exists`);
  }
  await attempt(`rename "${staged}"`, () => rename(staged, directory));
  syncDirectory(dirname(directory));
}

/** Removes what was staged. A failure to do so is ignored, so that the original failure is the one reported. */
function removeStaged(staged: string): void {
  try {
    removeTree(staged);
  } catch {}
}

class Extraction {
  readonly #base: string;
  readonly #request: ExtractRequest;
  readonly #tree = new EntryTree();
  readonly #links: { readonly path: string; readonly target: string }[] = [];
  #files = 0;
  #bytes = 0;

  constructor(base: string, request: ExtractRequest) {
    this.#base = base;
    this.#request = request;
  }

  async run(): Promise<Extracted> {
    const limits = this.#request.limits ?? EXTRACT_LIMITS;
    for await (const member of readMembers({ ...this.#request, limits, tree: this.#tree })) await this.#add(member);
    for (const { path, target } of this.#links) {
      await attempt(`link "${path}"`, () => symlink(target, join(this.#base, path)));
    }
    await this.#finishDirectories();
    return { files: this.#files, bytes: this.#bytes };
  }

  async #add(member: Member): Promise<void> {
    const { path } = member;
    switch (member.kind) {
      case "directory":
        // Private until everything is in it; its own mode is set last.
        return this.#make(path, async (target) => newPrivateDirectory(target));
      case "symlink":
        this.#links.push(member);
        return;
      case "hard link":
        this.#files += 1;
        return this.#make(path, (place) => link(join(this.#base, member.source), place));
      case "file":
        this.#files += 1;
        return this.#make(path, (target) => this.#writeFile(target, member));
    }
  }

  async #writeFile(target: string, { body, mode }: Member & { readonly kind: "file" }): Promise<void> {
    const file = await createFile(target);
    try {
      for await (const chunk of body) {
        this.#bytes += chunk.byteLength;
        await writeAll(file, chunk);
      }
      await file.chmod(lessUmask(mode));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** A path that is new in the archive but exists on the file system differs from another only in case or accents. */
  async #make(path: string, work: (target: string) => Promise<unknown>): Promise<void> {
    try {
      await work(join(this.#base, path));
    } catch (error) {
      if (systemCode(error) === "EEXIST")
        throw invalidArchive(`the file system takes "${path}" for another entry`, error);
      throw fileSystemError(error, `write "${path}"`);
    }
  }

  /** Deepest first: nothing in a directory can be changed once the directory lacks write permission. */
  async #finishDirectories(): Promise<void> {
    for (const { path, mode } of this.#tree.directories().toReversed()) {
      const place = join(this.#base, path);
      syncDirectory(place);
      await attempt(`change the mode of "${place}"`, async () => setDirectoryMode(place, lessUmask(mode) | OWNER_BITS));
    }
  }
}

async function writeAll(file: Awaited<ReturnType<typeof createFile>>, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) written += (await file.write(chunk, written)).bytesWritten;
}

async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
