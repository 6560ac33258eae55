import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase64 } from "../../src/verify/base64.ts";

test("decodeBase64() decodes canonical base64", () => {
  assert.deepEqual(decodeBase64("", 0), Buffer.from(""));
  assert.deepEqual(decodeBase64("QQ==", 1), Buffer.from("A"));
  assert.deepEqual(decodeBase64("QUI=", 2), Buffer.from("AB"));
  assert.deepEqual(decodeBase64("+/+/", 3), Buffer.from("fbffbf", "hex"));
});

const REFUSED: readonly (readonly [text: string, length: number, why: string])[] = [
  ["QR==", 1, "unused bits are set"],
  ["QUJ=", 2, "unused bits are set"],
  ["QQ", 1, "padding is missing"],
  ["QQ=", 1, "padding is short"],
  ["QQ===", 1, "padding is long"],
  ["=QQ=", 1, "padding in front"],
  ["QQ==", 2, "it holds fewer bytes"],
  ["QUI=", 1, "it holds more bytes"],
  ["-_-_", 3, "it is the alphabet of URLs"],
  [" QQ==", 1, "a space in front"],
  ["QQ==\n", 1, "a newline at the end"],
  ["Q\u0001==", 1, "a control character"],
  ["QÄ==", 1, "a letter beyond ASCII"],
];

test("decodeBase64() refuses every other spelling", async (t) => {
  for (const [text, length, why] of REFUSED) {
    await t.test(why, () => assert.equal(decodeBase64(text, length), null));
  }
});
