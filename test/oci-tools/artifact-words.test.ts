import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { parseFile, parseTaggedReference, titleFor } from "../../src/oci-tools/artifact-words.ts";

const FILES: readonly (readonly [string, string, string | null])[] = [
  ["f.txt", "f.txt", null],
  ["f.txt:text/plain", "f.txt", "text/plain"],
  ["a/b.txt:application/vnd.example+json", "a/b.txt", "application/vnd.example+json"],
  ["f.txt:text/plain;charset=utf-8", "f.txt", "text/plain;charset=utf-8"],
  ["hi:txt", "hi:txt", null],
  ["hi:txt:", "hi:txt", null],
  ["hi:txt:text/plain", "hi:txt", "text/plain"],
  ["dir:a/b:", "dir:a/b", null],
  ["dir:a/b/c", "dir:a/b/c", null],
  ["-", "-", null],
  ["-:text/plain", "-", "text/plain"],
];

for (const [text, path, mediaType] of FILES) {
  test(`parseFile() splits "${text}"`, () => assert.deepEqual(parseFile(text), { path, mediaType }));
}

test("parseFile() refuses what names no file", () => {
  for (const text of ["", ":", ":text/plain"])
    assert.throws(
      () => parseFile(text),
      (error) => hasCode(error, "USAGE"),
    );
});

const REFERENCES: readonly (readonly [string, string, readonly string[]])[] = [
  ["localhost:5000/a:v1", "localhost:5000/a:v1", []],
  ["localhost:5000/a:v1,v2,v3", "localhost:5000/a:v1", ["v2", "v3"]],
  ["localhost:5000/a:v1,v2,v2", "localhost:5000/a:v1", ["v2"]],
  ["localhost:5000/a", "localhost:5000/a", []],
  ["oci:dir:v1,v2", "oci:dir:v1", ["v2"]],
  ["oci:my,dir", "oci:my,dir", []],
  ["oci-archive:a,b.tar", "oci-archive:a,b.tar", []],
  ["oci:my,dir/sub", "oci:my,dir/sub", []],
];

for (const [text, reference, otherTags] of REFERENCES) {
  test(`parseTaggedReference() splits "${text}"`, () =>
    assert.deepEqual(parseTaggedReference(text), { reference, otherTags }));
}

test("parseTaggedReference() refuses what is not a tag", () => {
  for (const text of [
    "localhost:5000/a:v1,",
    "localhost:5000/a:,v1",
    "localhost:5000/a:v1,-x",
    "localhost:5000/a:v1,a b",
  ]) {
    assert.throws(
      () => parseTaggedReference(text),
      (error) => hasCode(error, "REFERENCE_INVALID"),
      text,
    );
  }
});

test("titleFor() keeps the path as typed, without what says nothing", () => {
  for (const [path, title] of [
    ["f", "f"],
    ["./f", "f"],
    ["a/b/", "a/b"],
    ["a//b", "a/b"],
    ["a/./b", "a/b"],
    ["a/../b", "b"],
    ["a:b.txt", "a:b.txt"],
  ] as const) {
    assert.equal(titleFor(path, { anyPath: false }), title);
  }
});

test("titleFor() refuses what could not be pulled", () => {
  for (const path of ["/etc/passwd", "../f", "a/../../f", ".", "..", "../artifacts"]) {
    assert.throws(
      () => titleFor(path, { anyPath: false }),
      (error) => hasCode(error, "USAGE"),
      path,
    );
  }
  for (const path of ["a\\b", "C:", "a\u202eb", "con"]) {
    assert.throws(
      () => titleFor(path, { anyPath: false }),
      (error) => hasCode(error, "TITLE_INVALID"),
      path,
    );
  }
  assert.equal(titleFor("/etc/passwd", { anyPath: true }), "/etc/passwd");
});
