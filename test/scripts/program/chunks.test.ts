import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Chunk, programChunks } from "../../../scripts/program/chunks.ts";
import { bundleBoot, plainScript } from "../../../scripts/program/scripts.ts";
import { tempDirectory } from "../../support/temp-home.ts";

const directory = tempDirectory({ after });
let chunks: readonly Chunk[] = [];

before(async () => {
  const files = {
    "entry.ts": `#!/usr/bin/env node
import { shared } from "./shared.ts";
const words = process.argv.slice(2);
const { dash } = words[0] === "late" ? await import("./late.ts") : { dash: "none" };
console.log(JSON.stringify([dash, shared(), globalThis.evaluated ?? []]));`,
    "shared.ts": `const tagged = ([text]) => text.length;
export const shared = () => tagged\`a—b\` + "é".length;`,
    "late.ts": `import { shared } from "./shared.ts";
globalThis.evaluated = ["late"];
export const dash = /^[—¹]$/u.exec("—")?.[0] === "—" && shared() === 4;`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  chunks = await programChunks(join(directory, "entry.ts"), []);
});

test("programChunks() gives the entry first, and what is imported dynamically apart from it", () => {
  assert.equal(chunks[0]?.name, "./entry.js");
  assert.equal(chunks.length, 3);
  assert.equal(chunks.filter(({ code }) => code.includes("evaluated=")).length, 1);
});

test("programChunks() gives nothing but ASCII, also in regular expressions and templates", () => {
  for (const { name, code } of chunks) assert.match(code, /^[\0-\x7f]*$/, name);
});

test("a program starts from its script, and evaluates a chunk when it is imported", () => {
  const { assets, ...program } = plainScript(chunks, join(directory, "scripts"));
  const boot = join(directory, "boot.cjs");
  bundleBoot("boot-built.ts", boot, { PROGRAM: program });
  // Outside an executable there are no assets of one.
  const stub = `const assets = ${JSON.stringify(assets)};
require("node:module").prototype.require = ((own) => function (name) {
  return name === "node:sea" ? { getRawAsset: (asset) => require("node:fs").readFileSync(assets[asset]) } : own.call(this, name);
})(require("node:module").prototype.require);\n`;
  writeFileSync(boot, `${stub}${readFileSync(boot, "utf8")}`);
  const run = (...words: readonly string[]): unknown =>
    JSON.parse(execFileSync(process.execPath, [boot, ...words], { encoding: "utf8" }));
  assert.deepEqual(run(), ["none", 4, []]);
  assert.deepEqual(run("late"), [true, 4, ["late"]]);
});
