import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { createPackageIndexes } from "../../src/index-database/package-indexes.ts";
import { parseNamedSpec } from "../../src/package/spec.ts";
import { areDecided } from "../../src/resolve/is-decided.ts";
import { TEST_KEY } from "../homebrew/envelope.ts";
import { serve } from "../http/local-server.ts";
import { formulae, head, makeFormulaWorld } from "../repositories/formula-world.ts";

/** What is typed, the repositories that have answered, and whether the others can be done without. */
const CASES: readonly (readonly [typed: string, settled: string, isDecided: boolean])[] = [
  ["jq", "homebrew", true],
  ["jayq", "homebrew", true],
  ["jq@1", "homebrew", true],
  ["jq jayq", "homebrew", true],
  ["jq", "later", false],
  ["jq:later", "later", true],
  ["jq:homebrew", "later", false],
  ["jq@7", "homebrew", false],
  ["jq nothing", "homebrew", false],
  ["program", "homebrew", false],
  ["JQ", "homebrew", false],
  ["ended", "homebrew", false],
];

test("areDecided() is true once no repository that is waited for could change what names mean", async (t) => {
  const world = await makeFormulaWorld(t);
  appendFileSync(
    join(world.home, "config.toml"),
    `[repositories.later]\nkind = "homebrew"\nurl = "${world.api.url}"\nkeys = ["${TEST_KEY.spki}"]\n`,
  );
  const [jq, ended] = formulae("jq", "ended");
  assert.ok(jq !== undefined && ended !== undefined);
  const disabled = { date: "2020-01-01", because: "it ended" };
  world.serve(
    [
      { ...jq, aliases: ["jayq"], executables: ["program"] },
      { ...ended, disabled },
    ],
    head(1),
  );
  assert.equal((await world.sync()).code, 0);
  const config = loadConfig({ env: {}, platform: "linux", arch: "x64", flags: { home: world.home } });
  const cap = { config, indexes: createPackageIndexes(config.paths.index), installations: { get: () => null } };
  for (const [typed, settled, expected] of CASES) {
    const usable = config.repositories.filter(({ name }) => name === settled);
    const specs = typed.split(" ").map(parseNamedSpec);
    assert.equal(areDecided(cap, specs, { names: new Set([settled]), usable }), expected, `${typed} in ${settled}`);
  }
});

test("install does not wait for a repository that never answers once an earlier one has the name", async (t) => {
  const world = await makeFormulaWorld(t);
  const { origin } = await serve(t, () => {});
  appendFileSync(join(world.home, "config.toml"), `[repositories.silent]\nurl = "${origin}/index.json"\n`);
  world.serve(formulae("hop"), head(1));
  const { code, stdout, stderr } = await world.pkg(["install", "hop", "--dry-run"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /would install hop 1\.0/);
  assert.match(stderr, /^note: silent was not waited for.*`pkg sync silent`/m);
});
