import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { formatReference, looksLikeReference, parseReference, parseRegistry } from "../../src/oci/reference.ts";
import { endsSoon } from "../support/sync-limit.ts";

const HEX = "0123456789abcdef".repeat(4);
const DIGEST = `sha256:${HEX}`;

const LEGAL: readonly (readonly [string, string, string, string | null, string | null])[] = [
  ["ghcr.io/a/b:1.0", "ghcr.io", "a/b", "1.0", null],
  ["ghcr.io/a/b", "ghcr.io", "a/b", null, null],
  [`ghcr.io/a/b@${DIGEST}`, "ghcr.io", "a/b", null, DIGEST],
  [`ghcr.io/a/b:HEAD-0aB1-x86_64@${DIGEST}`, "ghcr.io", "a/b", "HEAD-0aB1-x86_64", DIGEST],
  [`ghcr.io/a@sha512:${HEX}${HEX}`, "ghcr.io", "a", null, `sha512:${HEX}${HEX}`],
  ["127.0.0.1:5000/x:y", "127.0.0.1:5000", "x", "y", null],
  ["localhost/x", "localhost", "x", null, null],
  ["localhost:5000/x", "localhost:5000", "x", null, null],
  ["registry:5000/x", "registry:5000", "x", null, null],
  ["[::1]:5000/x:y", "[::1]:5000", "x", "y", null],
  ["[::1]/x", "[::1]", "x", null, null],
  [
    "ghcr.io/pkgforge/bincache/curl/stunnel/trurl:8.11.1-x86_64-linux",
    "ghcr.io",
    "pkgforge/bincache/curl/stunnel/trurl",
    "8.11.1-x86_64-linux",
    null,
  ],
  ["r.example/a__b/c.d/e--f", "r.example", "a__b/c.d/e--f", null, null],
  [`r.example/a:${"t".repeat(128)}`, "r.example", "a", "t".repeat(128), null],
];

for (const [text, registry, name, tag, digest] of LEGAL) {
  test(`parseReference() reads "${text.slice(0, 60)}" and formatReference() writes it again`, () => {
    const reference = parseReference(text);
    assert.deepEqual(reference, { registry, name, tag, digest });
    assert.equal(formatReference(reference), text);
  });
}

test("parseReference() brings the registry to lower case, so that config and caches know it, and keeps the tag's case", () => {
  assert.deepEqual(parseReference("GHCR.io/a/b:HEAD"), { registry: "ghcr.io", name: "a/b", tag: "HEAD", digest: null });
});

const ILLEGAL: readonly string[] = [
  "",
  "/",
  "a",
  "ghcr.io",
  "ghcr.io/",
  "/a/b",
  "family/name",
  "ghcr.io//a",
  "ghcr.io/a/",
  "ghcr.io/A/b",
  "ghcr.io/a/../b",
  "ghcr.io/./b",
  "ghcr.io/a b",
  "ghcr.io/a%2f..%2fb",
  "ghcr.io/a\\b",
  "ghcr.io/a?x=1",
  "ghcr.io/a#x",
  "ghcr.io/a___b",
  "ghcr.io/-a",
  "ghcr.io/a\u0000",
  "ghcr.io/a:",
  "ghcr.io/a:b:c",
  "ghcr.io/a:-b",
  "ghcr.io/a:b/c",
  "ghcr.io/a:b\n",
  `ghcr.io/a:${"t".repeat(129)}`,
  `ghcr.io/${"n".repeat(256)}`,
  "ghcr.io/a@",
  "ghcr.io/a@sha256:abc",
  `ghcr.io/a@md5:${HEX}`,
  `ghcr.io/a@SHA256:${HEX}`,
  `ghcr.io/a@sha256:${HEX.toUpperCase()}`,
  `ghcr.io/a@${DIGEST}:tag`,
  `ghcr.io/a@${DIGEST}@${DIGEST}`,
  "ghcr.io:0/a",
  "ghcr.io:65536/a",
  "ghcr.io:/a",
  "ghcr.io:80:90/a",
  "user@ghcr.io/a",
  "user:pw@ghcr.io/a",
  "-ghcr.io/a",
  "ghcr..io/a",
  ".ghcr.io/a",
  "ghcr_x.io/a",
  "[::1/a",
  "[::zz]:5000/a",
  "[127.0.0.1]/a",
  "https://ghcr.io/a",
  "oci://ghcr.io/a",
  `ghcr.io/${"a/".repeat(600)}a`,
];

