import { lstatSync, renameSync } from "node:fs";
import { fileSystemError } from "./errors.ts";

/**
 * Gives what is at a path, whoever put it there, a name of its own beside it: `NAME.pkg-saved`, `NAME.pkg-saved-2` …
 *
 * @returns the new path
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function setAside(path: string): string {
  let aside = `${path}.pkg-saved`;
  try {
    for (let count = 2; isThere(aside); count += 1) aside = `${path}.pkg-saved-${count}`;
    renameSync(path, aside);
    return aside;
  } catch (error) {
    throw fileSystemError(error, `rename "${path}"`);
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
