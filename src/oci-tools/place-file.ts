import { lstatSync, readdirSync, renameSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DeliveredFile } from "../blobs/blob-store.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeFile, removeTree, renameToNew } from "../fs/atomic.ts";
import { sharedDirectory, syncDirectory } from "../fs/directories.ts";
import { draftPath } from "../fs/draft-path.ts";
import { fileSystemError } from "../fs/errors.ts";
import { setFileMode } from "../fs/new-file.ts";
import { TAKEN_HINT } from "../fs/output-file.ts";
import { openForReading, streamFile } from "../fs/read-file.ts";
import { writeStreamAtomic } from "../fs/write-stream.ts";
import { PROGRAM_MAGIC_BYTES } from "../oci/pack-annotations.ts";

const COPY_BYTES = 1024 * 1024;

/**
 * The path of a title below a directory, whose parent directories are created. None of them may be a link, which could
 * lead anywhere.
 *
 * @param title as safeTitlePath returned it
 * @throws {PkgError} PATH_CONFLICT when a parent is a link or a file; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function makePlace(directory: string, title: string): string {
  const parents = title.split("/").slice(0, -1);
  checkParents(directory, title);
  sharedDirectory(join(directory, parents.join("/")));
  return join(directory, title);
}

/** The check of makePlace() alone; creates nothing. @throws {PkgError} PATH_CONFLICT */
export function checkParents(directory: string, title: string): void {
  let place = directory;
  for (const name of title.split("/").slice(0, -1)) {
    place = join(place, name);
    const stats = lstatSync(place, { throwIfNoEntry: false });
    if (stats === undefined || stats.isDirectory()) continue;
    const kind = stats.isSymbolicLink() ? "a link" : "a file";
    throw new PkgError("PATH_CONFLICT", `Cannot write "${join(directory, title)}": "${place}" is ${kind}`, {
      hint: "Choose another directory with --output",
    });
  }
}

/**
 * Moves a tree to `target`. If a directory is there, the trees are merged: files of the same name are replaced, all
 * others stay.
 *
 * @param allowDotFiles whether names that begin with a dot may come into directories that exist
 * @throws {PkgError} PATH_CONFLICT for such a name, before anything is moved; and when a directory would replace a file, or a file a directory
 */
export function mergeTree(staged: string, target: string, allowDotFiles: boolean): void {
  try {
    if (!allowDotFiles) refuseDotFiles(staged, target);
    merge(staged, target);
  } catch (error) {
    throw fileSystemError(error, `write "${target}"`);
  }
}

function merge(staged: string, target: string): void {
  const existing = lstatSync(target, { throwIfNoEntry: false });
  const stats = lstatSync(staged);
  if (existing === undefined || !(existing.isDirectory() || stats.isDirectory())) {
    move(staged, target);
    return;
  }
  if (!existing.isDirectory() || !stats.isDirectory()) {
    throw new PkgError(
      "PATH_CONFLICT",
      `Cannot write "${target}": a directory cannot replace a file, nor a file a directory`,
    );
  }
  for (const name of readdirSync(staged)) merge(join(staged, name), join(target, name));
  syncDirectory(target);
  removeTree(staged);
}

function refuseDotFiles(staged: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  if (!lstatSync(staged).isDirectory()) return;
  for (const name of readdirSync(staged)) {
    if (name.startsWith(".")) throw dotFile(join(target, name));
    refuseDotFiles(join(staged, name), join(target, name));
  }
}

/** The error for a name that begins with a dot, where nobody said that it may. */
export function dotFile(path: string): PkgError {
  return new PkgError(
    "PATH_CONFLICT",
    `Cannot write "${path}": a name in it begins with a dot, so other programs may obey it`,
    {
      hint: "Name a new or empty directory with --output, or allow such names with --allow-dot-files",
    },
  );
}

function move(staged: string, target: string): void {
  try {
    renameSync(staged, target);
  } catch (error) {
    throw fileSystemError(error, `write "${target}"`);
  }
}

/** How a file is placed. */
export interface Placing {
  /** Permission bits, exact. */
  readonly mode: number;
  /** What becomes of a file or link that has the name already. */
  readonly existing: "replace" | "refuse";
}

/**
 * Puts a file in its place with the given mode, atomically and durably: it is moved if it is ours and on the same file
 * system, else copied. Never a hard link: a person's edits must not change the blob in the store.
 *
 * @throws {PkgError} PATH_CONFLICT; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function placeFile(file: DeliveredFile, target: string, placing: Placing): Promise<void> {
  try {
    if (!file.isOurs || !(await moveDurable(file.path, target, placing))) await copyDurable(file.path, target, placing);
  } catch (error) {
    if (systemCode(error instanceof PkgError ? error.cause : error) === "EEXIST") {
      throw new PkgError("PATH_CONFLICT", `Cannot write "${target}": it exists`, { hint: TAKEN_HINT, cause: error });
    }
    throw fileSystemError(error, `write "${target}"`);
  }
  syncDirectory(dirname(target));
}

/** Returns false when the target is on another file system. */
async function moveDurable(path: string, target: string, { mode, existing }: Placing): Promise<boolean> {
  setFileMode(path, mode);
  try {
    if (existing === "replace") await rename(path, target);
    else await renameToNewHere(path, target);
    return true;
  } catch (error) {
    if (systemCode(error) === "EXDEV") return false;
    throw error;
  }
}

/** A link cannot be made to another file system, so whether it is one is tried in the directory of the target. */
async function renameToNewHere(path: string, target: string): Promise<void> {
  const draft = draftPath(target);
  await rename(path, draft);
  try {
    renameToNew(draft, target);
  } finally {
    removeFile(draft);
  }
}

async function copyDurable(path: string, target: string, { mode, existing }: Placing): Promise<void> {
  await writeStreamAtomic(target, streamFile(path, { pieceBytes: COPY_BYTES }), mode, existing);
}

/** The first bytes of a file, enough for looksLikeProgram(). @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export async function startOf(path: string): Promise<Uint8Array> {
  try {
    const handle = await openForReading(path);
    const start = Buffer.alloc(PROGRAM_MAGIC_BYTES);
    const { bytesRead } = await handle.read(start, 0, start.length, 0).finally(() => handle.close());
    return start.subarray(0, bytesRead);
  } catch (error) {
    throw fileSystemError(error, `read "${path}"`);
  }
}

/** True if anything has that name, even a dangling link. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