for (const text of ILLEGAL) {
  test(`parseReference() refuses ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.throws(
      () => parseReference(text),
      (error) => hasCode(error, "REFERENCE_INVALID"),
    );
  });
}

test("parseReference() says to leave out a scheme", () => {
  assert.throws(() => parseReference("https://ghcr.io/a"), { hint: 'Leave out "https://"' });
});

for (const [text, hint] of [
  ["ghcr.io/a/b@1.0.0", "Did you mean ghcr.io/a/b:1.0.0?"],
  ["ghcr.io/a/b@latest", "Did you mean ghcr.io/a/b:latest?"],
  ["localhost:5000/b=1", "Did you mean localhost:5000/b:1?"],
  ["ghcr.io/a/b 1.0", "Did you mean ghcr.io/a/b:1.0?"],
  ["ghcr.io/a/b:1.0.0+build.5", 'Did you mean ghcr.io/a/b:1.0.0_build.5? A tag has "_" where a version has "+"'],
  ["ghcr.io/Me/Tool:V1", "Did you mean ghcr.io/me/tool:V1?"],
  [`ghcr.io/A/b@sha256:${"a".repeat(64)}`, `Did you mean ghcr.io/a/b@sha256:${"a".repeat(64)}?`],
  ["ghcr.io/a/b>=1", /^A reference takes a tag and no range: ghcr\.io\/a\/b:TAG/],
  ["ghcr.io/a/b:1@2", /^A reference looks like /],
] as const) {
  test(`parseReference() says what is meant by ${text}`, () => {
    assert.throws(() => parseReference(text), { code: "REFERENCE_INVALID", hint });
  });
}

test("parseReference() does not repeat a huge text in its message", () => {
  assert.throws(
    () => parseReference(`ghcr.io/${"a".repeat(1_000_000)}`),
    (error) => hasCode(error, "REFERENCE_INVALID") && error.message.length < 300,
  );
});

test("parseReference() takes no time over a hostile text", () => {
  for (const text of [`ghcr.io/${"a-".repeat(500)}`, `${"a-".repeat(500)}/x`, `ghcr.io/${"-".repeat(1_000_000)}!`]) {
    assert.throws(
      () => endsSoon(() => parseReference(text)),
      (error) => hasCode(error, "REFERENCE_INVALID"),
    );
  }
});

const LOOKS: readonly (readonly [string, boolean])[] = [
  ["ghcr.io/a/b", true],
  ["GHCR.IO/a/b", true],
  ["127.0.0.1:5000/x", true],
  ["localhost/x", true],
  ["[::1]:5000/x", true],
  ["registry:5000/x", true],
  ["ghcr.io/not a name", true],
  ["family/name", false],
  ["family/name@1.2.3", false],
  ["family/name#a.b.c@1.2:repo", false],
  ["trurl", false],
  ["trurl@8.14.1", false],
  ["trurl#github.com/curl/trurl", false],
  ["7z.static", false],
  ["/usr/bin/x", false],
  ["./x", false],
  ["../x", false],
  ["", false],
];

for (const [text, expected] of LOOKS) {
  test(`looksLikeReference() says ${expected} of "${text}"`, () => assert.equal(looksLikeReference(text), expected));
}

test("parseRegistry() takes a registry alone, and says what is wrong with anything else", () => {
  for (const [text, registry] of [
    ["ghcr.io", "ghcr.io"],
    ["GHCR.io/", "ghcr.io"],
    ["localhost", "localhost"],
    ["[::1]:5000", "[::1]:5000"],
  ] as const) {
    assert.equal(parseRegistry(text), registry);
  }
  const refused: readonly (readonly [text: string, hint: RegExp])[] = [
    ["x", /whole name/],
    ["", /whole name/],
    ["localhost:0", /whole name/],
    ["ghcr.io/x", /^Leave out "\/x"$/],
    ["ghcr.io/x/y:1", /^Leave out "\/x\/y:1"$/],
    ["https://ghcr.io", /^Leave out "https:\/\/"$/],
  ];
  for (const [text, hint] of refused) {
    assert.throws(() => parseRegistry(text), { code: "REFERENCE_INVALID", message: /^Cannot use registry /, hint });
  }
});
