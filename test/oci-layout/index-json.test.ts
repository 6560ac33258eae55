import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import {
  EMPTY_LAYOUT_INDEX,
  findManifest,
  formatLayoutIndex,
  parseLayoutIndex,
  tagsOf,
  withManifest,
  withoutManifest,
  withoutTag,
} from "../../src/oci-layout/index-json.ts";
import { describe } from "../oci/sample-graph.ts";

const A = { ...describe(Buffer.from("a"), "a/a"), annotations: {} };
const B = { ...describe(Buffer.from("b"), "b/b"), annotations: {} };

const REF = "org.opencontainers.image.ref.name";

function parse(manifests: readonly unknown[], fields: object = {}) {
  return parseLayoutIndex(Buffer.from(JSON.stringify({ schemaVersion: 2, ...fields, manifests })));
}

function written(index: ReturnType<typeof parse>) {
  return JSON.parse(formatLayoutIndex(index).toString("utf8"));
}

test("formatLayoutIndex() keeps what is not known, of the document and of its entries", () => {
  const other = { mediaType: "x/y", digest: "blake3:00", size: 1 };
  const entry = { ...describe(Buffer.from("a"), "a/a"), "x-own": [1], annotations: { [REF]: "1", other: "kept" } };
  const index = parse([other, entry], { annotations: { all: "kept" }, "x-top": true });
  const retagged = withManifest(withManifest(index, B, "1"), B, "2");
  assert.deepEqual(written(retagged), {
    schemaVersion: 2,
    annotations: { all: "kept" },
    "x-top": true,
    manifests: [
      { ...describe(Buffer.from("a"), "a/a"), "x-own": [1], annotations: { other: "kept" } },
      { ...describe(Buffer.from("b"), "b/b"), annotations: { [REF]: "1" } },
      { ...describe(Buffer.from("b"), "b/b"), annotations: { [REF]: "2" } },
      other,
    ],
  });
});

test("withManifest() replaces an untagged entry, keeps other tags, and is the same object when nothing changes", () => {
  const untagged = withManifest(EMPTY_LAYOUT_INDEX, A, null);
  const tagged = withManifest(untagged, A, "1");
  assert.deepEqual(
    tagged.manifests.map(({ tag }) => tag),
    ["1"],
  );
  const twice = withManifest(tagged, A, "2");
  assert.deepEqual(tagsOf(twice), ["1", "2"]);
  assert.equal(withManifest(twice, A, "1"), twice);
  assert.equal(withManifest(twice, A, null), twice);
  assert.notEqual(withManifest(twice, { ...A, artifactType: "text/x" }, "1"), twice);
  assert.deepEqual(tagsOf(withManifest(twice, { ...A, artifactType: "text/x" }, "1")), ["2", "1"]);
});

test("withoutTag() leaves the manifest untagged, and no second entry of it", () => {
  const index = withManifest(withManifest(EMPTY_LAYOUT_INDEX, A, "1"), A, "2");
  const one = withoutTag(index, "1");
  assert.deepEqual(
    one.manifests.map(({ tag }) => tag),
    ["2"],
  );
  const none = withoutTag(one, "2");
  assert.deepEqual(written(none).manifests, [describe(Buffer.from("a"), "a/a")]);
  assert.equal(withoutTag(none, "2"), none);
});

test("withoutManifest() removes every entry of a digest", () => {
  const index = withManifest(withManifest(withManifest(EMPTY_LAYOUT_INDEX, A, "1"), B, "3"), A, "2");
  assert.deepEqual(tagsOf(withoutManifest(index, A.digest)), ["3"]);
  assert.equal(withoutManifest(index, describe(Buffer.from("c"), "c").digest), index);
});

test("findManifest() finds by digest, by tag, and by the end of a longer name if only one ends so", () => {
  const named = (tag: string) => ({ ...describe(Buffer.from(tag), "a/a"), annotations: { [REF]: tag } });
  const index = parse([named("library/alpine:3.21"), named("3.20"), named("a:edge"), named("b:edge"), named("a:3.20")]);
  const found = (key: string) => findManifest(index, key)?.annotations[REF] ?? null;
  assert.equal(found("3.20"), "3.20");
  assert.equal(found("3.21"), "library/alpine:3.21");
  assert.equal(found("library/alpine:3.21"), "library/alpine:3.21");
  assert.equal(found("edge"), null);
  assert.equal(found("21"), null);
  assert.equal(found(named("a:edge").digest), "a:edge");
});

const INVALID: readonly string[] = ["", "[]", "{", '{"schemaVersion":2}', '{"manifests":{}}', "null", "\ufffd\xff"];

test("parseLayoutIndex() refuses what is not an index", async (t) => {
  for (const text of INVALID) {
    await t.test(JSON.stringify(text), () => {
      assert.throws(
        () => parseLayoutIndex(Buffer.from(text)),
        (error) => hasCode(error, "LAYOUT_INVALID"),
      );
    });
  }
});
