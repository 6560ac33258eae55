import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256Digest } from "../../src/oci/digest.ts";
import { checkFacts } from "../../src/verify/check-facts.ts";
import { parsePublicKey } from "../../src/verify/minisign.ts";
import { createSigner } from "../support/minisign-signer.ts";

const HASHES = ["a", "b"].map((digit) => digit.repeat(64));

test("checkFacts() refuses facts of another program than the one that will be placed, whatever else is beside it", () => {
  const signer = createSigner();
  const [own = "", other = ""] = HASHES;
  const entry = {
    ...{ pkg: "tool", pkg_name: "tool", pkg_id: "me.tool", pkg_type: "static", version: "1.0.0" },
    ...{ host: "x86_64-linux", ghcr_pkg: "ghcr.io/me/tool:1.0.0-x86_64-linux", shasum: own, bsum: own, size_raw: 1 },
    ...{ ghcr_blob: `ghcr.io/me/tool@sha256:${own}`, description: "A tool", provides: ["tool"] },
  };
  const bytes = Buffer.from(JSON.stringify(entry));
  const written = { title: "tool.json", bytes, signature: signer.sign(bytes, "tool.json") };
  const wanted = {
    ...{ name: "tool", version: "1.0.0", repository: "ghcr.io/me/tool", signedBefore: null, tellsMissing: false },
    ...{ machine: { host: "x86_64-linux", libcs: ["static" as const] }, written: null },
  };
  const policy = {
    ...{ require: ["digest", "signature"] as const, keys: [parsePublicKey(signer.publicKey)] },
    ...{ allowLegacy: false, provenance: null, skip: [] },
  };
  const check = (hex: string) =>
    checkFacts({ written, manifest: null, program: sha256Digest(hex) }, wanted, policy)?.name;
  assert.equal(check(own), "tool");
  const checkVersion = (version: string) =>
    checkFacts({ written, manifest: null, program: null }, { ...wanted, version }, policy)?.version;
  assert.equal(checkVersion("v1.0.0"), "1.0.0");
  assert.throws(() => checkVersion("v1.0.1"), { code: "FACTS_MISMATCH", message: /version is "1\.0\.0"/ });
  assert.throws(() => check(other), { code: "FACTS_MISMATCH", message: /its signed program is "sha256:a+"/ });
});
