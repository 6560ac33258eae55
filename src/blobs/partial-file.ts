import { constants } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasEnded, uniqueOwner } from "../base/process-alive.ts";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { readPieces } from "./read-pieces.ts";

/** What follows the name of a partial file where its server's ETag or Last-Modified is kept. */
const VALIDATOR_SUFFIX = ".validator";
const MAX_VALIDATOR_CHARACTERS = 1024;

/** Blobs of at least this many bytes are left for the next process when a download is cut off. */
export const RESUMABLE_BYTES = 1024 * 1024;

/**
 * A blob's bytes so far, in a file that belongs to one writer alone.
 *
 * `<algorithm>-<hex>` belongs to nobody and may be claimed; `<algorithm>-<hex>.<machine>-<pid>-<random>` to the process
 * in its name. A claim is a rename, so of two claimants exactly one wins, and the other starts a file of its own.
 */
export class PartialFile {
  readonly #handle: FileHandle;
  readonly #free: string;
  #path: string;
  #offset: number;
  #validator: string | null;
  /** What the file beside holds. */
  #savedValidator: string | null;

  private constructor(state: {
    handle: FileHandle;
    free: string;
    path: string;
    offset: number;
    validator: string | null;
  }) {
    this.#handle = state.handle;
    this.#free = state.free;
    this.#path = state.path;
    this.#offset = state.offset;
    this.#validator = state.validator;
    this.#savedValidator = state.validator;
  }

  /** Starts an empty file. */
  static async create(directory: string, digest: Digest): Promise<PartialFile> {
    const free = join(directory, baseName(digest));
    const path = ownedPath(free);
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR;
    const handle = await checked(path, () => open(path, flags, 0o644));
    return new PartialFile({ handle, free, path, offset: 0, validator: null });
  }

  /** Takes over what an earlier process left of this blob; null when there is nothing, or another was quicker. */
  static async claim(directory: string, digest: Digest): Promise<PartialFile | null> {
    const base = baseName(digest);
    const names = await checked(directory, () => readdir(directory));
    const left = names.find((name) => name === base || (name.startsWith(`${base}.`) && isAbandoned(name)));
    if (left === undefined) return null;
    const free = join(directory, base);
    const path = ownedPath(free);
    if (!(await renameIfThere(join(directory, left), path))) return null;
    await renameIfThere(join(directory, left + VALIDATOR_SUFFIX), path + VALIDATOR_SUFFIX);
    return PartialFile.#reopen(free, path);
  }

  static async #reopen(free: string, path: string): Promise<PartialFile> {
    const handle = await checked(path, () => open(path, constants.O_RDWR));
    const { size } = await handle.stat();
    return new PartialFile({ handle, free, path, offset: size, validator: await readValidator(path) });
  }

  get path(): string {
    return this.#path;
  }

  /** Bytes in the file, those being appended included. */
  get offset(): number {
    return this.#offset;
  }

  get validator(): string | null {
    return this.#validator;
  }

  /** Writes at the end; appends must not overlap. */
  async append(piece: Uint8Array): Promise<void> {
    let position = this.#offset;
    this.#offset += piece.byteLength;
    for (let written = 0; written < piece.byteLength; ) {
      const rest = piece.byteLength - written;
      const { bytesWritten } = await checked(this.#path, () => this.#handle.write(piece, written, rest, position));
      written += bytesWritten;
      position += bytesWritten;
    }
    if (this.#offset >= RESUMABLE_BYTES) await this.#saveValidator();
  }

  /** Remembers what the server calls these bytes, for an If-Range; kept on disk once the bytes are worth resuming. */
  setValidator(validator: string | null): void {
    this.#validator = validator ?? this.#validator;
  }

  read(signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readPieces(this.#handle, this.#path, signal);
  }

  async truncate(): Promise<void> {
    await checked(this.#path, () => this.#handle.truncate(0));
    this.#offset = 0;
    this.#validator = null;
    await this.#removeValidator();
  }

  /** Makes the bytes durable under `path`, for which nobody else has a use; the caller renames it. */
  async finish(): Promise<void> {
    await checked(this.#path, () => this.#handle.sync());
    await this.#handle.close();
    await this.#removeValidator();
  }

  /** Leaves the bytes for whoever asks for this blob next. */
  async release(): Promise<void> {
    await this.#handle.close();
    if (!(await renameIfThere(this.#path, this.#free))) return;
    if (this.#savedValidator !== null)
      await renameIfThere(this.#path + VALIDATOR_SUFFIX, this.#free + VALIDATOR_SUFFIX);
    else await rm(this.#free + VALIDATOR_SUFFIX, { force: true });
  }

  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
    await this.#removeValidator();
  }

  async #saveValidator(): Promise<void> {
    const validator = this.#validator;
    if (validator === null || validator === this.#savedValidator) return;
    this.#savedValidator = validator;
    await checked(this.#path, () => writeFile(this.#path + VALIDATOR_SUFFIX, validator));
  }

  async #removeValidator(): Promise<void> {
    if (this.#savedValidator === null) return;
    this.#savedValidator = null;
    await rm(this.#path + VALIDATOR_SUFFIX, { force: true });
  }
}

function baseName(digest: Digest): string {
  return `${digestAlgorithm(digest)}-${digestHex(digest)}`;
}

function ownedPath(free: string): string {
  return `${free}.${uniqueOwner()}`;
}

/** True when a process of this machine that has ended owns the name. */
function isAbandoned(name: string): boolean {
  const owner = /\.([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{12}$/.exec(name);
  return owner !== null && hasEnded(owner[1] ?? "", owner[2] ?? "");
}

async function readValidator(path: string): Promise<string | null> {
  try {
    const text = await readFile(path + VALIDATOR_SUFFIX, "utf8");
    return text.length > 0 && text.length <= MAX_VALIDATOR_CHARACTERS ? text : null;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path + VALIDATOR_SUFFIX}"`);
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw fileSystemError(error, `rename "${from}"`);
  }
}

async function checked<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileSystemError(error, `write "${path}"`);
  }
}
