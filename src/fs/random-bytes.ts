import { randomBytes as randomBytesOfNode } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** Linux: device 1:9. */
const KERNEL_SOURCE = { path: "/dev/urandom", device: 0x109 };

/** So many bytes that nobody can guess. `node:crypto` takes as long to load as a short command takes for its work. */
export function randomBytes(count: number): Buffer {
  return fromKernel(count) ?? randomBytesOfNode(count);
}

/**
 * Bytes of the kernel's source; null where there is none, or a file is in its place.
 *
 * @see urandom(4)
 */
export function fromKernel(count: number, { path, device } = KERNEL_SOURCE): Buffer | null {
  if (process.platform !== "linux") return null;
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      return stats.isCharacterDevice() && stats.rdev === device ? readBytes(file, count) : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

function readBytes(file: number, count: number): Buffer | null {
  const bytes = Buffer.alloc(count);
  // More than 256 bytes may come in pieces.
  for (let length = 0; length < count; ) {
    const more = readSync(file, bytes, length, count - length, null);
    if (more === 0) return null;
    length += more;
  }
  return bytes;
}
