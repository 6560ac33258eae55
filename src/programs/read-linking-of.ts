import { closeSync, fstatSync, readSync } from "node:fs";
import { openForReadingSync } from "../fs/read-file.ts";
import { type ElfLinking, readLinking } from "../relocate/elf-linking.ts";
import { ElfPages } from "../relocate/elf-pages.ts";

/** Pages of the file that is read, one file after the other: each would otherwise have memory of its own for a moment. */
const memory = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * How a program or a library on this machine is linked. Only the few parts of the file that say so are read.
 *
 * @throws {RelocationFault} as readLinking; as openForReading
 */
export function readLinkingOf(path: string): ElfLinking {
  return withElf(path, readLinking);
}

/** Lends the parts of one file at a time to `use`, until it returns. @throws as openForReading, and the system's own errors */
export function withElf<T>(path: string, use: (elf: ElfPages) => T): T {
  const descriptor = openForReadingSync(path);
  try {
    let taken = 0;
    const read = (offset: number, size: number) => {
      const isRoom = taken + size <= memory.length;
      const bytes = isRoom ? memory.subarray(taken, taken + size) : Buffer.allocUnsafe(size);
      taken += size;
      const count = readSync(descriptor, bytes, 0, size, offset);
      return count === size ? bytes : bytes.subarray(0, count);
    };
    return use(new ElfPages(fstatSync(descriptor).size, read));
  } finally {
    closeSync(descriptor);
  }
}
