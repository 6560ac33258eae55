import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ERROR_CODES, EXIT_CODES, hasCode, PkgError } from "../src/errors.ts";

const DOCUMENT = readFileSync(new URL("../docs/errors.md", import.meta.url), "utf8");

test("docs/errors.md lists every code with its exit code, and no other", () => {
  const rows = [...DOCUMENT.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map(([, code, exit]) => [code, Number(exit)]);
  const exits = Object.entries(ERROR_CODES).map(([code, { exit }]) => [code, exit]);
  assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(exits));
});

test("docs/errors.md lists every exit code", () => {
  const rows = [...DOCUMENT.matchAll(/^\| (\d+) \|/gm)].map(([, exit]) => Number(exit));
  assert.deepEqual(rows, Object.values(EXIT_CODES));
});

test("hasCode() distinguishes kinds of error", () => {
  const error = new PkgError("OFFLINE", "Cannot sync: --offline is set");
  assert.equal(hasCode(error, "LOCKED", "OFFLINE"), true);
  assert.equal(hasCode(error, "LOCKED"), false);
  assert.equal(hasCode(new Error("OFFLINE"), "OFFLINE"), false);
});
