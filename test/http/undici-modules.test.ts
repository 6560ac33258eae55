import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import connect from "undici/lib/api/api-connect.js";
import buildConnector from "undici/lib/core/connect.js";
import Agent from "undici/lib/dispatcher/agent.js";
import Pool from "undici/lib/dispatcher/pool.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";

/**
 * The version whose private modules were read. Before this is changed: that its connector still takes
 * `rejectUnauthorized`, `lookup` and `allowH2`, that `onResponseStart` still comes for 1xx answers, that ProxyAgent still
 * takes `clientFactory`, and that the tests of this directory pass.
 */
const READ_VERSION = "8.12.4";

const ROOT = join(import.meta.dirname, "..", "..");
const require = createRequire(import.meta.url);

test("undici is the very version whose private modules were read, wherever it is named", () => {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path), "utf8"));
  assert.equal(read("node_modules/undici/package.json").version, READ_VERSION);
  assert.equal(read("package.json").dependencies.undici, READ_VERSION);
  assert.equal(read("packages/oci/package.json").dependencies.undici, READ_VERSION);
});

test("undici's private modules are those that its index exports", () => {
  const index = require("undici");
  assert.equal(Agent, index.Agent);
  assert.equal(Pool, index.Pool);
  assert.equal(ProxyAgent, index.ProxyAgent);
  assert.equal(buildConnector, index.buildConnector);
  assert.equal(connect, require("undici/lib/api").connect);
  for (const module of [Agent, Pool, ProxyAgent, buildConnector, connect]) assert.equal(typeof module, "function");
});

test("undici's private modules are imported in src/http alone, each of them declared", () => {
  const declared = new Set(modulesIn("src/http/undici-modules.d.ts"));
  for (const path of readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts") || path.endsWith(".d.ts")) continue;
    for (const name of modulesIn(join("src", path))) {
      assert.ok(path.startsWith("http/"), `${path} imports ${name}`);
      assert.ok(declared.delete(name), `${name} is declared, and imported once`);
    }
  }
  assert.deepEqual([...declared], []);
});

function modulesIn(path: string): readonly string[] {
  return [...readFileSync(join(ROOT, path), "utf8").matchAll(/"(undici\/[^"]+)"/g)].map(([, name = ""]) => name);
}
