import assert from "node:assert/strict";
import { test } from "node:test";
import { type Check, isActive, isMade, neededHashes, type Policy } from "../../src/package/policy.ts";
import { parsePublicKey } from "../../src/verify/minisign.ts";
import { createSigner } from "../support/minisign-signer.ts";

const KEYS = [parsePublicKey(createSigner().publicKey)];
const ALL: readonly Check[] = ["digest", "checksum", "signature"];
const NOTHING = { sha256: null, blake3: null, sizeBytes: null };
const BSUM = { ...NOTHING, blake3: "b".repeat(64) };

function policy(require: readonly Check[], skip: readonly Check[] = [], keys = KEYS): Policy {
  return { require, keys, allowLegacy: false, provenance: null, skip };
}

test("isActive() means required and not skipped", () => {
  assert.equal(isActive(policy(["digest"]), "digest"), true);
  assert.equal(isActive(policy(["digest"]), "checksum"), false);
  assert.equal(isActive(policy(["digest"], ["digest"]), "digest"), false);
});

test("isMade() means not skipped, and for signatures that a key is known or required", () => {
  assert.deepEqual(
    ALL.map((check) => isMade(policy([]), check)),
    [true, true, true],
  );
  assert.deepEqual(
    ALL.map((check) => isMade(policy(ALL, ALL), check)),
    [false, false, false],
  );
  assert.equal(isMade(policy([], [], []), "signature"), false);
  assert.equal(isMade(policy(["signature"], [], []), "signature"), true);
});

test("neededHashes() returns exactly the hashes that the checks compare", () => {
  assert.deepEqual(neededHashes(policy(ALL), BSUM), ["sha256", "blake3", "blake2b512"]);
  assert.deepEqual(neededHashes(policy(ALL), NOTHING), ["sha256", "blake3", "blake2b512"]);
  assert.deepEqual(neededHashes(policy(ALL, ["signature"]), BSUM), ["sha256", "blake3"]);
  assert.deepEqual(neededHashes(policy(["digest"], [], []), BSUM), ["sha256", "blake3"]);
  assert.deepEqual(neededHashes(policy(ALL, ["checksum", "signature"]), NOTHING), ["sha256"]);
  assert.deepEqual(neededHashes(policy(ALL, ["checksum", "signature"]), BSUM), ["sha256", "blake3"]);
  assert.deepEqual(neededHashes(policy(ALL, ALL), BSUM), ["sha256"]);
});
