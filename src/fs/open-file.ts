import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { systemCode } from "../errors.ts";

/** A descriptor becomes free when another file of this process is closed, which is soon. */
const ATTEMPTS = 50;
const PAUSE_MS = 20;

/**
 * open(2), which waits where too many files are open: those that other work has open are closed again.
 *
 * @throws the system's own errors; EMFILE and ENFILE only if none was closed in a second
 */
export async function openFile(path: string, flags: number, mode?: number): Promise<FileHandle> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await open(path, flags, mode);
    } catch (error) {
      if (attempt === ATTEMPTS || !["EMFILE", "ENFILE"].includes(systemCode(error) ?? "")) throw error;
      await delay(PAUSE_MS);
    }
  }
}
