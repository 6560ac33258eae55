import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { WASM_BUDGET } from "../../scripts/program/seldom-required.ts";
import { USUAL_COUNTS } from "../../src/base/optimizing.ts";

test("the numbers that are set for a while are set back to what V8 has by itself, so that code caches fit again", () => {
  const options = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
  for (const [flag, usual] of [...Object.entries(USUAL_COUNTS), [WASM_BUDGET.flag, WASM_BUDGET.usual] as const])
    assert.ok(options.includes(`default: ${flag}=${usual}\n`), flag);
});
