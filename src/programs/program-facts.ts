import { hasCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { openForReading } from "../fs/read-file.ts";
import { type ProgramFacts, type ReadAt, readProgram } from "../package/elf.ts";

/**
 * Reads what a program file on this machine was built for; null for a directory.
 *
 * @throws {PkgError} FILE_SYSTEM, PERMISSION_DENIED
 */
export async function readFacts(path: string): Promise<ProgramFacts | null> {
  try {
    const file = await openForReading(path);
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) return null;
      if (!stats.isFile()) return { kind: "other", what: "a device, a socket or a FIFO" };
      const read: ReadAt = async (offset, length) => {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      };
      return await readProgram(read);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "FILE_SYSTEM")) return { kind: "other", what: "a device, a socket or a FIFO" };
    throw fileSystemError(error, `read "${path}"`);
  }
}
