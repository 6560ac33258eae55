import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { indexTar, type TarFile } from "../fs/tar-index.ts";
import { type TarInput, writeTar } from "../fs/tar-write.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import type { BlobUpload, BlobWritten } from "./content.ts";
import { type Digest, digestAlgorithm, digestHex, isDigest } from "./digest.ts";
import { KeyedTurns } from "./keyed-turns.ts";
import { checkLayoutFile, layoutDirectory } from "./layout-directory.ts";
import type { IndexEdit, LayoutFiles } from "./layout-files.ts";
import {
  EMPTY_LAYOUT_INDEX,
  formatLayoutIndex,
  type LayoutIndex,
  MAX_LAYOUT_INDEX_BYTES,
  OCI_LAYOUT_FILE,
  parseLayoutIndex,
} from "./layout-index.ts";
import { isGone, uniqueOwner } from "./layout-lock.ts";
import { layoutTarget } from "./layout-target.ts";
import type { LocalTarget } from "./local-target.ts";
import { readFileFrom } from "./read-file.ts";

/** A tar of a layout. What is written to it is kept beside it until it is committed. */
export interface ArchiveTarget extends LocalTarget {
  /** Writes the archive anew with all that was pushed, whole or not at all; nothing where nothing was written. */
  commit(signal: AbortSignal): Promise<void>;
  /** Ends the work, and gives up what was not committed. To be called at the end in any case. */
  close(): Promise<void>;
}

const MAX_LAYOUT_FILE_BYTES = 4096;

/**
 * Opens a tar of an OCI image layout, read in place. A file that is not there is made by the first commit; one that is there
 * keeps what it holds. The same content gives the same bytes.
 *
 * @throws {PkgError} LAYOUT_INVALID, ARCHIVE_INVALID, PERMISSION_DENIED, FILE_SYSTEM: of the first call that reads
 */
export function openLayoutArchive(file: string): ArchiveTarget {
  const archive = new Archive(file);
  return {
    ...layoutTarget(archive),
    commit: (signal) => archive.commit(signal),
    close: () => archive.close(),
  };
}

/** What the archive held when it was opened. */
interface Held {
  readonly handle: FileHandle;
  readonly blobs: ReadonlyMap<Digest, TarFile>;
  readonly index: LayoutIndex;
}

class Archive implements LayoutFiles {
  readonly location: string;
  readonly #file: string;
  readonly #turns = new KeyedTurns();
  #held: Promise<Held | null> | null = null;
  #staging: Promise<Staging> | null = null;
  /** Blobs that were written since, all of them in the staging. */
  readonly #written = new Set<Digest>();
  readonly #removed = new Set<Digest>();
  #index: LayoutIndex | null = null;

  constructor(file: string) {
    this.#file = file;
    this.location = `oci-archive:${file}`;
  }

  async readIndex(): Promise<LayoutIndex> {
    const index = this.#index ?? (await this.#hold())?.index;
    if (index !== undefined) return index;
    throw invalid(this.location, "the file does not exist");
  }

