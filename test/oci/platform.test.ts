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
  ["linux/amd64", ["linux/aarch64", "linux/x86_64"], 1],
  ["linux/aarch64", ["linux/amd64", "linux/arm64/v8"], 1],
  ["linux/constructor", ["linux/amd64"], null],
];

test("selectPlatform() takes a platform that is written in capitals", () => {
  const manifests = [{ ...describe(Buffer.from("0"), OCI_MANIFEST), platform: { os: "Linux", architecture: "AMD64" } }];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  const document = parseManifestDocument(bytes, OCI_INDEX, null);
  assert.ok(document.kind === "index" && selectPlatform(document.index, parsePlatform("linux/amd64")) !== undefined);
});

test("selectPlatform() takes what fits best", async (t) => {
  for (const [wanted, platforms, found] of CASES) {
    await t.test(`${wanted} of ${platforms.join(", ")}`, () => {
      const select = () => selectPlatform(indexOf(platforms), parsePlatform(wanted));
      if (found !== null) assert.equal(select().digest, describe(Buffer.from(String(found)), "").digest);
      else assert.throws(select, (error) => hasCode(error, "PLATFORM_UNSUPPORTED") && error.hint !== undefined);
    });
  }
});

/** Features that the machine has, those that each manifest needs, and which is taken. */
const FEATURES: readonly (readonly [
  has: readonly string[] | undefined,
  needs: readonly (readonly string[])[],
  found: number | null,
])[] = [
  [["libc.glibc"], [["libc.musl"], ["libc.glibc"]], 1],
  [["libc.glibc"], [["libc.glibc"], []], 1],
  [["libc.glibc", "libc.musl"], [["libc.musl"], ["libc.glibc"]], 1],
  [["libc.glibc"], [["libc.musl"]], null],
  [["libc.glibc"], [["libc.glibc", "libc.musl"]], null],
  [[], [["libc.glibc"]], null],
  [[], [["libc.glibc"], []], 1],
  [["libc.glibc"], [["other"]], 0],
  [undefined, [["libc.musl"], []], 0],
];

test("selectPlatform() takes no manifest that needs a missing C library", async (t) => {
  for (const [has, needs, found] of FEATURES) {
    await t.test(`${JSON.stringify(has)} of ${JSON.stringify(needs)}`, () => {
      const index = indexOf(needs.map(() => "linux/amd64"));
      const manifests = index.manifests.map((manifest, position) => ({
        ...manifest,
        platform: { os: "linux", architecture: "amd64", osFeatures: needs[position] ?? [] },
      }));
      const wanted = { os: "linux", architecture: "amd64", ...(has === undefined ? {} : { osFeatures: has }) };
      const select = () => selectPlatform({ ...index, manifests }, wanted, "x");
      if (found !== null) assert.equal(select().digest, manifests[found]?.digest);
      else assert.throws(select, { code: "PLATFORM_UNSUPPORTED" });
    });
  }
});

test("selectPlatform() lists the C libraries if none fits", () => {
  const index = indexOf(["linux/amd64", "linux/arm64"]);
  const [first, second] = index.manifests;
  assert.ok(first !== undefined && second !== undefined);
  const musl = { ...first, platform: { os: "linux", architecture: "amd64", osFeatures: ["libc.musl"] } };
  const wanted = { os: "linux", architecture: "amd64", osFeatures: ["libc.glibc"] };
  assert.throws(() => selectPlatform({ ...index, manifests: [musl, second] }, wanted, "x"), {
    message: 'Cannot use "x": expected linux/amd64 with glibc or static, found linux/amd64 (musl), linux/arm64',
  });
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
