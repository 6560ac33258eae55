import assert from "node:assert/strict";
import { test } from "node:test";
import { type IndexAddress, indexUrlOf, parseIndexUrl } from "../../src/config/index-address.ts";
import { checkIndexUrl } from "../../src/config/repository-rules.ts";

const AT = { registry: "ghcr.io", name: "me/index", tag: "latest", digest: null };
const DIGEST = `sha256:${"a".repeat(64)}`;

const PARSED: Readonly<Record<string, IndexAddress>> = {
  "oci://GHCR.io/me/index": { kind: "place", location: { kind: "registry", reference: AT } },
  "oci://ghcr.io/me/index:42": { kind: "place", location: { kind: "registry", reference: { ...AT, tag: "42" } } },
  "https://ghcr.io/me/index": { kind: "http", url: new URL("https://ghcr.io/me/index") },
  "http://127.0.0.1:5000/": { kind: "http", url: new URL("http://127.0.0.1:5000/") },
  "file:///srv/my%20index/": { kind: "file", path: "/srv/my index/" },
  "oci:/srv/lay": { kind: "place", location: { kind: "layout", path: "/srv/lay", tag: "latest", digest: null } },
  "oci-archive:/srv/lay.tar:7": {
    kind: "place",
    location: { kind: "archive", path: "/srv/lay.tar", tag: "7", digest: null },
  },
};

test("parseIndexUrl() distinguishes an address from a place, which means latest unless a tag is given", () => {
  for (const [text, expected] of Object.entries(PARSED)) assert.deepEqual(parseIndexUrl(text), expected, text);
});

test("parseIndexUrl() refuses what is not an address of an index", () => {
  for (const text of ["", "index", "ftp://example.org/x", "https://", "file://host/x", "file:///a%2fb", "oci://x"]) {
    assert.throws(() => parseIndexUrl(text), { code: "REFERENCE_INVALID" }, text);
  }
});

const TYPED: Readonly<Record<string, string>> = {
  "ghcr.io/me/index": "oci://ghcr.io/me/index",
  "ghcr.io/me/index:7": "oci://ghcr.io/me/index:7",
  "oci://ghcr.io/me/index": "oci://ghcr.io/me/index",
  "https://example.org/{arch}.json": "https://example.org/{arch}.json",
  "file:///srv/index": "file:///srv/index",
  index: "file:///home/me/index",
  "./my index": "file:///home/me/my%20index",
  "/srv/index.json": "file:///srv/index.json",
  "oci:lay:7": "oci:/home/me/lay:7",
  "oci:../lay": "oci:/home/lay",
  "oci-archive:lay.tar": "oci-archive:/home/me/lay.tar",
};

test("indexUrlOf() returns the address for the config, with no path that depends on the working directory", () => {
  for (const [text, expected] of Object.entries(TYPED)) {
    assert.equal(indexUrlOf(text, "/home/me"), expected, text);
    checkIndexUrl(expected, "USAGE");
  }
});

test("checkIndexUrl() refuses relative layouts, and digests, which never lead to a newer index", () => {
  const refused: Readonly<Record<string, RegExp>> = {
    "oci:lay": /its path is "lay", expected an absolute one/,
    [`oci://ghcr.io/me/index@${DIGEST}`]: /names a digest/,
    [`oci:/srv/lay@${DIGEST}`]: /names a digest/,
    "ftp://example.org/x": /^Cannot use "ftp:\/\/example.org\/x": expected a URL that begins with/,
  };
  for (const [url, message] of Object.entries(refused)) {
    assert.throws(() => checkIndexUrl(url, "CONFIG_INVALID"), { code: "CONFIG_INVALID", message }, url);
  }
});
