import { mkdtempSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../../src/errors.ts";
import type { Cleanup } from "../support/temp-home.ts";

/** One of them is in memory, the others are not, on most machines. */
const PLACES = ["/dev/shm", "/var/tmp", "/tmp"];

/**
 * An empty directory on another filesystem than `path`, gone after the test; null where this machine has none.
 *
 * @throws {Error} in CI when it has none
 */
export function otherFileSystem(test: Cleanup, path: string): string | null {
  for (const place of PLACES) {
    const other = directoryIn(place);
    if (other === null) continue;
    test.after(() => rmSync(other, { recursive: true, force: true }));
    if (statSync(other).dev !== statSync(path).dev) return other;
  }
  if (process.env["CI"] === "true")
    throw new Error(`none of ${PLACES.join(", ")} is another file system, and CI must have one`);
  return null;
}

function directoryIn(place: string): string | null {
  try {
    return mkdtempSync(join(place, "pkg-test-"));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}
