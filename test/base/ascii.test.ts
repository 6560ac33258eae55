import assert from "node:assert/strict";
import { test } from "node:test";
import { isPrintableAscii } from "../../src/base/ascii.ts";

test("isPrintableAscii() is true for what nobody has to escape", () => {
  for (const text of ["", "~ a-Z 0_9 !"]) assert.equal(isPrintableAscii(text), true, text);
  for (const text of ["a\n", "\u007f", "é", "\u001b[1m", "a\u200bb", "\n"])
    assert.equal(isPrintableAscii(text), false, JSON.stringify(text));
});
