import { closeSync, lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { setDirectoryMode } from "./directories.ts";
import { fileSystemError } from "./errors.ts";
import { createFileSync, setFileMode } from "./new-file.ts";
import { specialKind } from "./read-file.ts";

const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;
const OTHERS = 0o077;

/**
 * Makes sure that a file is there which its owner alone can open, so that nobody else can read it, or hold a lock on it.
 * A file of ours that an older version left open to others is closed to them.
 *
 * An existing file that is private already is not opened: closing it would release every lock of this process on it.
 *
 * @returns true if the file was open to others
 * @throws {PkgError} PERMISSIONS_UNSAFE for a link, a FIFO, a directory, or a file of another user; PERMISSION_DENIED, DISK_FULL,
 * FILE_SYSTEM
 */
export function claimPrivateFile(path: string): boolean {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return create(path);
    refuse(path, stats);
    if ((stats.mode & OTHERS) === 0 || !isOwn(stats)) return false;
    setFileMode(path, PRIVATE_FILE);
    return true;
  } catch (error) {
    // Whoever cannot change the mode, as on a read-only file system, may still be able to read.
    if (systemCode(error) === "EROFS") return false;
    throw fileSystemError(error, `write "${path}"`);
  }
}

/**
 * As claimPrivateFile(); with a file that an older version left open to others, its directory is closed to them too. So
 * that happens once: whoever opens the directory to others afterwards is not overruled.
 *
 * @param onClosed told of a directory that was closed: others may have run programs from it
 * @throws {PkgError} as claimPrivateFile
 */
export function claimPrivateFileIn(path: string, onClosed: (directory: string) => void): void {
  if (!claimPrivateFile(path)) return;
  const directory = dirname(path);
  const stats = lstatSync(directory);
  if (!stats.isDirectory() || !isOwn(stats) || (stats.mode & OTHERS) === 0) return;
  try {
    setDirectoryMode(directory, PRIVATE_DIRECTORY);
    onClosed(directory);
  } catch (error) {
    throw fileSystemError(error, `close directory "${directory}" to others`);
  }
}

/**
 * Refuses to read what is not a file of ours, of root, or nothing.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE for a link, a FIFO, a directory, or a file of another user; the system's own errors
 */
export function refuseForeignFile(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined) refuse(path, stats);
}

function create(path: string): boolean {
  try {
    closeSync(createFileSync(path, PRIVATE_FILE));
  } catch (error) {
    // Another process was faster.
    if (systemCode(error) !== "EEXIST") throw error;
  }
  return false;
}

function refuse(path: string, stats: Stats): void {
  const problem = problemOf(stats);
  if (problem === null) return;
  throw new PkgError("PERMISSIONS_UNSAFE", `Cannot use "${path}": ${problem}, expected a file of your own`, {
    hint: `Look at it with \`ls -l ${path}\`, and remove it if you did not put it there`,
  });
}

function problemOf(stats: Stats): string | null {
  if (stats.isSymbolicLink()) return "it is a link";
  const kind = specialKind(stats);
  if (kind !== null) return `it is ${kind}`;
  if (stats.isDirectory()) return "it is a directory";
  // root may use the files of others.
  if (isOwn(stats) || stats.uid === 0 || process.geteuid?.() === 0) return null;
  return `it belongs to another user (${stats.uid})`;
}

function isOwn({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}
