import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { shortDirectory } from "../support/temp-home.ts";
import { SKIP_BOTTLES } from "./compile.ts";
import { configText, makeHomebrewWorld } from "./homebrew-world.ts";

const CURE = "`pkg remove allpkg`, then `pkg install allpkg`";

test("of bottles that are elsewhere than the config has them, or than they were poured, each command says the same, and what it says cures it", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  let { home } = world;
  const pkg = (...args: readonly string[]) => runPkg(args, { home });
  const cure = async () => {
    assert.equal((await pkg("remove", "allpkg")).code, 0);
    const { code, stderr } = await pkg("install", "allpkg");
    assert.equal(code, 0, stderr);
    const verified = await pkg("verify");
    assert.deepEqual([verified.code, verified.stderr], [0, ""]);
  };
  assert.equal((await pkg("install", "allpkg")).code, 0);

  const facts = { api: world.api.url, mirror: world.registryUrl };
  writeFileSync(join(home, "config.toml"), configText({ ...facts, prefix: join(home, "other") }));
  const poured = `those that are installed are in "${world.prefix}", which their files name`;
  const back = `Set \`prefix = "${world.prefix}"\` where the config has their repository, or pour them again: ${CURE}`;
  for (const args of [["install", "allpkg"], ["update"], ["update", "--dry-run"], ["verify"]]) {
    const { code, stderr } = await pkg(...args);
    assert.equal(code, 0, stderr);
    assert.ok(stderr.includes(`warning: The config has bottles in "${home}/other": ${poured}. ${back}\n`), stderr);
  }
  const refused = await pkg("reinstall", "allpkg");
  assert.equal(refused.code, 2);
  assert.ok(
    refused.stderr.includes(`Cannot pour bottles into "${home}/other": ${poured}\nhint: ${back}`),
    refused.stderr,
  );
  await cure();

  const there = join(shortDirectory(t), "h");
  renameSync(home, there);
  home = there;
  writeFileSync(join(home, "config.toml"), configText({ ...facts, prefix: join(home, "other") }));
  const named = `hint: Move this home back, or pour them again: ${CURE}`;
  for (const args of [["install", "allpkg"], ["update"], ["verify"], ["reinstall", "allpkg"]]) {
    const { code, stderr } = await pkg(...args);
    assert.ok(code !== 0, args.join(" "));
    assert.equal(stderr.split(named).length, 2, stderr);
  }
  await cure();
});
