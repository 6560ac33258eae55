import assert from "node:assert/strict";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { parsePublicKey } from "../../src/verify/minisign.ts";
import { findSigners, parseSignatures, requireSigners } from "../../src/verify/signature-list.ts";
import { underIdOf } from "../support/imitated-signer.ts";
import { createSigner, type Signer } from "../support/minisign-signer.ts";
import { signIndex } from "../support/signed-index.ts";

const CONTENT = Buffer.from("what is signed");
const blake2b512 = hashHex("blake2b512", CONTENT);
const [a, b, c] = [createSigner(), createSigner(), createSigner()];
const keysOf = (...signers: readonly Signer[]) => signers.map(({ publicKey }) => parsePublicKey(publicKey));

function signersOf(signatures: Buffer, keys: readonly Signer[], fileNames: readonly string[] | null = null) {
  const parsed = parseSignatures(signatures, "test");
  return findSigners({ signatures: parsed, keys: keysOf(...keys), blake2b512, fileNames, task: "test" });
}

test("findSigners() counts each key once, and ignores signatures by other keys", () => {
  assert.deepEqual(signersOf(signIndex(CONTENT, [a]), [a, b]), [a.keyId]);
  assert.deepEqual(signersOf(signIndex(CONTENT, [a, b, a]), [a, b]), [a.keyId, b.keyId]);
  assert.deepEqual(signersOf(signIndex(CONTENT, [c]), [a, b]), []);
  assert.deepEqual(signersOf(Buffer.concat([signIndex(CONTENT, [b]), signIndex(Buffer.from("x"), [c])]), [a, b]), [
    b.keyId,
  ]);
});

test("findSigners() counts one key under two ids once", () => {
  const twin = underIdOf(a, b);
  assert.equal(signersOf(signIndex(CONTENT, [a, twin]), [a, twin]).length, 1);
});

test("findSigners() refuses a signature that names one of the keys but was not made by it, even beside valid ones", () => {
  const wrong = [signIndex(Buffer.from("x"), [b]), signIndex(CONTENT, [underIdOf(c, b)])];
  for (const signature of wrong) {
    for (const list of [
      [signature, signIndex(CONTENT, [a])],
      [signIndex(CONTENT, [a]), signature],
    ]) {
      assert.throws(() => signersOf(Buffer.concat(list), [a, b]), {
        code: "SIGNATURE_INVALID",
        message: /Cannot test: /,
      });
    }
  }
});

test("findSigners() requires a file name that the signature may give", () => {
  const signature = signIndex(CONTENT, [a], "index.json");
  assert.deepEqual(signersOf(signature, [a], ["other", "index.json"]), [a.keyId]);
  assert.throws(() => signersOf(signature, [a], ["other"]), {
    code: "SIGNATURE_INVALID",
    message: /"index.json", expected "other"/,
  });
});

test("parseSignatures() reads any number of signatures, the last with or without its end of line", () => {
  const two = signIndex(CONTENT, [a, b]);
  assert.equal(parseSignatures(two, "test").length, 2);
  assert.equal(parseSignatures(two.subarray(0, -1), "test").length, 2);
  assert.equal(
    parseSignatures(
      signIndex(
        CONTENT,
        Array.from({ length: 32 }, () => a),
      ),
      "test",
    ).length,
    32,
  );
});

test("requireSigners() distinguishes no signer from too few", () => {
  const ask = (signers: readonly Signer[], needed: number) => {
    const document = { blake2b512, signatures: signIndex(CONTENT, signers), fileNames: null };
    return requireSigners(document, { keys: keysOf(a, b), needed, whose: "the keys", hint: "ask", task: "test" });
  };
  assert.deepEqual(ask([b, a], 2), [b.keyId, a.keyId]);
  assert.throws(() => ask([a, c], 2), {
    code: "SIGNATURE_MISSING",
    message: /signed by 1 of the keys \(".*"\), expected 2/,
  });
  assert.throws(() => ask([c], 1), { code: "SIGNATURE_UNTRUSTED", hint: "ask", message: /expected 1 of the keys: "/ });
});
