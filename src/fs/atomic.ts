import {
  linkSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { systemCode } from "../errors.ts";
import { setDirectoryMode, syncDirectory } from "./directories.ts";
import { draftPath } from "./draft-path.ts";
import { fileSystemError } from "./errors.ts";
import { lessUmask } from "./modes.ts";
import { copyToNew, createFileWith, setFileMode } from "./new-file.ts";

const FILE_MODE = 0o644;
const PERMISSION_BITS = 0o7777;
const OWNER_BITS = 0o700;

/** Errors of link(2) after which copying helps: another file system, too many links, or links that are not allowed. */
const LINK_REFUSALS = ["EXDEV", "EMLINK", "EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"];

/**
 * Replaces a file so that a reader sees either the old bytes or the new ones, never a mixture, also after a power cut.
 *
 * @param mode permission bits, exact whatever the umask; default: 0o644, less the umask
 * @param group the id of the group that it belongs to; default: that of a new file
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string,
  mode = lessUmask(FILE_MODE),
  group?: number,
): void {
  const draft = draftPath(path, "tmp");
  attempt(`write "${path}"`, () => {
    try {
      createFileWith(draft, bytes, { mode, sync: true, ...(group === undefined ? {} : { group }) });
      renameSync(draft, path);
    } catch (error) {
      unlinkIfThere(draft);
      throw error;
    }
    syncDirectory(dirname(path));
  });
}

/**
 * Gives a complete file its name, which nothing may have yet: unlike a rename, this replaces nothing, not even what
 * appears at the last moment. The caller syncs the directory.
 *
 * @throws the system's own errors: EEXIST when anything has that name
 */
export function renameToNew(draft: string, path: string): void {
  if (tryLink(draft, path)) {
    unlinkIfThere(draft);
    return;
  }
  // This file system has no hard links.
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw Object.assign(new Error(`"${path}" exists`), { code: "EEXIST", syscall: "link" });
  }
  renameSync(draft, path);
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
    if ((!agrees && nlink > 1) || !tryLink(source, target)) copyToNew(source, target, mode);
    else if (!agrees) setFileMode(target, mode);
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
    openToOwner(path, stats);
    for (const name of readdirSync(path)) removeEntry(join(path, name));
    rmdirSync(path);
  } else if (stats !== undefined) {
    unlinkIfThere(path);
  }
}

/** Nothing can be removed from a directory that its owner may not write to, as archives may have it. */
export function openToOwner(path: string, { mode }: Pick<Stats, "mode">): void {
  if ((mode & OWNER_BITS) === OWNER_BITS) return;
  try {
    setDirectoryMode(path, OWNER_BITS);
  } catch {
    // It belongs to somebody else, or cannot be read either: what is in it tells whether that matters.
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

/**
 * Gives what is at a path, whoever put it there, a name of its own beside it: `NAME.pkg-saved`, `NAME.pkg-saved-2` …
 *
 * @returns the new path
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function setAside(path: string): string {
  let aside = `${path}.pkg-saved`;
  try {
    for (let count = 2; lstatSync(aside, { throwIfNoEntry: false }) !== undefined; count += 1)
      aside = `${path}.pkg-saved-${count}`;
    renameSync(path, aside);
    return aside;
  } catch (error) {
    throw fileSystemError(error, `rename "${path}"`);
  }
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

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
