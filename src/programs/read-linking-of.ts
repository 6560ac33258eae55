import { closeSync, fstatSync, readSync } from "node:fs";
import { openForReadingSync } from "../fs/read-file.ts";
import { type ElfLinking, readLinking } from "../relocate/elf-linking.ts";
import { ElfPages } from "../relocate/elf-pages.ts";

/**
 * How a program or a library on this machine is linked. Only the few parts of the file that say so are read.
 *
 * @throws {RelocationFault} as readLinking; as openForReading
 */
export function readLinkingOf(path: string): ElfLinking {
  const descriptor = openForReadingSync(path);
  try {
    const read = (offset: number, size: number) => {
      const bytes = Buffer.allocUnsafe(size);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, size, offset));
    };
    return readLinking(new ElfPages(fstatSync(descriptor).size, read));
  } finally {
    closeSync(descriptor);
  }
}
