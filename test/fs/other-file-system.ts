import { mkdtempSync, rmSync, statSync } from "node:fs";
import { systemCode } from "../../src/errors.ts";
import type { Cleanup } from "../support/temp-home.ts";

/**
 * An empty directory on another filesystem than `path`, gone after the test; null where this machine has none.
 *
 * @throws {Error} in CI when it has none
 */
export function otherFileSystem(test: Cleanup, path: string): string | null {
  try {
    const other = mkdtempSync("/dev/shm/pkg-test-");
    test.after(() => rmSync(other, { recursive: true, force: true }));
    if (statSync(other).dev !== statSync(path).dev) return other;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
  if (process.env["CI"] === "true") throw new Error("/dev/shm is not another file system, and CI must have one");
  return null;
}
