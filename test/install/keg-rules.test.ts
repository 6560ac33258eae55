import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { TEST_KEY } from "../homebrew/envelope.ts";
import { type HomebrewWorld, makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import type { SampleFormula } from "../homebrew/sample-formula.ts";

const WITH_BOTTLES = { skip: SKIP_BOTTLES };

/** Serves the formulae with other facts of some, from now on. */
async function change(world: HomebrewWorld, facts: Readonly<Record<string, Partial<SampleFormula>>>, head: string) {
  world.serve(
    world.formulae.map((formula) => ({ ...formula, ...facts[formula.name] })),
    head.repeat(40),
  );
  assert.equal((await world.pkg(["sync"])).code, 0);
}

test(
  "pkg install warns of a deprecated formula, and refuses one that is disabled or has no bottle",
  WITH_BOTTLES,
  async (t) => {
    const world = await makeHomebrewWorld(t);
    const old = await world.pkg(["install", "olddep"]);
    assert.equal(old.code, 0);
    assert.match(old.stderr, /^warning: olddep is deprecated since 2025-01-31: unmaintained$/m);
    assert.doesNotMatch((await world.pkg(["install", "olddep"])).stderr, /deprecated/);
    const refused = [
      ["gone", /Cannot install "gone": it is disabled since 2025-06-30: it phones home/],
      ["nobottle", /Cannot install "nobottle": there is no bottle of it for \w+_linux/],
    ] as const;
    for (const [name, words] of refused) {
      const { code, stdout } = await world.pkg(["install", name, "--json"]);
      const [item] = JSON.parse(stdout).packages;
      assert.deepEqual([code, item.error.code], [1, "PACKAGE_UNINSTALLABLE"], name);
      assert.match(item.error.message, words);
    }
    assert.match((await world.pkg(["info", "gone"])).stdout, /state +disabled since 2025-06-30: it phones home/);
  },
);

test(
  "pkg install refuses a keg that conflicts with one that is linked, or that was named with it",
  WITH_BOTTLES,
  async (t) => {
    const world = await makeHomebrewWorld(t);
    const conflicts = { "cyc-a": "both have a ring", shade: "both are dark" };
    await change(world, { allpkg: { conflicts }, olddep: { dependencies: ["allpkg"] } }, "c");
    const both = await world.pkg(["install", "cyc-a", "olddep"]);
    assert.equal(both.code, 1);
    assert.match(
      both.stderr,
      /Cannot install "allpkg": it conflicts with "cyc-a" of homebrew, which is to be installed too/,
    );
    assert.match(both.stderr, /Cannot install "olddep": "allpkg", which it needs, failed/);
    const { code, stderr } = await world.pkg(["install", "allpkg"]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /it conflicts with "cyc-a" of homebrew, which is installed: both have a ring\n.*`pkg remove cyc-a`/,
    );
    await world.pkg(["remove", "cyc-a"]);
    // What is keg-only is not linked.
    assert.equal((await world.pkg(["install", "shade", "allpkg"])).code, 0);
    // Its archive is not kept, but its files are.
    const again = await world.pkg(["install", "allpkg", "--reinstall", "--offline"]);
    assert.match(again.stdout, /^\+ allpkg 2024\.1 +from the store/m);
    assert.doesNotMatch(again.stderr, /was not as it was placed/);
  },
);

test("pkg update takes a higher version scheme for newer, whatever the versions say", WITH_BOTTLES, async (t) => {
  const world = await makeHomebrewWorld(t);
  world.serve([...world.formulae.filter(({ name }) => name !== "greet"), world.newerGreet]);
  assert.equal((await world.pkg(["install", "greet"])).code, 0);
  await change(world, {}, "d");
  assert.doesNotMatch((await world.pkg(["outdated"])).stdout, /→/);
  await change(world, { greet: { versionScheme: 1 } }, "e");
  assert.match((await world.pkg(["outdated"])).stdout, /greet +1\.3\.0 → 1\.2\.0_1/);
  assert.match((await world.pkg(["update"])).stdout, /^~ greet 1\.3\.0 → 1\.2\.0_1/m);
});

test("pkg install pours a dependency beside another owner's package of its name", WITH_BOTTLES, async (t) => {
  const world = await makeHomebrewWorld(t);
  writeFileSync(join(world.home, "shade"), "#!/bin/sh\necho mine\n", { mode: 0o755 });
  const reference = `${new URL(world.registryUrl).host}/me/shade:1.0`;
  for (const line of [`oci push ${reference} shade`, `install ${reference}`, "install greet"])
    assert.equal((await world.pkg(line.split(" "))).code, 0, line);
  assert.match((await world.pkg(["why", "shade:homebrew"])).stdout, /you asked for greet/);
  assert.match((await world.pkg(["install", "greet"])).stdout, /^= greet 1\.2\.0_1 is up to date\n$/);
  assert.match((await world.pkg(["install", "shade:homebrew"])).stdout, /^= shade:homebrew 3\.0 is asked for now/m);
  assert.equal((await world.pkg(["remove", "shade"])).code, 0);
  assert.equal((await world.pkg(["verify"])).code, 0);
  assert.match((await world.pkg(["list"])).stdout, /^shade:homebrew +3\.0/m);
});

test("pkg install takes the same bottle from two repositories once", WITH_BOTTLES, async (t) => {
  const world = await makeHomebrewWorld(t);
  const mirror = `[repositories.company]\nkind = "homebrew"\nurl = "${world.api.url}"\nkeys = ["${TEST_KEY.spki}"]\n`;
  appendFileSync(join(world.home, "config.toml"), mirror);
  for (const line of ["install scripty", "install greet:company"])
    assert.equal((await world.pkg(line.split(" "))).code, 0, line);
  assert.match((await world.pkg(["why", "shade"])).stdout, /asked for greet.*\n.*asked for scripty/);
});
