import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { testProcesses } from "../../scripts/test-processes.ts";

const FILES = globSync("test/**/*.test.ts", { cwd: join(import.meta.dirname, "../..") });

test("testProcesses() runs each test file once", () => {
  assert.deepEqual(testProcesses(FILES).flat().toSorted(), FILES.toSorted());
});

test("testProcesses() gives what changes its process, and what takes longest, a process of its own, and starts that first", () => {
  const groups = testProcesses(["test/a.test.ts", "test/b.test.ts", "test/docs/readme.test.ts"]);
  assert.deepEqual(groups, [["test/docs/readme.test.ts"], ["test/a.test.ts", "test/b.test.ts"]]);
});
