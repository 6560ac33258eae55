import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { JsonProblem, jsonProblem, parseStrictJson } from "../../src/base/strict-json.ts";

const REPEATED: readonly (readonly [json: string, key: string])[] = [
  ['{"a":1,"a":1}', "a"],
  ['{"a":1,"\\u0061":2}', "a"],
  ['{"x":{"a":1,"b":[],"a":2}}', "a"],
  ['[[[{"a":{}},{"b":1,"b":2}]]]', "b"],
  ['{"a":{"c":1,"c":2},"a":3}', "c"],
  ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
  ['{"\\\\":1,"\\\\":2}', "\\"],
  ['{"":1,"":2}', ""],
  ['{"__proto__":1,"__proto__":2}', "__proto__"],
  ['{"1":1,"1":2}', "1"],
];

for (const [json, key] of REPEATED) {
  test(`parseStrictJson() refuses ${json}`, () => {
    assert.throws(() => parseStrictJson(json), { name: "JsonProblem", message: `has the key "${key}" twice` });
  });
}

test("parseStrictJson() gives what JSON.parse gives for everything else", () => {
  const texts = [
    "5",
    '"a"',
    "null",
    "[]",
    "{}",
    '{"a":1,"b":{"a":2},"c":[{"a":1},{"a":2}]}',
    '{"a":":","b":"\\"a\\":1,\\"a\\":2"}',
    '{"a":"\\\\","b":"{[:","c":"\\\\\\""}',
    '{"10":1,"9":2,"é":"\u{1f600}"}',
    ' { "a" : [ 1 , { } , "x" ] } ',
  ];
  for (const text of texts) assert.deepEqual(parseStrictJson(text), JSON.parse(text), text);
});

test("jsonProblem() tells what means two things from what is not JSON", () => {
  assert.equal(jsonProblem(new JsonProblem('has the key "a" twice')), 'it has the key "a" twice');
  assert.equal(jsonProblem(new SyntaxError("Unexpected token")), "it is not JSON");
});

const SRC = join(import.meta.dirname, "../../src");

/** What this program itself wrote, or has read with parseJson() before. */
const OWN_DOCUMENTS = [
  "base/exact-json.ts",
  "base/json-depth.ts",
  "base/repeated-key.ts",
  "config/edit.ts",
  "declare/edit-packages.ts",
  "index-database/entry-blocks.ts",
  "index-database/index-in-place.ts",
  "index-database/package-index.ts",
  "index-database/posting-pages.ts",
  "inspect/inspect.ts",
  "resolve/recorded-resolution.ts",
  "state/edition-document.ts",
  "state/generation-writer.ts",
  "state/generations.ts",
  "state/installation-rows.ts",
  "state/intent-document.ts",
  "state/lock-holder.ts",
  "state/repository-owners.ts",
  "state/trust.ts",
];

test("documents from outside are read with parseJson(), parseJsonOrNull() or parseStrictJson()", () => {
  const users = globSync("**/*.ts", { cwd: SRC })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /(?<![`"])JSON\.parse\(/.test(readFileSync(join(SRC, path), "utf8")));
  assert.deepEqual(users.toSorted(), OWN_DOCUMENTS);
});

test("parseStrictJson() reads strings of any length, and finds what is written twice beside them", () => {
  for (const body of ["x".repeat(20_000_000), "\\\\".repeat(10_000_000), '\\"'.repeat(10_000_000)]) {
    const json = `{"a":"${body}","b":[${"[],".repeat(200)}[]]}`;
    assert.deepEqual(parseStrictJson(json), JSON.parse(json));
    assert.throws(() => parseStrictJson(json.replace('"b"', '"a"')), /has the key "a" twice/);
  }
});
