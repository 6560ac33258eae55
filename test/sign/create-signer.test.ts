import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { hasCode } from "../../src/errors.ts";
import { createSigner } from "../../src/sign/create-signer.ts";
import { publicKeyFile, secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import type { ContentToSign } from "../../src/sign/signer.ts";
import { parsePublicKey, parseSignature, verifySignature } from "../../src/verify/minisign.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { minisign } from "../support/minisign.ts";
import { tempDirectory } from "../support/temp-home.ts";

const KEY = secretKeyOf(Buffer.from("00fedcba98765432", "hex"), Buffer.alloc(32, 5));
const CONTENT = Buffer.from("content\n");
const SIGNER = createSigner(KEY);
const content = (more: Partial<ContentToSign> = {}): ContentToSign => ({
  blake2b512: hashHex("blake2b512", CONTENT),
  fileName: "trurl",
  timestamp: null,
  ...more,
});

function verify(signature: Buffer) {
  return verifySignature({
    signature: parseSignature(signature),
    keys: [parsePublicKey(SIGNER.publicKey)],
    content: { blake2b512: hashHex("blake2b512", CONTENT) },
    allowLegacy: false,
  });
}

test("createSigner() gives the key id and public key as minisign does", () => {
  assert.equal(SIGNER.keyId, "32547698BADCFE00");
  assert.equal(parsePublicKey(publicKeyFile(KEY)).text, SIGNER.publicKey);
});

test("sign() makes the same bytes every time, with no time in them unless one is given", () => {
  const signature = SIGNER.sign(content());
  assert.deepEqual(SIGNER.sign(content()), signature);
  assert.equal(verify(signature).trustedComment, "file:trurl\thashed");
  assert.equal(verify(signature).fileName, "trurl");
  const timed = SIGNER.sign(content({ timestamp: 1739440880 }));
  assert.equal(verify(timed).trustedComment, "timestamp:1739440880\tfile:trurl\thashed");
});

const MAX_TYPED_CHARACTERS = 1000;

const BAD_NAMES: readonly (readonly [string, string])[] = [
  ["a line break", "a\nb"],
  ["a tab, which would begin another field", "a\tfile:b"],
  ["a character that turns text around", "a\u202eb"],
  ["half a character", "a\ud800"],
  ["more bytes than minisign reads", "ä".repeat(4090)],
];

test("sign() refuses a file name that a trusted comment cannot hold", async (t) => {
  for (const [name, fileName] of BAD_NAMES) {
    await t.test(name, () => {
      assert.throws(
        () => SIGNER.sign(content({ fileName })),
        (error) => hasCode(error, "PUBLISH_INVALID"),
      );
    });
  }
});

test("minisign verifies what sign() makes, and signs the same itself", { skip: skipWithout("minisign") }, async (t) => {
  const directory = tempDirectory(t);
  const file = (name: string) => join(directory, name);
  writeFileSync(file("key"), await encodeSecretKeyFile(KEY, null));
  writeFileSync(file("key.pub"), publicKeyFile(KEY));
  writeFileSync(file("content"), CONTENT);
  for (const fileName of ["trurl", "a b", "ünïcode ✓", "x".repeat(8100)]) {
    const ours = SIGNER.sign(content({ fileName, timestamp: 1 }));
    writeFileSync(file("ours.sig"), ours);
    const verified = minisign(directory, ["-V", "-H", "-p", "key.pub", "-x", "ours.sig", "-m", "content"]);
    assert.equal(verified.status, 0, verified.stderr);
    assert.match(verified.stdout, new RegExp(`timestamp:1\tfile:${fileName}\thashed`));
    const comment = `timestamp:1\tfile:${fileName}\thashed`;
    const signing = ["-S", "-s", "key", "-x", "its.sig", "-m", "content", "-t", comment];
    // minisign verifies longer comments than it takes from its command line.
    if (fileName.length > MAX_TYPED_CHARACTERS) continue;
    assert.equal(minisign(directory, signing).status, 0);
    const signed = (bytes: Buffer) => bytes.toString().split("\n").slice(1);
    assert.deepEqual(signed(ours), signed(readFileSync(file("its.sig"))));
  }
});
