import assert from "node:assert/strict";
import { test } from "node:test";
import { asObject, parseJson, parseJsonOrNull } from "../../src/base/json.ts";
import { decodeUtf8 } from "../../src/base/utf8.ts";

class Failure extends Error {}
const failure = (cause: unknown) => new Failure("not JSON", { cause });
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

test("parseJson() throws the caller's error for what is not JSON, with the parser's as its cause", () => {
  for (const source of ["", "{", Buffer.from("[1"), Buffer.from('"\xff"', "latin1")]) {
    assert.throws(
      () => parseJson(source, failure),
      (error) => error instanceof Failure && error.cause instanceof Error,
    );
  }
});

test("parseJson() skips a byte order mark, or refuses it", () => {
  const bytes = Buffer.concat([MARK, Buffer.from('{"a":1}')]);
  assert.deepEqual(parseJson(bytes, failure), { a: 1 });
  assert.throws(() => parseJson(bytes, failure, "refuse"), Failure);
});

test("parseJson() keeps __proto__ as a field, so that it changes no prototype", () => {
  const value = asObject(parseJson('{"__proto__":{"admin":true}}', failure));
  assert.deepEqual(Object.keys(value ?? {}), ["__proto__"]);
  assert.equal(value?.["admin"], undefined);
});

test("parseJsonOrNull() returns null for what is not JSON", () => {
  assert.equal(parseJsonOrNull("{"), null);
  assert.deepEqual(parseJsonOrNull(new Uint8Array(Buffer.from('["a"]'))), ["a"]);
});

test("asObject() takes objects alone", () => {
  for (const value of [null, undefined, [], "a", 1]) assert.equal(asObject(value), null);
});

test("decodeUtf8() returns null for what is not UTF-8, and keeps a byte order mark", () => {
  assert.equal(decodeUtf8(Buffer.from([0xc0, 0x80])), null);
  assert.equal(decodeUtf8(MARK), "\ufeff");
});
