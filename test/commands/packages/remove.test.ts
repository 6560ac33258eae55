import assert from "node:assert/strict";
import { test } from "node:test";
import { removalTotals } from "../../../src/commands/packages/removal-lines.ts";

const REMOVED = { action: "remove" } as const;
const FAILED = { action: "fail" } as const;

test("removalTotals() counts what was removed and what failed, for several packages", () => {
  assert.deepEqual(removalTotals([REMOVED]), []);
  assert.deepEqual(removalTotals([REMOVED, REMOVED, FAILED]), ["2 removed, 1 failed"]);
  assert.deepEqual(removalTotals([FAILED, FAILED]), ["2 failed"]);
  assert.deepEqual(removalTotals([{ action: "plan" }, FAILED]), []);
});
