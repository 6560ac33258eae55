import assert from "node:assert/strict";
import { test } from "node:test";
import { checkGivenKey, keyGivenFor } from "../../src/resolve/given-key.ts";

test("a file names no other publisher's key than the one that a person gave for the place", () => {
  const there = [
    { repository: "tools", packageId: "ghcr.io/me/a", publisherKey: "indexed" },
    { repository: null, packageId: "ghcr.io/me/a", publisherKey: null },
    { repository: null, packageId: "ghcr.io/me/a", publisherKey: "mine" },
  ];
  assert.equal(keyGivenFor(there, "ghcr.io/me/a"), "mine");
  assert.equal(keyGivenFor(there, "ghcr.io/me/b"), null);
  const cases = [
    [null, "other"],
    ["mine", null],
    ["mine", "mine"],
  ] as const;
  for (const [given, key] of cases) checkGivenKey("Cannot install", { given, key });
  assert.throws(() => checkGivenKey("Cannot install", { given: "mine", key: "other" }), {
    code: "SIGNATURE_UNTRUSTED",
    message: "Cannot install: its key is other, expected mine, with which it is installed",
  });
});
