import { lstatSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { PkgError } from "../errors.ts";
import { makeDirectory, removeTree, syncDirectory } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";

/**
 * The path of a title below a directory, with the directories it lies in made. A link among those could lead anywhere.
 *
 * @param title as safeTitlePath gave it
 * @throws {PkgError} PATH_CONFLICT when one of them is a link or a file; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function makePlace(directory: string, title: string): string {
  const parents = title.split("/").slice(0, -1);
  checkParents(directory, title);
  makeDirectory(join(directory, ...parents));
  return join(directory, title);
}

/** Refuses what makePlace would, and makes nothing. */
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
 * Moves a tree to where a directory may be: file for file over those of the same names, leaving all others.
 *
 * @throws {PkgError} PATH_CONFLICT where a directory would replace something else, or be replaced
 */
export function mergeTree(staged: string, target: string): void {
  const existing = lstatSync(target, { throwIfNoEntry: false });
  const stats = lstatSync(staged);
  if (existing === undefined || !(existing.isDirectory() || stats.isDirectory())) {
    move(staged, target);
    return;
  }
  if (!existing.isDirectory() || !stats.isDirectory()) {
    throw new PkgError("PATH_CONFLICT", `Cannot write "${target}": only one of it and what is there is a directory`);
  }
  for (const name of readdirSync(staged)) mergeTree(join(staged, name), join(target, name));
  syncDirectory(target);
  removeTree(staged);
}

function move(staged: string, target: string): void {
  try {
    renameSync(staged, target);
  } catch (error) {
    throw fileSystemError(error, `write "${target}"`);
  }
}

/** True for whatever has that name, a link that leads nowhere too. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
