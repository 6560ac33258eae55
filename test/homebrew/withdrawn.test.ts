import assert from "node:assert/strict";
import { test } from "node:test";
import { SKIP_BOTTLES } from "./compile.ts";
import { makeHomebrewWorld } from "./homebrew-world.ts";

test("what is installed and gone from the formulae is not another formula that has its program", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  assert.equal((await world.pkg(["install", "greet"])).code, 0);
  world.serve(
    world.formulae.filter(({ name }) => name !== "greet"),
    "2".repeat(40),
  );
  assert.equal((await world.pkg(["sync"])).code, 0);
  for (const command of ["install", "reinstall"]) {
    const { code, stderr } = await world.pkg([command, "greet"]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /its repository "homebrew" does not have it any more/);
  }
  assert.doesNotMatch((await world.pkg(["list", "--all"])).stdout, /greet@1/);
  const successor = { ...world.newerGreet, name: "salute", oldNames: ["greet"], aliases: [] };
  world.serve([...world.formulae.filter(({ name }) => name !== "greet"), successor], "3".repeat(40));
  assert.equal((await world.pkg(["sync"])).code, 0);
  assert.match(
    (await world.pkg(["update"])).stdout,
    /^= greet 1\.2\.0_1 stays as it is: .*"homebrew" calls it "salute" now$/m,
  );
  const named = await world.pkg(["update", "greet"]);
  assert.match(named.stderr, /calls it "salute" now\nhint: Run `pkg remove greet`, then `pkg install salute`$/m);
});