  changeIndex(edit: IndexEdit): Promise<void> {
    return this.#turns.run("index", async () => {
      const before = this.#index ?? (await this.#hold())?.index;
      const after = await edit(before ?? EMPTY_LAYOUT_INDEX);
      if (after !== before) this.#index = after;
    });
  }

  async blobSize(digest: Digest): Promise<number | null> {
    if (this.#written.has(digest)) return (await this.#stage()).files.blobSize(digest);
    return (await this.#heldBlob(digest))?.size ?? null;
  }

  async *readBlob(digest: Digest, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (this.#written.has(digest)) {
      yield* (await this.#stage()).files.readBlob(digest, offset, signal);
      return;
    }
    const held = await this.#hold();
    const file = await this.#heldBlob(digest);
    if (held === null || file === null) throw new Error(`the archive has no blob ${digest}`);
    try {
      yield* readFileFrom(held.handle, file.offset + offset, signal, file.offset + file.size);
    } catch (error) {
      throw fileSystemError(error, `read "${this.#file}"`);
    }
  }

  async writeBlob(blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten> {
    if ((await this.blobSize(blob.digest)) === blob.size) return { how: "existed", bytesSent: 0 };
    const written = await (await this.#stage()).files.writeBlob(blob, signal);
    this.#written.add(blob.digest);
    return written;
  }

  async removeBlob(digest: Digest): Promise<boolean> {
    if ((await this.blobSize(digest)) === null) return false;
    this.#written.delete(digest);
    this.#removed.add(digest);
    return true;
  }

  async sharesBlobs(): Promise<boolean> {
    return false;
  }

  async commit(signal: AbortSignal): Promise<void> {
    if (this.#index === null && this.#written.size === 0 && this.#removed.size === 0) return;
    const inputs = await this.#inputs(signal);
    await writeStreamAtomic(this.#file, writeTar(inputs));
    await this.close();
  }

  async close(): Promise<void> {
    const [held, staging] = [await this.#held?.catch(() => null), await this.#staging?.catch(() => null)];
    this.#held = null;
    this.#staging = null;
    this.#index = null;
    this.#written.clear();
    this.#removed.clear();
    if (staging) removeTree(staging.directory);
    await held?.handle.close();
  }

  /** All that is to be in the tar, by name. Whatever lay in it besides a layout is not kept. */
  async #inputs(signal: AbortSignal): Promise<readonly TarInput[]> {
    const digests = [...new Set([...((await this.#hold())?.blobs.keys() ?? []), ...this.#written])];
    const sizes = await Promise.all(digests.map((digest) => this.blobSize(digest)));
    const files = digests.flatMap((digest, position): TarInput[] => {
      const size = sizes[position] ?? null;
      const open = () => this.readBlob(digest, 0, signal);
      return size === null ? [] : [{ kind: "file", name: blobName(digest), size, open }];
    });
    const algorithms = new Set(digests.map(digestAlgorithm));
    const directories = ["blobs", ...[...algorithms].map((algorithm) => `blobs/${algorithm}`)];
    const index = this.#index ?? (await this.#hold())?.index ?? EMPTY_LAYOUT_INDEX;
    const inputs: readonly TarInput[] = [
      ...directories.map((name): TarInput => ({ kind: "directory", name })),
      ...files,
      fileOf("index.json", formatLayoutIndex(index)),
      fileOf("oci-layout", Buffer.from(OCI_LAYOUT_FILE)),
    ];
    return inputs.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  }

  async #heldBlob(digest: Digest): Promise<TarFile | null> {
    return this.#removed.has(digest) ? null : ((await this.#hold())?.blobs.get(digest) ?? null);
  }

  #hold(): Promise<Held | null> {
    this.#held ??= openHeld(this.#file, this.location);
    return this.#held;
  }

  #stage(): Promise<Staging> {
    this.#staging ??= openStaging(this.#file, this.location);
    return this.#staging;
  }
}

/** Null where the file does not exist. */
async function openHeld(file: string, location: string): Promise<Held | null> {
  const handle = await openFile(file);
  if (handle === null) return null;
  try {
    if (!(await handle.stat()).isFile()) throw invalid(location, "it is no plain file");
    const files = await indexTar(handle, file);
    checkLayoutFile(
      await readEntry(handle, { files, name: "oci-layout", maxBytes: MAX_LAYOUT_FILE_BYTES, location }),
      location,
    );
    const index = await readEntry(handle, { files, name: "index.json", maxBytes: MAX_LAYOUT_INDEX_BYTES, location });
    return { handle, index: parseLayoutIndex(index), blobs: blobsOf(files) };
  } catch (error) {
    await handle.close();
    throw fileSystemError(error, `read "${file}"`);
  }
}

async function openFile(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${file}"`);
  }
}

interface EntryRequest {
  readonly files: ReadonlyMap<string, TarFile>;
  readonly name: string;
  readonly maxBytes: number;
  readonly location: string;
}

async function readEntry(handle: FileHandle, { files, name, maxBytes, location }: EntryRequest): Promise<Buffer> {
  const entry = files.get(name);
  if (entry === undefined) throw invalid(location, `it has no file "${name}"`);
  if (entry.size > maxBytes) throw invalid(location, `"${name}" has ${entry.size} bytes, at most ${maxBytes} are read`);
  const bytes = Buffer.alloc(entry.size);
  const { bytesRead } = await handle.read(bytes, 0, entry.size, entry.offset);
  if (bytesRead === entry.size) return bytes;
  throw invalid(location, "it is cut off");
}

function blobsOf(files: ReadonlyMap<string, TarFile>): ReadonlyMap<Digest, TarFile> {
  const blobs = new Map<Digest, TarFile>();
  for (const [name, entry] of files) {
    const digest = name.startsWith("blobs/") ? name.slice("blobs/".length).replace("/", ":") : "";
    if (isDigest(digest)) blobs.set(digest, entry);
  }
  return blobs;
}

/** A layout beside the archive, for what is written to it. */
interface Staging {
  readonly directory: string;
  readonly files: LayoutFiles;
}

/**
 * What a process that is no more left of a copy into the same archive is taken over: its blobs are not sent again.
 */
async function openStaging(file: string, location: string): Promise<Staging> {
  const parent = dirname(file);
  const prefix = `.${basename(file).slice(0, 100)}.layout.`;
  const directory = join(parent, `${prefix}${uniqueOwner()}`);
  try {
    const left = (await readdir(parent)).find((name) => name.startsWith(prefix) && isLeft(name.slice(prefix.length)));
    if (left === undefined || !(await renameIfThere(join(parent, left), directory)))
      await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    throw fileSystemError(error, `make directory "${directory}"`);
  }
  return { directory, files: layoutDirectory(directory, location) };
}

function isLeft(owner: string): boolean {
  const match = /^([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{12}$/.exec(owner);
  return match !== null && isGone(match[1] ?? "", match[2] ?? "");
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

function blobName(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}

function fileOf(name: string, bytes: Buffer): TarInput {
  const open = async function* () {
    yield bytes;
  };
  return { kind: "file", name, size: bytes.length, open };
}

function invalid(location: string, problem: string): PkgError {
  return new PkgError("LAYOUT_INVALID", `Cannot use "${location}": ${problem}`, {
    hint: "Name a tar of an OCI layout; a new one is made by copying into it",
  });
}
