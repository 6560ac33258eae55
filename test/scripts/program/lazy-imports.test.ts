import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { startProgram } from "../../../scripts/program/boot.ts";
import { programChunks } from "../../../scripts/program/chunks.ts";
import { plainScript } from "../../../scripts/program/scripts.ts";
import { MIGRATIONS } from "../../../src/state/migration-steps.ts";
import { NEWEST_VERSION } from "../../../src/state/migrations.ts";
import { tempDirectory } from "../../support/temp-home.ts";

const SOURCE = (root: string) => `
import { randomBytes, type Hash } from "node:crypto";
import { request } from "https";
import { parse } from "smol-toml";
import semver from "semver";
import { MIGRATIONS as steps } from "${root}/src/state/migration-steps.ts";
const look = (what: string): Hash | void => globalThis.looked(what);
look("evaluated");
look(String([randomBytes(2).length, parse("a = 1").a, semver.satisfies("1.2.3", "^1.0"), steps.length]));
look(typeof request);
`;

test("lazyImports() makes the program load modules of Node, packages and some of its own when they are used", async (t) => {
  const directory = tempDirectory(t);
  const entry = join(directory, "entry.ts");
  writeFileSync(entry, SOURCE(join(import.meta.dirname, "../../..")));
  const chunks = await programChunks(entry, []);
  const { scriptOf, assets } = plainScript(chunks, directory);
  const events: string[] = [];
  const load = createRequire(import.meta.url);
  const own = new Proxy(scriptOf, {
    get: (all, name: string) => {
      if (name.startsWith("./lazy-")) events.push(name);
      return all[name];
    },
  });
  Object.assign(globalThis, { looked: (what: string) => events.push(what) });
  startProgram({
    entry: chunks[0]?.name ?? "",
    scriptOf: own,
    asset: (name) => (name in assets ? readFileSync(assets[name] ?? "") : null),
    require: (name) => {
      events.push(name);
      return load(name);
    },
  });
  const order = [
    "evaluated",
    "node:crypto",
    "./lazy-smol-toml.js",
    "./lazy-semver.js",
    "./lazy-state-migration-steps.js",
  ];
  assert.deepEqual(events, [...order, `2,1,true,${MIGRATIONS.length}`, "https", "function"]);
});

test("NEWEST_VERSION counts the steps, which are not loaded to know it", () => {
  assert.equal(NEWEST_VERSION, MIGRATIONS.length);
});
