import { createHash, randomBytes } from "node:crypto";
import { chmod, link, lstat, mkdir, open, rename, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { removeTree, syncDirectory } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { invalidArchive, refuseWhenAborted } from "./archive-error.ts";
import { decompress } from "./compression.ts";
import { entryPath, linkProblem } from "./entry-path.ts";
import { EntryTree } from "./entry-tree.ts";
import { EXTRACT_LIMITS, type ExtractLimits } from "./extract-limits.ts";
import { readTar, type TarEntry } from "./read-tar.ts";

export interface ExtractRequest {
  /** A tar, as it is or compressed with gzip or zstd. */
  readonly source: AsyncIterable<Uint8Array>;
  /** Must not exist; its parent must. */
  readonly directory: string;
  /** The path that all entries lie in, which becomes `directory`; null: the archive's own root does. */
  readonly root: string | null;
  /** Hex of the SHA-256 of the uncompressed tar; null: not known. */
  readonly sha256: string | null;
  readonly signal: AbortSignal;
  readonly limits?: ExtractLimits;
}

export interface Extracted {
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

const PERMISSION_BITS = 0o777;

/**
 * Unpacks an archive into a new directory, which appears when all of it is there and durable, or not at all.
 *
 * Set-user-id, set-group-id and sticky bits are dropped, the other permission bits are exact. A directory may come
 * twice, any other path once; names that differ in case are two names where the file system says so and else refused.
 * Nothing is written through a link: links are made last, and may only point inside.
 *
 * @throws {PkgError} ARCHIVE_INVALID; DIGEST_MISMATCH with `sha256`; PATH_CONFLICT when `directory` exists;
 * DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM; and those of `source`
 */
export async function extractTar(request: ExtractRequest): Promise<Extracted> {
  const { directory } = request;
  const staged = join(
    dirname(directory),
    `.${basename(directory).slice(0, 100)}.${randomBytes(6).toString("hex")}.part`,
  );
  try {
    await attempt(`make directory "${staged}"`, () => mkdir(staged, { mode: 0o700 }));
    const extracted = await new Extraction(staged, request).run();
    await appear(staged, directory);
    return extracted;
  } catch (error) {
    removeStaged(staged);
    throw error;
  }
}

async function appear(staged: string, directory: string): Promise<void> {
  // A rename replaces an empty directory in silence.
  if ((await lstat(directory).catch(() => null)) !== null) {
    throw new PkgError("PATH_CONFLICT", `Cannot unpack into "${directory}": it exists`);
  }
  await attempt(`rename "${staged}"`, () => rename(staged, directory));
  syncDirectory(dirname(directory));
}

/** What failed is told, not that its remains cannot be removed. */
function removeStaged(staged: string): void {
  try {
    removeTree(staged);
  } catch {}
}

class Extraction {
  readonly #base: string;
  readonly #request: ExtractRequest;
  readonly #limits: ExtractLimits;
  readonly #tree: EntryTree;
  readonly #links: { readonly path: string; readonly target: string }[] = [];
  #entries = 0;
  #files = 0;
  #bytes = 0;

  constructor(base: string, request: ExtractRequest) {
    this.#base = base;
    this.#request = request;
    this.#limits = request.limits ?? EXTRACT_LIMITS;
    this.#tree = new EntryTree();
  }

  async run(): Promise<Extracted> {
    const { source, sha256, signal } = this.#request;
    const hash = createHash("sha256");
    for await (const entry of readTar(hashed(decompress(source, this.#limits.maxRatio), hash))) {
      refuseWhenAborted(signal);
      await this.#add(entry);
    }
    if (this.#entries === 0) throw invalidArchive("it has no entries");
    checkHash(hash.digest("hex"), sha256);
    for (const { path, target } of this.#links) {
      await attempt(`link "${path}"`, () => symlink(target, join(this.#base, path)));
    }
    await this.#finishDirectories();
    return { files: this.#files, bytes: this.#bytes };
  }

  async #add(entry: TarEntry): Promise<void> {
    this.#entries += 1;
    if (this.#entries > this.#limits.maxEntries) throw tooMuch("entries", this.#limits.maxEntries);
    const path = this.#inRoot(entryPath(entry.path, this.#limits));
    if (path === "") return this.#addRoot(entry);
    await this.#makeParents(path);
    this.#tree.add(path, entry.kind, entry.mode & PERMISSION_BITS);
    switch (entry.kind) {
      case "directory":
        return this.#makeDirectory(path);
      case "symlink":
        return this.#noteLink(path, entry.target);
      case "hard link":
        return this.#makeHardLink(path, entry.target);
      case "file":
        return this.#writeFile(path, entry);
    }
  }

  #inRoot(path: string): string {
    const { root } = this.#request;
    if (root === null || path === "") return path;
    if (path === root) return "";
    if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
    throw invalidArchive(`the path "${path}" is outside of "${root}"`);
  }

  #addRoot({ kind, mode }: TarEntry): void {
    if (kind !== "directory") throw invalidArchive(`its root is a ${kind}`);
    this.#tree.addRoot(mode & PERMISSION_BITS);
  }

  async #makeParents(path: string): Promise<void> {
    for (const parent of this.#tree.missingParents(path)) {
      this.#tree.add(parent, "directory", 0o755);
      await this.#makeDirectory(parent);
    }
  }

  /** Private until all is in it: its own mode comes last. */
  async #makeDirectory(path: string): Promise<void> {
    if (!this.#tree.isNew(path)) return;
    await this.#make(path, (target) => mkdir(target, { mode: 0o700 }));
  }

  #noteLink(path: string, target: string): void {
    const problem = linkProblem(path, target);
    if (problem !== null) throw invalidArchive(`the link "${path}" ${problem}`);
    this.#links.push({ path, target });
  }

  async #makeHardLink(path: string, target: string): Promise<void> {
    const source = this.#inRoot(entryPath(target, this.#limits));
    if (source === path || !this.#tree.isFile(source))
      throw invalidArchive(`"${path}" is a link to "${target}", which is no file before it`);
    this.#files += 1;
    await this.#make(path, (place) => link(join(this.#base, source), place));
  }

  async #writeFile(path: string, entry: TarEntry): Promise<void> {
    this.#files += 1;
    this.#bytes += entry.size;
    if (this.#bytes > this.#limits.maxBytes) throw tooMuch("bytes", this.#limits.maxBytes);
    await this.#make(path, async (target) => {
      const file = await open(target, "wx", 0o600);
      try {
        for await (const chunk of entry.body) {
          refuseWhenAborted(this.#request.signal);
          await writeAll(file, chunk);
        }
        await file.chmod(entry.mode & PERMISSION_BITS);
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /** A name that is new to the archive and not to the file system differs from another in case, or in its accents. */
  async #make(path: string, work: (target: string) => Promise<unknown>): Promise<void> {
    try {
      await work(join(this.#base, path));
    } catch (error) {
      if (systemCode(error) === "EEXIST")
        throw invalidArchive(`the file system takes "${path}" for another entry`, error);
      throw fileSystemError(error, `write "${path}"`);
    }
  }

  /** The deepest first: a directory that may not be written takes no more changes. */
  async #finishDirectories(): Promise<void> {
    for (const { path, mode } of this.#tree.directories().toReversed()) {
      const place = join(this.#base, path);
      // Not readable, it could not be synced afterwards.
      syncDirectory(place);
      await attempt(`change the mode of "${place}"`, () => chmod(place, mode));
    }
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) written += (await file.write(chunk, written)).bytesWritten;
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function checkHash(found: string, expected: string | null): void {
  if (expected === null || found === expected) return;
  throw new PkgError(
    "DIGEST_MISMATCH",
    `Cannot unpack the archive: expected tar "sha256:${expected}", found "sha256:${found}"`,
  );
}

function tooMuch(what: string, limit: number): PkgError {
  return invalidArchive(`it has more than ${limit} ${what}`);
}

async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
