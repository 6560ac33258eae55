import { existsSync, fstatSync, statSync } from "node:fs";
import { type FileHandle, readdir, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { maxOf } from "../base/many.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeTree } from "./atomic.ts";
import { fileSystemError } from "./errors.ts";
import { lessUmask } from "./modes.ts";
import { createFile, createFileWith, reopenFile } from "./new-file.ts";
import { isFree, ownedPath, ownerState } from "./partial-owner.ts";
import { PassingFlush } from "./passing-flush.ts";
import { readLocalFile } from "./read-file.ts";
import { readPieces } from "./read-pieces.ts";

/**
 * The suffix of the file beside a partial file that holds the server's ETag, and the inode of the partial file. The two are
 * renamed one after the other; the inode shows that an ETag belongs to these bytes.
 */
const VALIDATOR_SUFFIX = ".validator";
const MAX_VALIDATOR_CHARACTERS = 1024;

/** A partial file of at least this many bytes is left for the next process when its transfer is cut off. */
export const RESUMABLE_BYTES = 1024 * 1024;

/**
 * The part of some content that has arrived so far, in a file that belongs to a single writer.
 *
 * The file under its plain name belongs to nobody and may be claimed; `<name>.<machine>-<pid>-<random>` belongs to the
 * process in its name, until that has ended. A claim is a rename, so of two claimants exactly one wins, and the other
 * starts a file of its own.
 */
export class PartialFile {
  readonly #handle: FileHandle;
  readonly #free: string;
  readonly #path: string;
  readonly #inode: bigint;
  #isOpen = true;
  readonly #flush = new PassingFlush(() => checked(this.#path, () => this.#handle.datasync()));
  #offset: number;
  #validator: string | null;
  /** What the file beside it holds. */
  #saved: string | null;

  private constructor(state: {
    handle: FileHandle;
    free: string;
    path: string;
    offset: number;
    inode: bigint;
    saved: string | null;
  }) {
    this.#handle = state.handle;
    this.#free = state.free;
    this.#path = state.path;
    this.#offset = state.offset;
    this.#inode = state.inode;
    this.#saved = state.saved;
    this.#validator = validatorIn(state.saved, state.inode);
  }

  /**
   * Opens what an earlier process left under the plain path `free`, else an empty file.
   *
   * @param mode of a new file, as the umask leaves it
   * @param mayClaim false: an empty file without looking, as for content too small to be left behind
   * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
   */
  static async open(free: string, mayClaim: boolean, mode = 0o644): Promise<PartialFile> {
    const claimed = mayClaim ? await PartialFile.#claim(free) : null;
    return claimed ?? (await PartialFile.#create(free, mode));
  }

  /** True if an earlier process left bytes under the plain path `free`. @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED */
  static async isLeft(free: string): Promise<boolean> {
    return existsSync(dirname(free)) && (await PartialFile.#findLeft(free)) !== undefined;
  }

  /** How many bytes a running process has received of the content of the plain path `free`; null: none receives it. */
  static async received(free: string): Promise<number | null> {
    const directory = dirname(free);
    if (!existsSync(directory)) return null;
    const names = await checked(directory, () => readdir(directory));
    const sizes = names
      .filter(
        (name) => name.startsWith(`${basename(free)}.`) && ownerState(name.slice(basename(free).length)) === "running",
      )
      .flatMap((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? []);
    return sizes.length === 0 ? null : maxOf(sizes, 0);
  }

  static async #findLeft(free: string): Promise<string | undefined> {
    const directory = dirname(free);
    const names = await checked(directory, () => readdir(directory));
    return names.find((name) => isFree(name, basename(free)));
  }

  static async #create(free: string, mode: number): Promise<PartialFile> {
    const path = ownedPath(free);
    const handle = await checked(path, () => createFile(path, mode));
    return closingOnError(handle, async () => {
      const { ino: inode } = fstatSync(handle.fd, { bigint: true });
      return new PartialFile({ handle, free, path, offset: 0, inode, saved: null });
    });
  }

  /** Null if there is nothing to claim, or another process was quicker. */
  static async #claim(free: string): Promise<PartialFile | null> {
    const directory = dirname(free);
    const left = await PartialFile.#findLeft(free);
    if (left === undefined) return null;
    const path = ownedPath(free);
    if (!(await renameIfThere(join(directory, left), path))) return null;
    await renameIfThere(join(directory, left + VALIDATOR_SUFFIX), path + VALIDATOR_SUFFIX);
    return PartialFile.#reopen(free, path);
  }

  /** Null for what somebody else may have put there, or may still write to; it is removed. */
  static async #reopen(free: string, path: string): Promise<PartialFile | null> {
    const handle = await reopenOrNull(path);
    if (handle === null) return null;
    return closingOnError(handle, async () => {
      const { size, ino: inode } = await handle.stat({ bigint: true });
      return new PartialFile({ handle, free, path, offset: Number(size), inode, saved: await readSaved(path) });
    });
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
    this.#flush.note(piece.byteLength);
  }

  /**
   * Remembers what the server calls these bytes, for an If-Range; null: nothing. Kept on disk once the bytes are worth
   * resuming.
   */
  setValidator(validator: string | null): void {
    this.#validator = validator;
  }

  read(signal: AbortSignal): AsyncIterable<Uint8Array> {
    return readPieces(this.#handle, this.#path, signal);
  }

  async truncate(): Promise<void> {
    // First, so that a validator never lies beside bytes of another version.
    await this.#removeValidator();
    await checked(this.#path, () => this.#handle.truncate(0));
    this.#offset = 0;
    this.#validator = null;
  }

  /** Gives the file that mode, less the umask, and makes the bytes durable under `path`, which nobody else uses; the caller renames the file. */
  async finish(mode: number | null = null): Promise<void> {
    await this.#flush.finish();
    await checked(this.#path, async () => {
      if (mode !== null) await this.#handle.chmod(lessUmask(mode));
      await this.#handle.sync();
    });
    await this.#close();
    await this.#removeValidator();
  }

  /** Leaves the bytes for whoever asks for this content next. */
  async release(): Promise<void> {
    await this.#close();
    if (!(await renameIfThere(this.#path, this.#free))) return;
    if (this.#saved === null) await unlinkIfThere(this.#free + VALIDATOR_SUFFIX);
    else await renameIfThere(this.#path + VALIDATOR_SUFFIX, this.#free + VALIDATOR_SUFFIX);
  }

  async discard(): Promise<void> {
    await this.#close();
    await unlinkIfThere(this.#path);
    await this.#removeValidator();
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#flush.settle();
    await this.#handle.close();
  }

  async #saveValidator(): Promise<void> {
    if (this.#validator === null) return;
    const text = `${this.#validator}\n${this.#inode}\n`;
    if (text === this.#saved) return;
    this.#saved = text;
    await checked(this.#path, async () => {
      await unlinkIfThere(this.#path + VALIDATOR_SUFFIX);
      createFileWith(this.#path + VALIDATOR_SUFFIX, text);
    });
  }

  async #removeValidator(): Promise<void> {
    if (this.#saved === null) return;
    this.#saved = null;
    await unlinkIfThere(this.#path + VALIDATOR_SUFFIX);
  }
}

/** A file that is not handed on has to be closed: Node ends the process when it finds one that was forgotten. */
async function closingOnError<T>(handle: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The validator in a validator file's text; null if it belongs to another file. */
function validatorIn(saved: string | null, inode: bigint): string | null {
  if (saved === null || saved.length > MAX_VALIDATOR_CHARACTERS) return null;
  const [validator = "", owner, end] = saved.split("\n");
  return validator !== "" && owner === String(inode) && end === "" ? validator : null;
}

async function reopenOrNull(path: string): Promise<FileHandle | null> {
  try {
    return await reopenFile(path);
  } catch (error) {
    const isForeign = error instanceof PkgError || ["ELOOP", "ENXIO", "EISDIR"].includes(systemCode(error) ?? "");
    if (!isForeign) throw fileSystemError(error, `write "${path}"`);
    removeQuietly(path);
    removeQuietly(path + VALIDATOR_SUFFIX);
    return null;
  }
}

/** Somebody else may have made a directory of it that we cannot remove. */
function removeQuietly(path: string): void {
  try {
    removeTree(path);
  } catch {}
}

async function readSaved(path: string): Promise<string | null> {
  try {
    return (await readLocalFile(path + VALIDATOR_SUFFIX, { maxBytes: 4 * MAX_VALIDATOR_CHARACTERS })).toString("utf8");
  } catch (error) {
    // Without a validator the bytes are received again; so for one that is no file, or too large.
    if (error instanceof PkgError || systemCode(error) === "ENOENT") return null;
    throw fileSystemError(error, `read "${path + VALIDATOR_SUFFIX}"`);
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    // In a directory with the sticky bit, what belongs to another user cannot be renamed.
    if (["ENOENT", "EPERM", "EACCES"].includes(systemCode(error) ?? "")) return false;
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
