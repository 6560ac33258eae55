import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { formatLocation, parseLocation } from "../../src/oci/location.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

type Parts = readonly [kind: "layout" | "archive", path: string, tag: string | null, digest: string | null];

const PATHS: readonly (readonly [string, Parts])[] = [
  ["oci:dir", ["layout", "dir", null, null]],
  ["oci:dir:1.0", ["layout", "dir", "1.0", null]],
  ["oci:/tmp/a b/dir:v1", ["layout", "/tmp/a b/dir", "v1", null]],
  [`oci:dir@${DIGEST}`, ["layout", "dir", null, DIGEST]],
  [`oci:dir:1@${DIGEST}`, ["layout", "dir", "1", DIGEST]],
  ["oci:a:b:c", ["layout", "a:b", "c", null]],
  ["oci:a:b/c", ["layout", "a:b/c", null, null]],
  ["oci:a:b/", ["layout", "a:b/", null, null]],
  ["oci:a:b:", ["layout", "a:b", null, null]],
  ["oci:../x@home:2", ["layout", "../x@home", "2", null]],
  ["oci:.", ["layout", ".", null, null]],
  ["oci-archive:f.tar", ["archive", "f.tar", null, null]],
  ["oci-archive:f.tar:latest", ["archive", "f.tar", "latest", null]],
  ["oci-archive:C:\\x\\f.tar", ["archive", "C:\\x\\f.tar", null, null]],
  ["oci-archive:/t/a:b.tar:", ["archive", "/t/a:b.tar", null, null]],
];

test("parseLocation() reads paths, and formatLocation() writes what reads the same", async (t) => {
  for (const [text, [kind, path, tag, digest]] of PATHS) {
    await t.test(text, () => {
      const location = parseLocation(text);
      assert.deepEqual(location, { kind, path, tag, digest });
      assert.deepEqual(parseLocation(formatLocation(location)), location);
    });
  }
});

test("parseLocation() reads references", () => {
  const text = `localhost:5000/a/b:1@${DIGEST}`;
  const location = parseLocation(text);
  assert.equal(location.kind, "registry");
  assert.equal(formatLocation(location), text);
});

test("parseLocation() reads oci:// as a reference, as the config does, and never as a directory", () => {
  const text = `localhost:5000/a/b:1@${DIGEST}`;
  assert.deepEqual(parseLocation(`oci://${text}`), parseLocation(text));
  assert.throws(() => parseLocation("oci:///tmp/layout:1"), { code: "REFERENCE_INVALID", hint: /oci:\/tmp\/layout:1/ });
  const location = { kind: "layout", path: "//tmp/layout", tag: "1", digest: null } as const;
  assert.deepEqual(parseLocation(formatLocation(location)), { ...location, path: "/tmp/layout" });
});

const INVALID = [
  "oci://dir",
  "oci://",
  "oci-archive://ghcr.io/a/b",
  "oci:",
  "oci::tag",
  "oci-archive:",
  "oci:dir@sha256:abc",
  `oci:@${DIGEST}`,
  "oci:a\0b",
  "dir",
  "alpine:3",
  "docker-archive:x.tar:x:1",
];

test("parseLocation() refuses what names no place", async (t) => {
  for (const text of INVALID) {
    await t.test(JSON.stringify(text), () => {
      assert.throws(
        () => parseLocation(text),
        (error) => hasCode(error, "REFERENCE_INVALID") && error.hint !== undefined,
      );
    });
  }
});
