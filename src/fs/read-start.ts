import { closeSync, fstatSync, readSync } from "node:fs";
import { openForReadingSync } from "./read-file.ts";

/** The first bytes of a file; fewer where it ends. @throws as openForReading */
export function readStartSync(path: string, length: number): Buffer {
  const descriptor = openForReadingSync(path);
  try {
    const start = Buffer.alloc(length);
    return start.subarray(0, readSync(descriptor, start, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** All of a file, at once; null when it has more bytes than that. @throws as openForReading */
export function readSmallFileSync(path: string, maxBytes: number): Buffer | null {
  const descriptor = openForReadingSync(path);
  try {
    const { size } = fstatSync(descriptor);
    if (size > maxBytes) return null;
    // With one byte more, so that it shows when more has been written to it.
    const content = Buffer.alloc(size + 1);
    let length = 0;
    for (let count = 1; count > 0 && length <= size; length += count)
      count = readSync(descriptor, content, length, content.length - length, null);
    return length > size ? null : content.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
