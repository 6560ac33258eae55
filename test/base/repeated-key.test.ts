import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findRepeatedKey } from "../../src/base/repeated-key.ts";

describe("findRepeatedKey()", () => {
  for (const [json, expected] of [
    ["5", null],
    ['"a"', null],
    ['{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}', null],
    ['{"a":"b","b":"a"}', null],
    ['{"a":1,"a":1}', "a"],
    ['{"x":{"a":1,"b":[],"a":2}}', "a"],
    ['[{"a":{}},{"b":1,"b":2}]', "b"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
    ['{"a":"\\",\\"a\\":","b":1}', null],
    ['{"":1,"":2}', ""],
    ['{"__proto__":1,"__proto__":2}', "__proto__"],
    ['{"__proto__":1,"toString":2}', null],
  ] as const) {
    it(`gives ${JSON.stringify(expected)} for ${json}`, () => assert.equal(findRepeatedKey(json), expected));
  }

  it("takes a long text and deep nesting as they come", () => {
    assert.equal(findRepeatedKey(JSON.stringify({ a: '\\"'.repeat(500_000), b: "x".repeat(1_000_000) })), null);
    assert.equal(findRepeatedKey(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`), null);
  });
});
