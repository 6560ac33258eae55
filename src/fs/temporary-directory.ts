import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { PkgError } from "../errors.ts";
import { newDirectoryIn } from "./directories.ts";
import { fileSystemError } from "./errors.ts";

/**
 * Makes a directory that nobody else can read, does `work` in it, and removes it with all that is in it.
 *
 * @param prefix what its name begins with, e.g. `pkg-push-`
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM when it cannot be made; what `work` throws
 */
export async function withTemporaryDirectory<T>(prefix: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = newDirectory(prefix);
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function newDirectory(prefix: string): string {
  try {
    return newDirectoryIn(tmpdir(), prefix);
  } catch (error) {
    const known = fileSystemError(error, `make a directory in "${tmpdir()}"`);
    if (!(known instanceof PkgError)) throw known;
    throw new PkgError(known.code, known.message, { hint: "Name another directory in TMPDIR", cause: error });
  }
}
