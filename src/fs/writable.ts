import { accessSync, constants } from "node:fs";
import { PkgError } from "../errors.ts";
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
      hint: "Free some space, then run the command again",
    });
  }
  try {
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw fileSystemError(error, `write in "${directory}"`);
  }
}
