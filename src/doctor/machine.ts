import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { readStartSync } from "../fs/read-start.ts";
import { freeBytesOf } from "../fs/room.ts";

/** What of this machine is looked at, apart from the home. */
export interface Machine {
  /** Bytes, and files, that may still be written in a directory; without end where the file system does not say. */
  room(directory: string): { readonly bytes: number; readonly files: number };
  /** The umask of this process; null: not known. */
  umask(): number | null;
  /** The number of the user that this process acts as; null: not known. */
  readonly user: number | null;
}

/** The machine that this program runs on. */
export const THIS_MACHINE: Machine = {
  room(directory) {
    try {
      const stats = statfsSync(directory);
      return { bytes: freeBytesOf(stats), files: stats.files === 0 ? Number.POSITIVE_INFINITY : stats.ffree };
    } catch {
      const parent = dirname(directory);
      return parent === directory ? ENDLESS : THIS_MACHINE.room(parent);
    }
  },
  umask() {
    try {
      const text = readStartSync("/proc/self/status", MAX_STATUS_BYTES).toString("utf8");
      const [, octal] = /^Umask:\s*([0-7]+)$/m.exec(text) ?? [];
      return octal === undefined ? null : Number.parseInt(octal, 8);
    } catch {
      return null;
    }
  },
  user: process.geteuid?.() ?? null,
};

const ENDLESS = { bytes: Number.POSITIVE_INFINITY, files: Number.POSITIVE_INFINITY };
const MAX_STATUS_BYTES = 4096;
