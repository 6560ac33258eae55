import assert from "node:assert/strict";
import { test } from "node:test";
import { parseNamedSpec, splitVersions, withWholeName } from "../../src/package/spec.ts";

type Parts = readonly [
  name: string,
  family: string | null,
  id: string | null,
  version: string | null,
  repository: string | null,
];

const NAMED: Readonly<Record<string, Parts>> = {
  trurl: ["trurl", null, null, null, null],
  "7z": ["7z", null, null, null, null],
  "c++filt": ["c++filt", null, null, null, null],
  "ld.gold": ["ld.gold", null, null, null, null],
  "curl/trurl": ["trurl", "curl", null, null, null],
  "trurl@8.14.1": ["trurl", null, null, "8.14.1", null],
  "trurl@^8.13": ["trurl", null, null, "^8.13", null],
  "trurl@>=8 <9": ["trurl", null, null, ">=8 <9", null],
  "git#ppkg.bundle.git.stable": ["git", null, "ppkg.bundle.git.stable", null, null],
  "git#ppkg.bundle.git.stable@2.50.0:pkgcache": ["git", null, "ppkg.bundle.git.stable", "2.50.0", "pkgcache"],
  "trurl:bincache": ["trurl", null, null, null, "bincache"],
  "curl/trurl@8.14.1:bincache": ["trurl", "curl", null, "8.14.1", "bincache"],
  "x@HEAD-ba383eb-250627T164542": ["x", null, null, "HEAD-ba383eb-250627T164542", null],
  "x@openvscode-server-v1.101.2": ["x", null, null, "openvscode-server-v1.101.2", null],
  "x@1.20.10.3#LastdigitisDebianspkgrel": ["x", null, null, "1.20.10.3#LastdigitisDebianspkgrel", null],
};

for (const [text, [name, family, id, version, repository]] of Object.entries(NAMED)) {
  test(`parseNamedSpec() reads ${text}`, () => {
    assert.deepEqual(parseNamedSpec(text), { kind: "named", text, name, family, id, version, repository });
  });
}

const INVALID = [
  "",
  "/",
  "a/",
  "/a",
  "a/b/c",
  "-rf",
  "../x",
  "a/../b",
  ".hidden",
  "a b",
  "trurl@",
  "trurl#",
  "tr\u202eurl",
  "tr\0url",
  "trurl@1\n2",
  `x${"y".repeat(600)}`,
];

for (const text of INVALID) {
  test(`parseNamedSpec() refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.throws(() => parseNamedSpec(text), { code: "SPEC_INVALID" });
  });
}

test("withWholeName() takes an @ as a part of the name, if something is called so", () => {
  const parts = (text: string, ...names: readonly string[]) => {
    const { name, version, repository } = withWholeName(parseNamedSpec(text), (whole) => names.includes(whole));
    return [name, version, repository];
  };
  assert.deepEqual(parts("openssl@3:core", "openssl", "openssl@3"), ["openssl@3", null, "core"]);
  assert.deepEqual(parts("openssl@3@3.5.0", "openssl@3"), ["openssl@3", "3.5.0", null]);
  assert.deepEqual(parts("openssl@3", "openssl"), ["openssl", "3", null]);
  assert.deepEqual(parts("openssl", "openssl@3"), ["openssl", null, null]);
});

test("splitVersions() reads a version behind a hyphen or a colon in every way", () => {
  const texts = (text: string) => splitVersions(text).map(({ name, version }) => `${name} ${version}`);
  assert.deepEqual(texts("curl-8.13.0"), ["curl 8.13.0"]);
  assert.deepEqual(texts("7z-24.09"), ["7z 24.09"]);
  assert.deepEqual(texts("lib-2to3-v1.0-rc1"), ["lib 2to3-v1.0-rc1", "lib-2to3 v1.0-rc1"]);
  assert.deepEqual(texts("curl:8"), ["curl 8"]);
  assert.deepEqual(texts("curl:latest"), ["curl latest"]);
  assert.deepEqual(texts("git-add"), []);
});

test("parseNamedSpec() suggests how a version is written where others write it differently", () => {
  const meant: Readonly<Record<string, string>> = {
    "trurl=8": "trurl@8",
    "trurl!=8": "trurl@!=8",
    "trurl~>8": "trurl@~8",
    "trurl=latest": "trurl@latest",
    "trurl>=8,<9": "trurl@>=8,<9",
    "trurl>=8 <9": "trurl@>=8 <9",
    "trurl=8.*": "trurl@8.*",
    "trurl=r123": "trurl@r123",
    "trurl>8": "trurl@>8",
    "trurl <8": "trurl@<8",
    "trurl @8": "trurl@8",
    "trurl @ ^8.1": "trurl@^8.1",
    "trurl==8.13": "trurl@8.13",
    "curl/trurl=v8.13": "curl/trurl@v8.13",
    "trurl>=8": "trurl@>=8",
    "trurl=>8": "trurl@>=8",
    "trurl<9": "trurl@<9",
    "trurl^8.1": "trurl@^8.1",
    "trurl~=8.1": "trurl@~8.1",
    "trurl:8.13": "trurl@8.13",
    "c++filt=1": "c++filt@1",
    "trurl===8": "trurl@8",
    "trurl 8": "trurl@8",
    "trurl = 8.13": "trurl@8.13",
    "trurl:mine@8.13": "trurl@8.13:mine",
    "trurl@": "trurl",
  };
  for (const [text, written] of Object.entries(meant)) {
    assert.throws(() => parseNamedSpec(text), { code: "SPEC_INVALID", hint: `Did you mean "${written}"?` });
    parseNamedSpec(written);
  }
  assert.throws(() => parseNamedSpec("a=b"), { hint: /^A name is written/ });
});

test("parseNamedSpec() tells what is meant where an address is typed", () => {
  const refused = (text: string, hint: RegExp) =>
    assert.throws(() => parseNamedSpec(text), { message: /it is an address, expected a name or a reference$/, hint });
  for (const scheme of ["https://", "docker://"])
    refused(`${scheme}ghcr.io/a/b:1`, new RegExp(`leave out "${scheme}"`));
  refused("https://example.com/x.tar.gz", /`pkg repo add URL`/);
  refused("file:///x", /type its path/);
  for (const place of ["docker-archive:x.tar:me/x:1", "docker-daemon:x:1", "dir:./x", "containers-storage:x"])
    assert.throws(() => parseNamedSpec(place), { code: "REFERENCE_INVALID", hint: /skopeo copy \S+ oci-archive:/ });
  assert.equal(parseNamedSpec("dir:mine").name, "dir");
});
