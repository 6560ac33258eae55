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
});
