import assert from "node:assert/strict";
import { test } from "node:test";
import type { RawDocument } from "../../src/oci/content.ts";
import { type DiffSide, diffDocuments } from "../../src/oci/diff.ts";
import { parseManifestDocument } from "../../src/oci/manifest.ts";
import { describe, digestOf, image, index } from "./sample-graph.ts";

function side(root: RawDocument, children: readonly RawDocument[] = []): DiffSide {
  const parse = ({ bytes, mediaType, digest }: RawDocument) => parseManifestDocument(bytes, mediaType, digest);
  return { document: parse(root), children: new Map(children.map((child) => [child.digest, parse(child)])) };
}

function titled(files: Readonly<Record<string, string>>, fields: Readonly<Record<string, unknown>> = {}) {
  const layers = Object.entries(files).map(([title, text]) => ({
    ...describe(Buffer.from(text), "text/plain"),
    annotations: { "org.opencontainers.image.title": title },
  }));
  return image({ fields: { layers, ...fields } });
}

test("diffDocuments() finds no difference if only unknown fields or the order of fields differ", () => {
  const one = titled({ a: "1" }, { annotations: { x: "1", y: "2" } });
  const other = titled({ a: "1" }, { annotations: { y: "2", x: "1" }, "x-more": true });
  assert.notEqual(one.digest, other.digest);
  assert.deepEqual(diffDocuments(side(one), side(other)), []);
});

test("diffDocuments() matches layers by title", () => {
  const found = diffDocuments(side(titled({ a: "1", b: "2", c: "3" })), side(titled({ d: "4", b: "changed", a: "1" })));
  assert.deepEqual(
    found.map((each) => each.kind === "layer" && [each.name, each.left?.digest ?? null, each.right?.digest ?? null]),
    [
      ["b", digestOf(Buffer.from("2")), digestOf(Buffer.from("changed"))],
      ["c", digestOf(Buffer.from("3")), null],
      ["d", null, digestOf(Buffer.from("4"))],
    ],
  );
});

test("diffDocuments() matches layers without titles by digest, then by order", () => {
  const layers = (...texts: readonly string[]) => image({ layers: texts.map((text) => Buffer.from(text)) });
  const found = diffDocuments(side(layers("a", "b", "c")), side(layers("c", "a", "x", "y")));
  assert.deepEqual(
    found.map((each) => each.kind === "layer" && [each.left?.digest ?? null, each.right?.digest ?? null]),
    [
      [digestOf(Buffer.from("b")), digestOf(Buffer.from("x"))],
      [null, digestOf(Buffer.from("y"))],
    ],
  );
  assert.deepEqual(diffDocuments(side(layers("a", "b")), side(layers("b", "a"))), [{ kind: "order" }]);
});

test("diffDocuments() shows types, config, subject and annotations that differ", () => {
  const subject = image({ layers: [] });
  const one = image({ fields: { artifactType: "a/a", annotations: { gone: "1", changed: "1" } } });
  const other = image({
    config: Buffer.from("[]"),
    fields: { annotations: { changed: "2", __proto__: "x" }, subject: describe(subject.bytes, subject.mediaType) },
  });
  const found = diffDocuments(side(one), side(other));
  assert.deepEqual(
    found.map((each) => each.kind),
    ["artifactType", "subject", "config", "annotation", "annotation"],
  );
  assert.deepEqual(found.slice(3), [
    { kind: "annotation", key: "changed", left: "1", right: "2" },
    { kind: "annotation", key: "gone", left: "1", right: null },
  ]);
  assert.deepEqual(
    diffDocuments(side(index([])), side(image())).map((each) => each.kind),
    ["type", "config", "layer"],
  );
});

test("diffDocuments() goes into platforms whose documents are known", () => {
  const [amd, arm, newer] = [
    image(),
    image({ layers: [Buffer.from("arm")] }),
    image({ layers: [Buffer.from("newer")] }),
  ];
  const found = diffDocuments(side(index([amd, arm]), [arm]), side(index([amd, newer]), [newer]));
  assert.deepEqual(
    found.map((each) => each.kind === "platform" && [each.name, each.differences?.map(({ kind }) => kind)]),
    [["linux/arm64/v8", ["layer"]]],
  );
  const unknown = diffDocuments(side(index([amd, arm])), side(index([amd])));
  assert.deepEqual(
    unknown.map((each) => each.kind === "platform" && [each.name, each.right, each.differences]),
    [["linux/arm64/v8", null, null]],
  );
});
