import assert from "node:assert/strict";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";

const HELD = /greet stays at 1\.2\.0_1, as it is pinned; 1\.3\.0 is available: `pkg unpin greet` frees it/;

test("a pinned dependency refuses what needs it changed, and nothing else", { skip: SKIP_BOTTLES }, async (t) => {
  const world = await makeHomebrewWorld(t);
  const needing = world.formulae.map((formula) =>
    ["olddep", "allpkg"].includes(formula.name) ? { ...formula, dependencies: ["greet"] } : formula,
  );
  world.serve(needing, "b".repeat(40));
  await world.pkg(["sync"]);
  assert.equal((await world.pkg(["install", "olddep"])).code, 0);
  await world.pkg(["pin", "greet"]);
  world.serve(
    needing.map((formula) => (formula.name === "greet" ? world.newerGreet : formula)),
    "c".repeat(40),
  );
  await world.pkg(["sync"]);
  assert.match((await world.pkg(["changes"])).stdout, HELD);
  assert.partialDeepStrictEqual(JSON.parse((await world.pkg(["changes", "--json"])).stdout), {
    packages: [{ state: "held", name: "greet", isPinned: true, availableVersion: "1.3.0" }],
  });
  for (const line of [["update"], ["update", "olddep"], ["install", "olddep"], ["reinstall", "olddep"]]) {
    const { code, stderr } = await world.pkg(line);
    assert.equal(code, 0, `${line.join(" ")}: ${stderr}`);
    assert.doesNotMatch(stderr, /1\.3\.0(?! is available)/, line.join(" "));
  }
  const refused = await world.pkg(["install", "allpkg", "cyc-a", "--json"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /Cannot change "greet" to 1\.3\.0: it is pinned.*\n.*`pkg unpin greet`/);
  const { packages } = JSON.parse(refused.stdout);
  const acts = packages.map(({ action, name }: { action: string; name: string }) => `${action} ${name}`);
  assert.deepEqual(acts.toSorted(), ["fail allpkg", "fail greet", "install cyc-a", "install cyc-b"]);
  assert.match((await world.pkg(["list", "--all"])).stdout, /greet +1\.2\.0_1/);
});
