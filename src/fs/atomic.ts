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
import { dirname, join, resolve } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { draftPath } from "./draft-path.ts";
import { fileSystemError } from "./errors.ts";

const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;
const PERMISSION_BITS = 0o7777;

/** Errors of link(2) after which copying helps: another file system, too many links, or links that are not allowed. */
const LINK_REFUSALS = ["EXDEV", "EMLINK", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Makes a directory and its missing parents, and makes each new entry durable.
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
 * Makes everything durable that was created, renamed or removed in a directory.
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
 * Replaces a file so that a reader sees either the old bytes or the new ones, never a mixture, also after a power cut.
 *
 * @param mode permission bits, exact whatever the umask
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function writeFileAtomic(path: string, bytes: Uint8Array | string, mode = FILE_MODE): void {
  const draft = draftPath(path, "tmp");
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
 * Points the symlink at `path` to `target` in one step: a new link is made at `draft`, in the same directory, and
 * renamed over the old one. Whatever a killed process left at `draft` is replaced. The caller syncs the directory.
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
 * Gives `target`, which must not exist, the bytes of `source` and the mode `mode`; all of it is durable except the
 * entry in the directory. Makes a hard link if possible. Copies to another file system, and if the source already has
 * hard links and another mode, which a new link would change for them too.
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
 * Removes a directory and everything in it, or a file; does nothing if the path is missing. Follows no symlinks.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function removeTree(path: string): void {
  attempt(`remove "${path}"`, () => removeEntry(path));
}

/** Node's `rmSync` reports rare failures without a code. */
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
 * Removes a file or symlink; does nothing when the path does not exist.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function removeFile(path: string): void {
  attempt(`remove "${path}"`, () => unlinkIfThere(path));
}

/** A read-only file system refuses even to remove what does not exist. */
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
