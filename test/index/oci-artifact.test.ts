import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { artifactReference, mainBlob, readSnapshot } from "../../src/index/oci-artifact.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);
const PARTS = { recipe: "trurl", version: "8.11.1", host: "x86_64-linux" };

describe("artifactReference()", () => {
  for (const [text, expected] of [
    ["ghcr.io/a/b:1", "ghcr.io/a/b:1"],
    ["ghcr.io/a/b", "ghcr.io/a/b:8.11.1-x86_64-linux"],
    ["127.0.0.1:5000/a/b", "127.0.0.1:5000/a/b:8.11.1-x86_64-linux"],
    ["localhost/a", "localhost/a:8.11.1-x86_64-linux"],
    ["ghcr.io/a/b:{{version}}-x", "ghcr.io/a/b:8.11.1-x"],
    ["ghcr.io/a/{{version}}/b:{{version}}", "ghcr.io/a/8.11.1/b:8.11.1"],
    [`ghcr.io/a/b@sha256:${A}`, `ghcr.io/a/b@sha256:${A}`],
    [`ghcr.io/a/b:1@sha256:${A}`, `ghcr.io/a/b:1@sha256:${A}`],
    ["bincache/curl", "ghcr.io/pkgforge/bincache/curl/trurl:8.11.1-x86_64-linux"],
    ["bincache/curl/url:{{version}}", "ghcr.io/pkgforge/bincache/curl/url:8.11.1"],
  ] as const) {
    it(`gives "${expected}" when the index says "${text}"`, () => {
      assert.equal(artifactReference({ ...PARTS, text }), expected);
    });
  }

  it("replaces what no tag may hold when the version goes into one", () => {
    const parts = { recipe: "x", version: "1.0+git~$&/2", host: "" };
    assert.equal(artifactReference({ ...parts, text: "ghcr.io/a/x" }), "ghcr.io/a/x:1.0_git____2");
    assert.equal(artifactReference({ ...parts, text: "ghcr.io/a/x:{{version}}" }), "ghcr.io/a/x:1.0_git____2");
  });

  for (const text of [
    "ghcr.io/",
    "ghcr.io/A/../b:1",
    "ghcr.io/a:b:c",
    "https://ghcr.io/a/b:1",
    "ghcr.io/a@sha256:zz",
  ]) {
    it(`refuses "${text}"`, () => assert.throws(() => artifactReference({ ...PARTS, text })));
  }
});

describe("mainBlob()", () => {
  for (const [name, blobs, sha256, expected] of [
    ["the one blob", [`x@sha256:${A}`], null, `sha256:${A}`],
    ["the blob that is shasum, of several", [`x@sha256:${B}`, `x@sha256:${A}`], A, `sha256:${A}`],
    ["shasum when there is no blob", [], A, `sha256:${A}`],
    ["shasum when the blob's digest is of another kind", [`x@sha512:${A}${A}`], A, `sha256:${A}`],
    ["nothing when several blobs may be meant", [`x@sha256:${A}`, `x@sha256:${B}`], null, null],
    ["nothing when nothing is known", [], null, null],
  ] as const) {
    it(`gives ${name}`, () => assert.deepEqual(mainBlob(blobs, sha256), { kind: "blob", digest: expected }));
  }

  it("tells of a contradiction when no blob is shasum", () => {
    assert.equal(mainBlob([`x@sha256:${A}`], B).kind, "contradiction");
  });
});

describe("readSnapshot()", () => {
  for (const [text, expected] of [
    ["1.0-x86_64-linux[1.0]", { tag: "1.0-x86_64-linux", version: "1.0" }],
    ["1.0-x86_64-Linux", { tag: "1.0-x86_64-Linux", version: "1.0" }],
    [
      "HEAD-35531d6-250326T123154-x86_64-linux",
      { tag: "HEAD-35531d6-250326T123154-x86_64-linux", version: "HEAD-35531d6-250326T123154" },
    ],
    ["latest", { tag: "latest", version: "latest" }],
    ["-x86_64-linux", null],
    ["1.0[", null],
    ["1.0[]", null],
    ["1.0[2.0", null],
    ["1.0[2 0]", null],
    ["1.0[2\u202e0]", null],
    ["a/b[1]", null],
    ["../x", null],
    ["", null],
    [`${"x".repeat(129)}`, null],
  ] as const) {
    it(`gives ${JSON.stringify(expected)} when the index says "${text}"`, () => {
      assert.deepEqual(readSnapshot(text, "x86_64-linux"), expected);
    });
  }
});
