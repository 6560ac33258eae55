import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { PkgError, systemCode } from "../errors.ts";
import { openFile } from "./open-file.ts";
import { openForReadingSync } from "./read-file.ts";

/** Whatever is at the path already, also a link that leads nowhere, makes open(2) fail with EEXIST. */
const NEW_FILE = constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_RDWR;
const REOPENED = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const PRIVATE_MODE = 0o600;
const OTHERS_WRITE = 0o022;
const READ_AND_ENTER = 0o005;
const READ_BY_ALL = 0o644;
const COPY_BYTES = 1024 * 1024;

/**
 * Creates a file that must not exist, for writing and reading. Every new file of this program is made here. Its mode is
 * set by open(2), less the umask; for an exact mode, change it through the handle, never by path.
 *
 * @throws the system's own errors: EEXIST for whatever is there, also a link
 */
export function createFile(path: string, mode = PRIVATE_MODE): Promise<FileHandle> {
  return openFile(path, NEW_FILE, mode);
}

/** As createFile(), at once; returns a file descriptor. @throws as createFile */
export function createFileSync(path: string, mode = PRIVATE_MODE): number {
  return openSync(path, NEW_FILE, mode);
}

/**
 * Lets everybody read a file, whatever the umask, if everybody may look into its directory; else it keeps its mode.
 *
 * @throws the system's own errors
 */
export function openAsDirectory(path: string): void {
  const isOpen = (statSync(dirname(path)).mode & READ_AND_ENTER) === READ_AND_ENTER;
  if (isOpen) setFileMode(path, READ_BY_ALL);
}

/** Creates a file with a content, of another group if one is given; durable only with `sync`. @throws as createFile */
export function createFileWith(
  path: string,
  content: Uint8Array | string,
  {
    mode = PRIVATE_MODE,
    sync = false,
    group,
  }: { readonly mode?: number; readonly sync?: boolean; readonly group?: number } = {},
): void {
  const descriptor = createFileSync(path, PRIVATE_MODE);
  try {
    writeWhole(descriptor, Buffer.from(content));
    if (group !== undefined) fchownSync(descriptor, -1, group);
    // Exact, whatever the umask.
    fchmodSync(descriptor, mode);
    if (sync) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a file of ours to write to it further, and follows no link.
 *
 * @throws {PkgError} PERMISSIONS_UNSAFE when it is no plain file, belongs to another user, has further names, or may be
 * written by others: any of these may have been arranged by somebody else; the system's own errors
 */
export async function reopenFile(path: string): Promise<FileHandle> {
  const handle = await openFile(path, constants.O_RDWR | REOPENED);
  try {
    refuseForeign(path, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Opens a file to append to it; a new one can be read by its owner only. What is open already, such as `/dev/stdout`, is
 * taken as it is.
 *
 * @throws {PkgError} FILE_SYSTEM for what is neither a file nor open already, such as a link; the system's own errors
 */
export async function openForAppending(path: string): Promise<FileHandle> {
  const isOpen = isOutputStream(path);
  const handle = isOpen ? await openOutputStream(path) : await openFileToAppend(path);
  try {
    if (!isOpen && !(await handle.stat()).isFile()) throw notAFile(path, "not a file");
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFileToAppend(path: string): Promise<FileHandle> {
  try {
    return await openFile(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | REOPENED, PRIVATE_MODE);
  } catch (error) {
    if (systemCode(error) === "ELOOP") throw notAFile(path, "a link", error);
    // A FIFO that nobody reads.
    if (systemCode(error) === "ENXIO") throw notAFile(path, "not a file", error);
    throw error;
  }
}

function notAFile(path: string, what: string, cause?: unknown): PkgError {
  return new PkgError("FILE_SYSTEM", `Cannot write "${path}": it is ${what}, expected a file`, {
    hint: "Name a file, what a link leads to, or /dev/stderr",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** True for a path that names an open stream, or the null device: to write there overwrites nothing. */
export function isOutputStream(path: string): boolean {
  return /^\/dev\/(?:null|stdout|stderr|fd\/[0-9]{1,9})$|^\/proc\/self\/fd\/[0-9]{1,9}$/.test(path);
}

/** Opens what isOutputStream() is true for. */
export function openOutputStream(path: string): Promise<FileHandle> {
  return openFile(path, constants.O_WRONLY | constants.O_APPEND);
}

/** Copies a file to a new one, with that mode and durably. @throws as createFile and openForReading */
export function copyToNew(source: string, target: string, mode: number): void {
  const from = openForReadingSync(source, constants.O_NOFOLLOW);
  try {
    const to = createFileSync(target, PRIVATE_MODE);
    try {
      copyAll(from, to);
      fchmodSync(to, mode);
      fsyncSync(to);
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from);
  }
}

/** Gives a plain file a mode, and makes that durable, without following a link. @throws the system's own errors */
export function setFileMode(path: string, mode: number): void {
  const descriptor = openForReadingSync(path, constants.O_NOFOLLOW);
  try {
    if (!fstatSync(descriptor).isFile()) throw new Error(`"${path}" is not a file`);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the content of a file durable. @throws the system's own errors */
export function syncFile(path: string): void {
  const descriptor = openForReadingSync(path, constants.O_NOFOLLOW);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** True when a file is plain, ours, under this one name, and nobody else may write to it. */
export function isOurs(stats: Stats): boolean {
  const isOwned = process.geteuid === undefined || stats.uid === process.geteuid();
  return stats.isFile() && isOwned && stats.nlink === 1 && (stats.mode & OTHERS_WRITE) === 0;
}

function refuseForeign(path: string, stats: Stats): void {
  if (isOurs(stats)) return;
  throw new PkgError(
    "PERMISSIONS_UNSAFE",
    `Cannot write "${path}": it is not a file that you alone own and may write to`,
    { hint: "Remove it, then run the command again" },
  );
}

function copyAll(from: number, to: number): void {
  const buffer = Buffer.allocUnsafeSlow(COPY_BYTES);
  for (let count = readSync(from, buffer); count > 0; count = readSync(from, buffer)) {
    writeWhole(to, buffer.subarray(0, count));
  }
}

function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.byteLength; ) written += writeSync(descriptor, bytes, written);
}
