import { closeSync, fstatSync, readSync } from "node:fs";
import { hasCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openForReadingSync } from "../fs/read-file.ts";
import { type ProgramFacts, type ReadAt, readProgram } from "../package/elf.ts";

/**
 * Reads what a program file on this machine was built for; null for a directory.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readFacts(path: string): Promise<ProgramFacts | null> {
  try {
    // A few small pieces, mostly of what was just written: to wait for another thread each time takes longer.
    const file = openForReadingSync(path);
    try {
      const stats = fstatSync(file);
      if (stats.isDirectory()) return null;
      if (!stats.isFile()) return { kind: "other", what: "a device, a socket or a FIFO" };
      const read: ReadAt = async (offset, length) => {
        const buffer = Buffer.alloc(length);
        return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
      };
      return await readProgram(read);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (hasCode(error, "FILE_SYSTEM")) return { kind: "other", what: "a device, a socket or a FIFO" };
    throw fileSystemError(error, `read "${path}"`);
  }
}
