import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { addressOf, createEndpoints, type EndpointSources } from "../../src/registry-client/endpoints.ts";

function told(registry: string, sources: Partial<EndpointSources> = {}): readonly string[] {
  const endpoints = createEndpoints({ registries: {}, plainHttp: () => false, ...sources });
  return endpoints(registry).map(({ kind, base, presetToken }) => `${kind} ${base.href} ${presetToken ?? "-"}`);
}

test("createEndpoints() asks the registry alone when no mirror is configured", () => {
  assert.deepEqual(told("r.example"), ["registry https://r.example/ -"]);
  assert.deepEqual(told("constructor"), ["registry https://constructor/ -"]);
});

test("createEndpoints() asks mirrors in order, then the registry, whose token no mirror gets", () => {
  const mirrors = ["http://127.0.0.1:5000", "https://m.example/ghcr"];
  assert.deepEqual(told("ghcr.io", { registries: { "ghcr.io": { mirrors, mirrorOnly: false } } }), [
    "mirror http://127.0.0.1:5000/ -",
    "mirror https://m.example/ghcr/ -",
    "registry https://ghcr.io/ QQ==",
  ]);
});

test("createEndpoints() stops at the mirrors when mirrorOnly is set", () => {
  const registries = { "ghcr.io": { mirrors: ["http://127.0.0.1:5000"], mirrorOnly: true } };
  assert.deepEqual(told("ghcr.io", { registries }), ["mirror http://127.0.0.1:5000/ -"]);
});

test("createEndpoints() uses plain http where it may", () => {
  assert.deepEqual(told("[::1]:5000", { plainHttp: (registry) => registry === "[::1]:5000" }), [
    "registry http://[::1]:5000/ -",
  ]);
});

test("createEndpoints() uses the address of Docker Hub's API", () => {
  assert.deepEqual(told("docker.io"), ["registry https://registry-1.docker.io/ -"]);
});

test("createEndpoints() refuses mirrorOnly without a mirror", () => {
  const registries = { "ghcr.io": { mirrors: [], mirrorOnly: true } };
  assert.throws(
    () => told("ghcr.io", { registries }),
    (error) => hasCode(error, "CONFIG_INVALID"),
  );
});

for (const mirror of [
  "127.0.0.1:5000",
  "ftp://m.example",
  "file:///x",
  "https://u:p@m.example",
  "https://m.example/?a",
  "https://m.example/#a",
  "",
  "m.example",
]) {
  test(`createEndpoints() refuses the mirror "${mirror}"`, () => {
    const registries = { "ghcr.io": { mirrors: [mirror], mirrorOnly: false } };
    assert.throws(
      () => told("ghcr.io", { registries }),
      (error) => hasCode(error, "CONFIG_INVALID"),
    );
  });
}

const ADDRESSES: readonly (readonly [string, string, string])[] = [
  ["r.example/a/b", "https://m.example/", "https://m.example/v2/a/b/manifests/1"],
  ["r.example/a/b", "https://m.example/prefix/", "https://m.example/prefix/v2/a/b/manifests/1"],
  ["docker.io/alpine", "https://m.example/", "https://m.example/v2/library/alpine/manifests/1"],
  ["docker.io/a/b", "https://m.example/", "https://m.example/v2/a/b/manifests/1"],
];

for (const [reference, base, expected] of ADDRESSES) {
  test(`addressOf() puts "${reference}" below "${base}"`, () => {
    const endpoint = { kind: "mirror", base: new URL(base), presetToken: null } as const;
    assert.equal(addressOf(endpoint, parseReference(reference), "manifests/1").href, expected);
  });
}
