import assert from "node:assert/strict";
import { test } from "node:test";
import { endsSoon } from "./sync-limit.ts";

test("endsSoon() ends a loop and a regular expression that do not end", () => {
  for (const work of [
    () => {
      for (;;);
    },
    () => void /^(a+)+$/.test(`${"a".repeat(60)}b`),
  ]) {
    assert.throws(() => endsSoon(work, 50), { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
  }
});

test("endsSoon() does the work, and throws what it throws", () => {
  const done: string[] = [];
  endsSoon(() => void done.push("work"));
  assert.deepEqual(done, ["work"]);
  const bug = new TypeError("a bug");
  assert.throws(
    () =>
      endsSoon(() => {
        throw bug;
      }),
    bug,
  );
});
