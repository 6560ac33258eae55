import assert from "node:assert/strict";
import { test } from "node:test";
import { isSameAddress } from "../../src/config/same-address.ts";

const SAME: readonly (readonly [string, string])[] = [
  ["https://example.org/list.json", "http://example.org/list.json"],
  ["https://example.org/list.json", "https://EXAMPLE.org:443/a/../%6cist.json?#x"],
  ["https://example.org/a/", "https://example.org/a//index.json.zst"],
  ["file:///srv/index", "file:///srv/index/index.json"],
  ["oci://ghcr.io/me/index", "oci://GHCR.io/me/index:latest"],
  ["oci:/srv/lay", "oci:/srv/lay:latest"],
];

const OTHER: readonly (readonly [string, string])[] = [
  ["https://example.org/list.json", "https://example.com/list.json"],
  ["https://example.org/list.json", "https://example.org/other.json"],
  ["https://example.org/list.json?of=me", "https://example.org/list.json?of=you"],
  ["https://example.org:8443/list.json", "https://example.org/list.json"],
  ["oci://ghcr.io/me/index", "oci://ghcr.io/me/index:1"],
  ["an address of long ago", "another"],
];

test("isSameAddress() knows an address of an index again, however it is written", () => {
  for (const [a, b] of SAME) assert.equal(isSameAddress(a, b), true, `${a} ${b}`);
  for (const [a, b] of OTHER) assert.equal(isSameAddress(a, b), false, `${a} ${b}`);
});
