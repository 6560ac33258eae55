import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";
import type { Cleanup } from "../support/temp-home.ts";

const ONE = { version: "1.0" };

/** `app` needs `lib`, and that and `base` need each other; `tool` needs `base`. */
async function makeHome(t: Cleanup) {
  const home = await makeDependencyHome(t);
  await home.serve(
    { name: "app", ...ONE, needs: ["lib"] },
    { name: "lib", ...ONE, needs: ["base"] },
    { name: "base", ...ONE, needs: ["lib"] },
    { name: "tool", ...ONE, needs: ["own"] },
    { name: "own", ...ONE },
  );
  await home.ok("install app tool");
  return home;
}

test("pkg remove takes along what nothing needs any more, in one unit, and leaves it with --keep-deps", async (t) => {
  const home = await makeHome(t);
  assert.match((await home.ok("remove app --dry-run")).stdout, /would remove base 1\.0 \(nothing needs it\)/);
  const { stdout } = await home.ok("remove app");
  assert.match(stdout, /^- app 1\.0$/m);
  assert.match(stdout, /^- lib 1\.0 {2}nothing needs it$/m);
  assert.deepEqual(await home.installed(), ["own 1.0", "*tool 1.0"]);
  await home.ok("remove tool --keep-deps");
  assert.deepEqual(await home.installed(), ["own 1.0"]);
  assert.match((await home.ok("list")).stdout, /^only 1 dependency; /);
  assert.match((await home.ok("why own")).stdout, /^own 1\.0: nothing needs it; `pkg autoremove` removes it$/m);
  await home.ok("install app");
  await home.ok("remove app");
  assert.deepEqual(await home.installed(), ["own 1.0"]);
  assert.match((await home.ok("autoremove --dry-run")).stdout, /would remove own 1\.0/);
  assert.match((await home.ok("autoremove")).stdout, /^- own 1\.0/m);
  assert.match((await home.ok("autoremove")).stderr, /Nothing to remove/);
  await home.ok("install base");
  const both = await home.ok("remove base");
  assert.match(both.stdout, /^- lib 1\.0 {2}nothing needs it$/m);
  assert.doesNotMatch(both.stderr, /lib needs base/, "what goes along is not told to be without what it needs");
});

test("pkg remove refuses what others need, and pkg why shows what holds it", async (t) => {
  const home = await makeHome(t);
  const { code, stderr } = await home.pkg(["remove", "base"]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot remove "base": "lib" needs it\n.*`pkg why base` shows who needs it; --force/);
  assert.match(
    (await home.ok("why base")).stdout,
    /^base 1\.0: you asked for app, which needs lib, which needs base$/m,
  );
  assert.match((await home.ok("why app")).stdout, /^app 1\.0: you asked for it$/m);
  const { document } = await home.json("why", "lib", "nosuch");
  const packages = [
    { name: "lib", isDependency: true, chains: [["app", "lib"]] },
    { error: { code: "NOT_INSTALLED" } },
  ];
  assert.partialDeepStrictEqual(document, { packages });
  const forced = await home.ok("remove base --force");
  assert.match(forced.stderr, /lib needs base, which is removed/);
  assert.deepEqual(await home.installed(), ["*app 1.0", "lib 1.0", "own 1.0", "*tool 1.0"]);
  assert.match(forced.stderr, /`pkg update lib` brings it back/);
  await home.ok("update lib");
  assert.deepEqual(await home.installed(), ["*app 1.0", "base 1.0", "lib 1.0", "own 1.0", "*tool 1.0"]);
});

test("pkg remove of what was asked for and is needed keeps it as a dependency, without its programs", async (t) => {
  const home = await makeHome(t);
  await home.ok("install own");
  const program = join(home.path, "bin", "own");
  assert.ok(existsSync(program));
  assert.match((await home.ok("remove own")).stdout, /^= own 1\.0 stays as a dependency: tool needs it$/m);
  assert.ok(!existsSync(program));
  await home.ok("install own");
  assert.ok(existsSync(program));
  await home.ok("remove own tool --yes");
  assert.deepEqual(await home.installed(), ["*app 1.0", "base 1.0", "lib 1.0"]);
});

test("pkg list shows what was asked for, and counts the rest; pkg info --deps draws the tree", async (t) => {
  const home = await makeHome(t);
  const { stdout } = await home.ok("list");
  assert.match(stdout, /^app .*\ntool .*\nand 3 dependencies; `pkg list --all` shows all\n$/);
  assert.match((await home.ok("list --all")).stdout, /^base .* dependency$/m);
  assert.match((await home.ok("list base")).stdout, /^base /);
  assert.equal(
    (await home.ok("info app --deps")).stdout,
    "app 1.0, installed\n└─ lib 1.0, installed\n   └─ base 1.0, installed\n      └─ lib 1.0, installed (a cycle)\n",
  );
  const { document } = await home.json("info", "app", "--deps", "--offline");
  const closure = [{ name: "base", installedVersion: "1.0", dependencies: ["lib"] }, { name: "lib" }];
  assert.partialDeepStrictEqual(document, { packages: [{ name: "app", dependencies: ["lib"], closure }] });
});
