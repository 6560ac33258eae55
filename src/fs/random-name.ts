import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const BYTES = 8;
/** Linux: device 1:9. */
const KERNEL_SOURCE = { path: "/dev/urandom", device: 0x109 };

/** 16 random lower-case hex digits (64 bits), for the name of a file that nobody else may have chosen, or can guess. */
export function randomName(): string {
  return (fromKernel() ?? randomBytes(BYTES)).toString("hex");
}

/**
 * Of the kernel's source, since `node:crypto` takes as long to load as a short command takes for its work; null where there is
 * none, or a file is in its place.
 *
 * @see urandom(4)
 */
export function fromKernel({ path, device } = KERNEL_SOURCE): Buffer | null {
  if (process.platform !== "linux") return null;
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(file);
      const bytes = Buffer.alloc(BYTES);
      const isSource = stats.isCharacterDevice() && stats.rdev === device;
      return isSource && readSync(file, bytes) === BYTES ? bytes : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
