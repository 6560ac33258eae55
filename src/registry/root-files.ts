import { type BigIntStats, constants, type Dirent, lstatSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { type FileHandle, lstat, readdir, rename, rm, statfs, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { replaceSymlink } from "../fs/atomic.ts";
import { newSharedDirectory, privateDirectory, syncDirectory } from "../fs/directories.ts";
import { draftPath } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { createFile } from "../fs/new-file.ts";
import { openPlainFile } from "../fs/read-file.ts";
import { freeBytesOf } from "../fs/room.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { parentOf, partsOf, ROOT, type RootPath } from "./root-path.ts";

const { O_NOFOLLOW, O_RDONLY, O_RDWR } = constants;
const FILE_MODE = 0o644;
const OTHERS_MAY_READ = 0o004;

/** What a thing in a directory is, for messages. */
type Thing = Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO">;

/**
 * The files of a registry's directory: the only way to them, for reading, writing, listing and removing. Nothing is
 * reached through a symlink below the directory itself, wherever it is in the path, and only regular files are opened:
 * somebody else who may write there must not make the registry read or change files elsewhere, or wait for ever.
 *
 * On Linux, what was opened is checked once more by the path that the kernel knows it by. For renaming and removing
 * there is no such check: who exchanges a directory for a link at that very moment can still redirect those.
 *
 * Its methods throw {PkgError} FILE_SYSTEM, PERMISSION_DENIED or DISK_FULL; a missing file is null, false or empty.
 */
export class RootFiles {
  /** Absolute, and without symlinks. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes the directory if it is missing, for its owner alone; it may be a link, which is followed once, here. */
  static open(root: string): RootFiles {
    privateDirectory(root);
    try {
      return new RootFiles(realpathSync(root));
    } catch (error) {
      throw fileSystemError(error, `use "${root}"`);
    }
  }

  /** The same, but null when there is no such directory. */
  static find(root: string): RootFiles | null {
    return lstatSync(root, { throwIfNoEntry: false }) === undefined ? null : RootFiles.open(root);
  }

  /** The size and times of a regular file. */
  async stat(path: RootPath): Promise<BigIntStats | null> {
    const stats = await this.entry(path);
    if (stats !== null && !stats.isFile()) throw this.#refused(path, stats, "a file");
    return stats;
  }

  /** The same of anything, itself not followed. */
  async entry(path: RootPath): Promise<BigIntStats | null> {
    const at = this.#at(path);
    return at === null ? null : this.#orNull(path, () => lstat(at, { bigint: true }));
  }

  /** Opens a regular file for reading. */
  openToRead(path: RootPath): Promise<FileHandle | null> {
    return this.#open(path, O_RDONLY);
  }

  /** Opens a regular file for writing, which must not have another name elsewhere. */
  openToWrite(path: RootPath): Promise<FileHandle | null> {
    return this.#open(path, O_RDWR);
  }

  /** Bytes that are free on the disk; without end if it does not say. */
  async freeBytes(): Promise<number> {
    return freeBytesOf(await this.#checked(ROOT, () => statfs(this.root)));
  }

  /** All of a regular file. */
  async read(path: RootPath): Promise<Buffer | null> {
    return this.#using(await this.openToRead(path), (file) => file.readFile());
  }

  /** Sets the time of a file to now. */
  async touch(path: RootPath): Promise<boolean> {
    const now = new Date();
    return (await this.#using(await this.openToRead(path), (file) => file.utimes(now, now).then(() => true))) ?? false;
  }

  /** Writes a file that must not be there; false when it is. It is not made durable. */
  async create(path: RootPath, bytes: string): Promise<boolean> {
    try {
      const file = await createFile(this.#inDirectory(path), FILE_MODE);
      await file.writeFile(bytes).finally(() => file.close());
      return true;
    } catch (error) {
      if (systemCode(error) === "EEXIST") return false;
      throw fileSystemError(error, `write "${path}"`);
    }
  }

  /** Replaces a file, durably; whatever was there is not followed. */
  async write(path: RootPath, bytes: Uint8Array): Promise<void> {
    await writeStreamAtomic(this.#inDirectory(path), [bytes], FILE_MODE);
  }

  /** Points a symlink for other programs at `target`; it is not followed here. */
  writeLink(path: RootPath, target: string): void {
    const at = this.#inDirectory(path);
    replaceSymlink(target, at, draftPath(at, "tmp"));
  }

  /** Moves a file, replacing what is there, durably. */
  async rename(from: RootPath, to: RootPath): Promise<void> {
    await this.#checked(to, async () => rename(this.#inDirectory(from), this.#inDirectory(to)));
    this.sync(parentOf(to));
  }

  /** Removes a file or link, durably. False when there was none. */
  async remove(path: RootPath): Promise<boolean> {
    const at = this.#at(path);
    const isGone = at !== null && (await this.#orNull(path, () => unlink(at).then(() => true))) === true;
    if (isGone) this.sync(parentOf(path));
    return isGone;
  }

  /** Removes anything, with what is in it. */
  async removeAll(path: RootPath): Promise<void> {
    const at = this.#at(path);
    if (at !== null) await this.#checked(path, () => rm(at, { recursive: true, force: true }));
  }

  /** What is in a directory. */
  async list(path: RootPath): Promise<readonly Dirent[]> {
    const at = this.#directory(path);
    return at === null ? [] : ((await this.#orNull(path, () => readdir(at, { withFileTypes: true }))) ?? []);
  }

  /** Makes a directory and its missing parents, durably. */
  makeDirectory(path: RootPath): void {
    let at = this.root;
    for (const part of partsOf(path)) {
      at = join(at, part);
      if (this.#isDirectory(at, path)) continue;
      this.#makeOne(at, path);
      syncDirectory(dirname(at));
    }
  }

  /** The same for one whose parent is there, and without waiting for the disk: it may be gone after a power failure. */
  makeScratchDirectory(path: RootPath): void {
    this.#makeOne(this.#inDirectory(path), path);
  }

  /** Makes durable what was created, renamed or removed in a directory. */
  sync(path: RootPath): void {
    const at = this.#directory(path);
    if (at !== null) syncDirectory(at);
  }

  async #open(path: RootPath, flags: number): Promise<FileHandle | null> {
    // Before it is opened, as opening a device may already do something.
    if ((await this.stat(path)) === null) return null;
    const file = await this.#orNull(path, () => openPlainFile(this.#inDirectory(path), flags | O_NOFOLLOW));
    if (file === null) return null;
    try {
      this.#checkOpened(path, file, { stats: await file.stat(), isWritten: flags !== O_RDONLY });
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #checkOpened(path: RootPath, file: FileHandle, { stats, isWritten }: Opened): void {
    if (!stats.isFile()) throw this.#refused(path, stats, "a file");
    // Elsewhere it may be a file that not everybody may read; what everybody may read is no secret.
    if (stats.nlink > 1 && (isWritten || (stats.mode & OTHERS_MAY_READ) === 0)) {
      throw this.#unusable(path, "it has another name as well (a hard link)", "a file of its own");
    }
    const opened = pathOf(file);
    if (opened === null || opened.startsWith(`${this.root === "/" ? "" : this.root}/`)) return;
    throw this.#unusable(path, "it is outside of that directory", "a file in it");
  }

  /** The path of something in a directory of the root; null if the directory is missing. */
  #at(path: RootPath): string | null {
    const directory = this.#directory(parentOf(path));
    return directory === null ? null : join(directory, partsOf(path).at(-1) ?? "");
  }

  /** The same where the directory has to be there. */
  #inDirectory(path: RootPath): string {
    const at = this.#at(path);
    if (at !== null) return at;
    throw new PkgError("FILE_SYSTEM", `Cannot write "${join(this.root, path)}": its directory is missing`);
  }

  /** Null if it is missing. */
  #directory(path: RootPath): string | null {
    let at = this.root;
    for (const part of partsOf(path)) {
      at = join(at, part);
      if (!this.#isDirectory(at, path)) return null;
    }
    return at;
  }

  #makeOne(at: string, path: RootPath): void {
    try {
      newSharedDirectory(at);
    } catch (error) {
      if (systemCode(error) !== "EEXIST" || !this.#isDirectory(at, path)) throw fileSystemError(error, `make "${at}"`);
    }
  }

  #isDirectory(at: string, path: RootPath): boolean {
    const stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return false;
    if (stats.isDirectory()) return true;
    throw this.#refused(path, stats, "a directory", at);
  }

  async #using<T>(file: FileHandle | null, work: (file: FileHandle) => Promise<T>): Promise<T | null> {
    return file === null ? null : work(file).finally(() => file.close());
  }

  async #orNull<T>(path: RootPath, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      const code = systemCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      throw fileSystemError(error, `use "${join(this.root, path)}"`);
    }
  }

  async #checked<T>(path: RootPath, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileSystemError(error, `use "${join(this.root, path)}"`);
    }
  }

  #refused(path: RootPath, found: Thing, expected: string, at = join(this.root, path)): PkgError {
    return this.#unusable(path, `"${at}" is ${nameOf(found)}`, expected);
  }

  #unusable(path: RootPath, problem: string, expected: string): PkgError {
    return new PkgError(
      "FILE_SYSTEM",
      `Cannot use "${path}" of the registry "${this.root}": ${problem}, expected ${expected}`,
      {
        hint: "Links inside of a registry are not followed; the whole directory may be one",
      },
    );
  }
}

interface Opened {
  readonly stats: Stats;
  readonly isWritten: boolean;
}

/** The path by which the kernel knows an open file; null where it does not say. */
function pathOf({ fd }: FileHandle): string | null {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}

function nameOf(thing: Thing): string {
  if (thing.isSymbolicLink()) return "a symbolic link";
  if (thing.isDirectory()) return "a directory";
  if (thing.isFIFO()) return "a named pipe";
  return thing.isFile() ? "a file" : "a device or socket";
}
