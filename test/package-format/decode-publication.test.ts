import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { decodePublication, parsePublishFile } from "../../src/package-format/decode-publication.ts";

const FIELDS = {
  reference: "ghcr.io/me/tools/trurl",
  version: "8.14.1",
  files: [{ path: "dist/trurl", platform: "linux/amd64" }],
};

function decode(change: Readonly<Record<string, unknown>>) {
  return decodePublication({ fields: { ...FIELDS, ...change }, name: "pkg.json", filesIn: "/a", documentsIn: "/b" });
}

test("decodePublication() fills in defaults", () => {
  const publication = decode({ documents: ["LICENSE"] });
  assert.equal(publication.name, "trurl");
  assert.equal(publication.id, "ghcr.io.me.tools.trurl");
  assert.equal(publication.provides, null);
  assert.deepEqual(publication.files, [
    { path: "/a/dist/trurl", platform: { os: "linux", architecture: "amd64" }, libc: null },
  ]);
  assert.deepEqual(publication.documents, ["/b/LICENSE"]);
});

test("decodePublication() drops the usual variant, and keeps others", () => {
  const [usual, other] = decode({
    files: [
      { path: "a", platform: "linux/arm64/v8" },
      { path: "b", platform: "linux/arm/v7", libc: "musl" },
    ],
  }).files;
  assert.deepEqual(usual?.platform, { os: "linux", architecture: "arm64" });
  assert.deepEqual(other?.platform, { os: "linux", architecture: "arm", variant: "v7" });
  assert.equal(other?.libc, "musl");
});

const WRONG: readonly (readonly [change: Readonly<Record<string, unknown>>, message: RegExp, hint: RegExp])[] = [
  [{ version: undefined }, /"pkg.json": it has no "version"/, /--version/],
  [{ reference: undefined }, /it has no "reference"/, /ghcr.io/],
  [{ files: undefined }, /it has no "files"/, /--file FILE@os\/arch/],
  [{ files: [{ path: "a" }] }, /files\[0\] has no "platform"/, /./],
  [{ files: [] }, /files must not be empty, found \[\]/, /./],
  [{ version: "1 2" }, /version: expected its version, e\.g\. `8\.14\.1`, found "1 2"/, /./],
  [{ version: 8 }, /version must be text in quotes, found 8/, /./],
  [{ version: "latest" }, /names the newest version/, /8.14.1/],
  [{ licence: "MIT" }, /key "licence" is unknown/, /Did you mean "license"/],
  [{ files: [{ path: "a", platform: "linux/amd64", arch: 1 }] }, /key "files\[0\].arch" is unknown/, /Known keys/],
  [
    { files: [{ path: "a", platform: "linux/amd64", libc: "dietlibc" }] },
    /files\[0\].libc must be "glibc" or "musl" or "static", found "dietlibc"/,
    /./,
  ],
  [{ license: "mit" }, /license is "mit", expected an SPDX expression/, /Did you mean "MIT"/],
  [{ reference: "no ref" }, /reference: expected a reference into a registry, found "no ref"/, /ghcr\.io\/me\/tools/],
  [{ reference: "trurl" }, /expected a registry/, /ghcr.io/],
  [{ reference: "ghcr.io/me/trurl:1.0" }, /without a tag/, /--version/],
  [{ reference: `ghcr.io/me/trurl@sha256:${"0".repeat(64)}` }, /without a tag or digest/, /--version/],
  [{ provides: ["a/b"] }, /provides has "a\/b"/, /a==b/],
  [{ name: "ü" }, /name is "ü"/, /Letters/],
  [{ homepage: "ftp://x" }, /homepage: expected address of the project, found/, /./],
];
for (const [change, message, hint] of WRONG) {
  test(`decodePublication() refuses ${JSON.stringify(change)}`, () => {
    assert.throws(
      () => decode(change),
      (error) => {
        assert.ok(hasCode(error, "PUBLISH_INVALID"), String(error));
        assert.match(error.message, message);
        assert.match(error.hint ?? "", hint);
        return true;
      },
    );
  });
}

test("parsePublishFile() refuses what is not a JSON object", () => {
  for (const text of ["", "[1]", "{,}", "\xff"]) {
    const parse = () => parsePublishFile(Buffer.from(text, "latin1"), "pkg.json");
    assert.throws(parse, (error) => hasCode(error, "PUBLISH_INVALID") && error.message.includes('"pkg.json"'));
  }
});
