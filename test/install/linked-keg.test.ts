import assert from "node:assert/strict";
import { existsSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";

test("pkg link puts the programs of a keg-only bottle into the bin directory", { skip: SKIP_BOTTLES }, async (t) => {
  const world = await makeHomebrewWorld(t);
  const said = async (...args: readonly string[]) => {
    const { stdout, stderr } = await world.pkg(args);
    return stdout + stderr;
  };
  const link = (name: string) => join(world.home, "bin", name);
  assert.match(await said("install", "shade"), /they are in \S+shade\/bin: `pkg link shade` links them/);
  assert.match(await said("unlink", "shade"), /no programs in the bin directory, as before/);
  assert.match(await said("link", "shade", "--dry-run"), /would have shade, umbra/);
  assert.match(await said("link", "shade:umbra"), /has umbra in/);
  assert.deepEqual(
    ["shade", "umbra"].map((name) => existsSync(link(name))),
    [false, true],
  );
  writeFileSync(link("shade"), "mine");
  assert.match(await said("link", "shade"), /pkg did not place .*\n.*--force/);
  assert.match(await said("link", "shade", "--force"), /has umbra, shade in/);
  assert.match(readlinkSync(link("shade")), /Cellar\/shade\/3\.0\/bin\/shade$/);
  const again = await said("reinstall", "shade");
  assert.doesNotMatch(again, /keg-only/);
  assert.match(await said("verify", "shade"), /ok shade/);
  assert.match(readlinkSync(link("shade")), /Cellar/, again);
  assert.match(await said("unlink", "shade"), /is .*\/bin\/shade" again/);
  assert.equal(readFileSync(link("shade"), "utf8"), "mine");
  assert.match(await said("undo"), /shade/);
  assert.match(readlinkSync(link("shade")), /Cellar/);
  assert.match(await said("remove", "shade"), /again/);
  assert.equal(readFileSync(link("shade"), "utf8"), "mine");
});

test("pkg link gives a dependency its programs, and a keg-only one takes a command over and gives it back", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const owner = () => readlinkSync(join(world.home, "bin/greet")).match(/Cellar\/([^/]+)/)?.[1];
  assert.equal((await world.pkg(["install", "greet", "greet@1"])).code, 0);
  const { code, stderr } = await world.pkg(["link", "libhail", "greet@1"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /was of greet, and is of greet@1 now/);
  assert.equal(existsSync(join(world.home, "bin/hail-config")), true);
  assert.equal(owner(), "greet@1");
  world.serve(
    world.formulae.map((formula) => (formula.name === "greet" ? world.newerGreet : formula)),
    "c".repeat(40),
  );
  await world.pkg(["sync"]);
  const updated = await world.pkg(["update"]);
  assert.equal(updated.code, 0, updated.stderr);
  assert.equal(owner(), "greet@1");
  assert.equal((await world.pkg(["remove", "greet@1"])).code, 0);
  assert.equal(owner(), "greet");
  assert.equal((await world.pkg(["install", "libhail"])).code, 0);
  assert.equal((await world.pkg(["verify"])).code, 0);
});
