import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Chunk, programChunks } from "../../../scripts/program/chunks.ts";
import { bundleBoot, plainScript } from "../../../scripts/program/scripts.ts";
import { tempDirectory } from "../../support/temp-home.ts";

const directory = tempDirectory({ after });
let chunks: readonly Chunk[] = [];

const FILES = {
  "entry.ts": `#!/usr/bin/env node
import { shared, counted } from "./shared.ts";
import { unused } from "./unused.ts";
import { randomBytes } from "node:crypto";
import common from "common";
const [word] = process.argv.slice(2);
const isLoaded = (name) => process.moduleLoadList.includes("NativeModule " + name);
const before = [isLoaded("crypto"), globalThis.evaluated ?? []];
const { dash, Kind } = word === "late" ? await import("./late.ts") : { dash: null, Kind: null };
const used = word === "late" ? [randomBytes(2).length, common.twice(2), new Kind().name] : [];
if (word === "never") unused();
console.log(JSON.stringify({ before, dash, used, shared: shared(), counted, evaluated: globalThis.evaluated ?? [] }));`,
  "shared.ts": `export let counted = 0;
const tagged = ([text]) => text.length;
export const shared = () => { counted += 1; return tagged\`a—b\` + "é".length; };`,
  "base.ts": `export class Base { name = "base"; }`,
  "late.ts": `import { shared } from "./shared.ts";
import { Base } from "./base.ts";
globalThis.evaluated = ["late"];
export class Kind extends Base {}
export const dash = /^[—¹]$/u.exec("—")?.[0] === "—" && shared() === 4;`,
  "node_modules/common/index.js": "module.exports = { twice: (number) => 2 * number };",
  "unused.ts": `globalThis.evaluated = ["unused"];
export const unused = () => {};`,
};

before(async () => {
  mkdirSync(join(directory, "node_modules/common"), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text);
  chunks = await programChunks(join(directory, "entry.ts"), []);
});

test("programChunks() makes a chunk of each module, the entry's first", () => {
  assert.match(chunks[0]?.code ?? "", /moduleLoadList/);
  const withText = (text: string) => chunks.filter(({ code }) => code.includes(text)).length;
  assert.deepEqual(["evaluated=[", "counted+=1", '"base"'].map(withText), [2, 1, 1]);
});

test("programChunks() gives nothing but ASCII, also in regular expressions and templates", () => {
  for (const { name, code } of chunks) assert.match(code, /^[\0-\x7f]*$/, name);
});

test("a program starts from its script, and evaluates a module when something of it is used", () => {
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
  const nothing = { before: [false, []], dash: null, used: [], shared: 4, counted: 1, evaluated: [] };
  assert.deepEqual(run(), nothing);
  assert.deepEqual(run("never"), { ...nothing, evaluated: ["unused"] });
  assert.deepEqual(run("late"), { ...nothing, dash: true, used: [2, 4, "base"], counted: 2, evaluated: ["late"] });
});
