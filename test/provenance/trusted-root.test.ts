import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { readTrustedRoot } from "../../src/provenance/trusted-root.ts";
import { createSigstore } from "../support/fake-sigstore.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { readRoot } from "./provenance-home.ts";

test("readTrustedRoot() has the public instance's authorities and logs", async () => {
  const { certificateAuthorities, tlogs, ctlogs, timestampAuthorities } = await readTrustedRoot(null);
  assert.ok(certificateAuthorities.length > 0 && ctlogs.length > 0 && timestampAuthorities.length > 0);
  assert.ok(tlogs.some(({ baseURL }) => baseURL === "https://rekor.sigstore.dev"));
});

const WRONG: readonly (readonly [name: string, content: unknown, problem: RegExp])[] = [
  ["no JSON", "nonsense", /Cannot use trusted root "\/.*": .*JSON/],
  ["an empty object", {}, /it names no certificate authority/],
  ["a list of roots", "{}\n{}\n", /Cannot use trusted root/],
  [
    "keys that are none",
    { tlogs: [{ baseUrl: "https://x", publicKey: { rawBytes: "AAAA" } }] },
    /Cannot use trusted root/,
  ],
  ["more than any root holds", { padding: "x".repeat(1024 * 1024) }, /it has \d+ bytes, expected at most 1048576/],
];

test("readTrustedRoot() refuses a file with", async (t) => {
  for (const [name, content, problem] of WRONG) {
    await t.test(name, () =>
      assert.rejects(readRoot(t, content), (error) => hasCode(error, "CONFIG_INVALID") && problem.test(error.message)),
    );
  }
});

test("readTrustedRoot() refuses a root that could vouch for no time", async (t) => {
  const { trustedRoot } = await createSigstore();
  const timeless = { ...trustedRoot, tlogs: [], timestampAuthorities: [] };
  await assert.rejects(readRoot(t, timeless), /neither a log nor a timestamp authority/);
});

test("readTrustedRoot() says which file is missing", async (t) => {
  const path = `${tempDirectory(t)}/nothing.json`;
  await assert.rejects(readTrustedRoot(path), (error) => hasCode(error, "FILE_SYSTEM") && error.message.includes(path));
});
