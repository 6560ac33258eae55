import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { parseManifestDocument } from "../../src/oci/manifest.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { formatPlatform, parsePlatform, selectPlatform } from "../../src/oci/platform.ts";
import { describe } from "./sample-graph.ts";

function indexOf(platforms: readonly (string | null)[]) {
  const manifests = platforms.map((platform, position) => ({
    ...describe(Buffer.from(String(position)), OCI_MANIFEST),
    ...(platform === null ? {} : { platform: parsePlatform(platform) }),
  }));
  const document = parseManifestDocument(Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })), OCI_INDEX, null);
  assert.equal(document.kind, "index");
  return document.kind === "index" ? document.index : assert.fail();
}

const CASES: readonly (readonly [wanted: string, platforms: readonly (string | null)[], found: number | null])[] = [
  ["linux/amd64", ["linux/arm64", "linux/amd64"], 1],
  ["linux/amd64", [null, "windows/amd64", "linux/amd64/v2"], 2],
  ["linux/amd64", ["linux/amd64/v2", "linux/amd64"], 1],
  ["linux/arm64", ["linux/arm64/v8"], 0],
  ["linux/arm64/v8", ["linux/arm64"], 0],
  ["linux/arm", ["linux/arm/v6", "linux/arm/v7"], 1],
  ["linux/arm/v5", ["linux/arm/v6", "linux/arm/v7"], null],
  ["linux/riscv64", ["linux/amd64"], null],
  ["linux/amd64", [null], null],
];

test("selectPlatform() takes what fits best", async (t) => {
  for (const [wanted, platforms, found] of CASES) {
    await t.test(`${wanted} of ${platforms.join(", ")}`, () => {
      const select = () => selectPlatform(indexOf(platforms), parsePlatform(wanted));
      if (found !== null) assert.equal(select().digest, describe(Buffer.from(String(found)), "").digest);
      else assert.throws(select, (error) => hasCode(error, "PLATFORM_UNSUPPORTED") && error.hint !== undefined);
    });
  }
});

test("parsePlatform() reads what formatPlatform() writes, and nothing else", () => {
  for (const text of ["linux/amd64", "linux/arm/v7"]) assert.equal(formatPlatform(parsePlatform(text)), text);
  for (const text of ["", "linux", "linux/", "a/b/c/d", "linux/amd 64", "linux/amd64/"]) {
    assert.throws(
      () => parsePlatform(text),
      (error) => hasCode(error, "USAGE"),
    );
  }
});
