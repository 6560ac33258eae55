import { mkdtempSync, rmSync, statSync } from "node:fs";
import { systemCode } from "../../src/errors.ts";
import type { Cleanup } from "../support/temp-home.ts";

/** An empty directory on another filesystem than `path`, gone after the test; null where this machine has none. */
export function otherFileSystem(test: Cleanup, path: string): string | null {
  try {
    const other = mkdtempSync("/dev/shm/pkg-test-");
    test.after(() => rmSync(other, { recursive: true, force: true }));
    return statSync(other).dev === statSync(path).dev ? null : other;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}
