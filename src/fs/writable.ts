import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { FREE_SOME_SPACE } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "./errors.ts";
import { hasNoFilesLeft, isFull } from "./room.ts";

/**
 * Refuses a directory that nothing can be written in, without trying to: on a full disk a try may leave empty files behind.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function expectWritable(directory: string): void {
  if (isFull(directory) || hasNoFilesLeft(directory)) {
    throw new PkgError("DISK_FULL", `Cannot write in "${directory}": no space is left`, {
      hint: `${FREE_SOME_SPACE}, then run the command again`,
    });
  }
  try {
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw fileSystemError(error, `write in "${directory}"`);
  }
}

/** True if a directory is there, or may be, and its owner lets this user not even look into it. */
export function isClosed(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK);
    return false;
  } catch (error) {
    return systemCode(error) === "EACCES";
  }
}

/** True if a directory can be written in, or could be once it is made. */
export function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const parent = dirname(directory);
    return systemCode(error) === "ENOENT" && parent !== directory && isWritable(parent);
  }
}

/**
 * Refuses a directory that could not be written in, nor made, as the first write would.
 *
 * @throws {PkgError} PERMISSION_DENIED; FILE_SYSTEM where a file is in the way
 */
export function expectWritablePlace(directory: string): void {
  try {
    accessSync(`${directory}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const parent = dirname(directory);
    if (systemCode(error) !== "ENOENT" || parent === directory) throw fileSystemError(error, `write in "${directory}"`);
    expectWritablePlace(parent);
  }
}
