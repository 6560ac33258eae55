import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { examplesOf } from "./examples.ts";
import { helpWorld } from "./help-world.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/air-gap.md"), "utf8");

test("every line of docs/air-gap.md can be typed, one after the other", async (t) => {
  const { run } = await helpWorld(t);
  const lines = examplesOf(PAGE).flatMap(({ code }) => code.trim().split("\n"));
  assert.equal(lines.length, 9);
  for (const line of lines) {
    const { status, output } = await run(line.replace(/ *#.*$/, ""));
    assert.equal(status, 0, `${line}: ${output}`);
  }
});
