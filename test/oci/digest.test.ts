import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { digestAlgorithm, digestHex, isDigest, parseDigest, sha256Digest } from "../../src/oci/digest.ts";

const HEX = "0123456789abcdef".repeat(4);

test("parseDigest() takes sha256 and sha512 of their own lengths", () => {
  for (const text of [`sha256:${HEX}`, `sha512:${HEX}${HEX}`]) {
    assert.equal(parseDigest(text), text);
    assert.equal(isDigest(text), true);
  }
});

const ILLEGAL: readonly string[] = [
  "",
  ":",
  "sha256",
  "sha256:",
  HEX,
  `:${HEX}`,
  `sha256:${HEX.slice(1)}`,
  `sha256:${HEX}0`,
  `sha512:${HEX}`,
  `sha256:${HEX.toUpperCase()}`,
  `SHA256:${HEX}`,
  `sha256:${HEX.slice(3)}../`,
  `sha256:${HEX.slice(1)}\n`,
  `sha256:${HEX}\n`,
  `md5:${HEX.slice(32)}`,
  `sha384:${HEX}`,
  `../../etc/passwd:${HEX}`,
  `__proto__:${HEX}`,
  `sha256:sha256:${HEX}`,
];

for (const text of ILLEGAL) {
  test(`parseDigest() refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.throws(
      () => parseDigest(text),
      (error) => hasCode(error, "DIGEST_INVALID"),
    );
    assert.equal(isDigest(text), false);
  });
}

test("digestAlgorithm() and digestHex() take a digest apart", () => {
  const digest = sha256Digest(HEX);
  assert.equal(digestAlgorithm(digest), "sha256");
  assert.equal(digestHex(digest), HEX);
  assert.equal(digestAlgorithm(parseDigest(`sha512:${HEX}${HEX}`)), "sha512");
});
