import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { build } from "esbuild";
import { lazyImports } from "../../../scripts/program/lazy-imports.ts";

const SOURCE = `
import { randomBytes } from "node:crypto";
import { parse } from "smol-toml";
import semver from "semver";
import { request } from "https";
const isLoaded = (name) => process.moduleLoadList.includes("NativeModule " + name);
const before = ["crypto", "https"].filter(isLoaded);
const used = [randomBytes(2).length, parse("a = 1").a, semver.satisfies("1.2.3", "^1.0")];
console.log(JSON.stringify({ before, used, crypto: isLoaded("crypto"), https: isLoaded("https"), request: typeof request }));
`;

test("lazyImports() makes a bundle load modules of Node and packages when they are used", async () => {
  const result = await build({
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    write: false,
    plugins: [lazyImports()],
  });
  const bundle = result.outputFiles[0]?.text ?? "";
  const output = execFileSync(process.execPath, ["--input-type=commonjs"], { input: bundle, encoding: "utf8" });
  // The last of them asks for what https exports.
  assert.deepEqual(JSON.parse(output), {
    before: [],
    used: [2, 1, true],
    crypto: true,
    https: false,
    request: "function",
  });
});
