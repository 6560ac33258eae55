import { closeSync, readSync } from "node:fs";
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
