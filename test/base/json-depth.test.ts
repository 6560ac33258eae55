import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson, parseJsonOrNull } from "../../src/base/json.ts";
import { isTooDeep, MAX_JSON_DEPTH, parseShallowJson } from "../../src/base/json-depth.ts";

const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

test("parseShallowJson() accepts what is nested as deep as it may be, and nothing deeper", () => {
  for (const nested of [arrays, objects]) {
    assert.deepEqual(parseShallowJson(nested(MAX_JSON_DEPTH)), JSON.parse(nested(MAX_JSON_DEPTH)));
    for (const depth of [MAX_JSON_DEPTH + 1, 100_000])
      assert.throws(() => parseShallowJson(nested(depth)), {
        name: "SyntaxError",
        message: /more than 128 levels deep/,
      });
  }
});

test("parseShallowJson() counts depth, not brackets, and none that are in strings", () => {
  for (const text of [
    `[${"[],".repeat(1000)}{}]`,
    JSON.stringify(['"[{\\'.repeat(1000)]),
    `["\\"${"[".repeat(1000)}"]`,
  ])
    assert.deepEqual(parseShallowJson(text), JSON.parse(text));
  assert.throws(() => parseShallowJson(`["\\\\"${",[".repeat(200)}`), /levels deep/);
});

test("parseJson() and parseJsonOrNull() refuse what is nested too deep", () => {
  assert.throws(() => parseJson(Buffer.from(objects(100_000)), (cause) => new Error("refused", { cause })), /refused/);
  assert.equal(parseJsonOrNull(arrays(100_000)), null);
});

test("isTooDeep() tells by the nesting of a value, not by its size", () => {
  assert.equal(isTooDeep(JSON.parse(arrays(MAX_JSON_DEPTH))), false);
  assert.equal(isTooDeep(JSON.parse(arrays(MAX_JSON_DEPTH + 1))), true);
  assert.equal(isTooDeep(JSON.parse(objects(100_000))), true);
  for (const value of [null, undefined, 1, "x", new Array(1000).fill({})]) assert.equal(isTooDeep(value), false);
});
