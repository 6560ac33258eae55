import { chmodSync, chownSync, closeSync, constants, openSync, readlinkSync } from "node:fs";
import { PkgError } from "../errors.ts";
import { fileSystemError } from "./errors.ts";

/** Linux: the file itself is opened, whatever its mode, and if it is a symlink, that. @see open(2) */
const O_PATH = 0o10000000;

/**
 * Changes the mode of what is at a canonical path, even if its owner may not read it. What somebody has put in its place or in that of
 * a directory above it, such as a link, is not touched.
 *
 * @param mode permission bits
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function changeMode(path: string, mode: number): void {
  throughHandle(path, `change the mode of "${path}"`, (handle) => chmodSync(handle, mode));
}

/** Changes the owner of what is at a canonical path in the same way. @throws {PkgError} as changeMode() */
export function changeOwner(path: string, owner: { readonly uid: number; readonly gid: number }): void {
  throughHandle(path, `change the owner of "${path}"`, (handle) => chownSync(handle, owner.uid, owner.gid));
}

/** @param work is given a path that means what was opened, and nothing else */
function throughHandle(path: string, what: string, work: (handle: string) => void): void {
  try {
    const descriptor = openSync(path, O_PATH | constants.O_NOFOLLOW);
    try {
      const handle = `/proc/self/fd/${descriptor}`;
      const opened = readlinkSync(handle);
      if (opened !== path) throw leadsAway(what, opened);
      work(handle);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw error instanceof PkgError ? error : fileSystemError(error, what);
  }
}

function leadsAway(what: string, opened: string): PkgError {
  return new PkgError("FILE_SYSTEM", `Cannot ${what}: a directory above it is a link, and it is "${opened}"`, {
    hint: "See who has put the link there",
  });
}
