import assert from "node:assert/strict";
import { test } from "node:test";
import { givenSigners } from "../../src/verify/index-keys.ts";

test("givenSigners() says whether the keys are in the config or were typed", () => {
  const given = { keys: [], threshold: 1 };
  const typed = givenSigners({ ...given, areTyped: true }, "add");
  assert.equal(typed.whose, "the keys given with --key");
  assert.match(typed.hint, /give that one with --key$/);
  assert.equal(givenSigners(given, "sync").whose, "the keys in the config");
});
