import assert from "node:assert/strict";
import { test } from "node:test";
import { listSome } from "../../src/base/lists.ts";

test("listSome() says how many more there are, if there are any", () => {
  assert.equal(listSome([], 2), "");
  assert.equal(listSome(["a", "b"], 2), "a, b");
  assert.equal(listSome(["a", "b", "c"], 2), "a, b and 1 more");
});
