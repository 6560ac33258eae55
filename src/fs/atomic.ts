import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { randomName } from "../base/random-name.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "./errors.ts";

const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;
const PERMISSION_BITS = 0o7777;

/** What `link` says where a copy does instead: another filesystem, no more links, none at all, none of this file. */
const LINK_REFUSALS = ["EXDEV", "EMLINK", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Makes a directory and the parents it lacks, and makes each new entry durable.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM (also when the path is a file)
 */
export function makeDirectory(path: string, mode = DIRECTORY_MODE): void {
  attempt(`make directory "${path}"`, () => makeMissing(resolve(path), mode));
}

function makeMissing(path: string, mode: number): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  if (stats !== undefined) throw new PkgError("FILE_SYSTEM", `Cannot make directory "${path}": it is a file`);
  makeMissing(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it since.
    if (systemCode(error) !== "EEXIST" || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw error;
  }
  syncDirectory(dirname(path));
}

/**
 * Makes what was created, renamed or removed in a directory durable.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function syncDirectory(path: string): void {
  syncFile(path);
}

function syncFile(path: string): void {
  attempt(`sync "${path}"`, () => withFile(path, constants.O_RDONLY, fsyncSync));
}

/**
 * Replaces a file so that a reader, or whoever looks after a power cut, sees the old bytes or the new, never half.
 *
 * @param mode permission bits, exact whatever the umask
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function writeFileAtomic(path: string, bytes: Uint8Array | string, mode = FILE_MODE): void {
  const draft = join(dirname(path), `.${basename(path)}.${randomName()}.tmp`);
  attempt(`write "${path}"`, () => {
    const descriptor = openSync(draft, "wx", mode);
    try {
      try {
        writeFileSync(descriptor, bytes);
        fchmodSync(descriptor, mode);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(draft, path);
    } catch (error) {
      unlinkIfThere(draft);
      throw error;
    }
    syncDirectory(dirname(path));
  });
}

/**
 * Points the symlink at `path` to `target` in one step: a new one is made at `draft`, in the same directory, and
 * renamed over. Whatever a killed process left at `draft` is replaced. The caller syncs the directory.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function replaceSymlink(target: string, path: string, draft: string): void {
  attempt(`link "${path}"`, () => {
    unlinkIfThere(draft);
    symlinkSync(target, draft);
    try {
      renameSync(draft, path);
    } catch (error) {
      unlinkSync(draft);
      throw error;
    }
  });
}

/**
 * Gives `target`, which must not exist, the bytes of `source` and the mode `mode`, durable but for its entry in the
 * directory. A hard link where that is possible; a copy across filesystems, or where others already share the source
 * with another mode, which a hard link would change under them.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function linkOrCopy(source: string, target: string, mode: number): void {
  attempt(`place "${target}"`, () => {
    const { mode: found, nlink } = statSync(source);
    const agrees = (found & PERMISSION_BITS) === mode;
    if ((!agrees && nlink > 1) || !tryLink(source, target)) copyFileSync(source, target, constants.COPYFILE_EXCL);
    else if (agrees) return;
    chmodSync(target, mode);
    syncFile(target);
  });
}

function tryLink(source: string, target: string): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    if (LINK_REFUSALS.includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}

/**
 * Removes a directory with all that is in it, or a file, or nothing; symlinks are not followed.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function removeTree(path: string): void {
  attempt(`remove "${path}"`, () => removeEntry(path));
}

/** Node's own `rmSync` gives the rarer failures no code. */
function removeEntry(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) {
    for (const name of readdirSync(path)) removeEntry(join(path, name));
    rmdirSync(path);
  } else if (stats !== undefined) {
    unlinkIfThere(path);
  }
}

/**
 * Removes a file or symlink, or nothing.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function removeFile(path: string): void {
  attempt(`remove "${path}"`, () => unlinkIfThere(path));
}

/** A read-only file system refuses to remove even what is not there. */
function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    if (systemCode(error) === "EROFS" && lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    throw error;
  }
}

function withFile(path: string, flags: number, work: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags);
  try {
    work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
