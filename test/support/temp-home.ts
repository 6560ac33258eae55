import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whatever can run something after a test: `TestContext`, or `{ after }` of node:test for a whole file. */
export interface Cleanup {
  after(work: () => void | Promise<void>): void;
}

/** An empty directory that is removed after the test. */
export function tempDirectory(test: Cleanup, prefix = "pkg-test-"): string {
  const path = mkdtempSync(join(tmpdir(), prefix));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The same, with a path that is short wherever the tests keep their files: the length of a prefix counts. */
export function shortDirectory(test: Cleanup, prefix = "pkg-home-"): string {
  const path = mkdtempSync(join("/tmp", prefix));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** An empty PKG_HOME that is removed after the test. */
export function tempHome(test: Cleanup): string {
  return tempDirectory(test, "pkg-home-");
}
