import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { configText, makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import { runPkg } from "../support/run-pkg.ts";
import { shortDirectory } from "../support/temp-home.ts";

test("bundle create takes bottles with what they need and the signed formulae, and they are poured from it", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  assert.equal((await world.pkg(["install", "greet"])).code, 0);
  const made = await world.pkg(["bundle", "create", "greet", "-o", "greet.tar"]);
  assert.equal(made.code, 0, made.stderr);
  assert.doesNotMatch(made.stderr, /records nothing/);
  assert.match(made.stdout, /dependency[\s\S]*index of homebrew .* signed/);
  assert.match(made.stderr, /needs the package gcc too/);

  const home = shortDirectory(t);
  const nowhere = { api: world.api.url, mirror: world.registryUrl };
  writeFileSync(join(home, "config.toml"), configText({ ...nowhere, prefix: join(home, "brew") }));
  const before = world.requests.length;
  const file = join(world.home, "greet.tar");
  const installed = await runPkg(["install", "--from", file], { home });
  assert.equal(installed.code, 0, installed.stderr);
  assert.equal(spawnSync(join(home, "bin/greet")).status, 0);
  assert.match((await runPkg(["verify"], { home })).stdout, /ok greet/);
  const added = await runPkg(["repo", "add", file, "--offline"], { home });
  assert.equal(added.code, 0, added.stderr);
  assert.equal((await runPkg(["install", "greet", "--reinstall", "--offline"], { home })).code, 0);
  assert.equal(world.requests.length, before);
});
