import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";
import type { Cleanup } from "../support/temp-home.ts";

const ONE = { version: "1.0" };

/** `app` needs `lib`; the user-wide file is changed by `declare`. */
async function makeHome(t: Cleanup) {
  const home = await makeDependencyHome(t);
  const serve = (version: string) =>
    home.serve(
      { name: "app", version, needs: ["lib"] },
      { name: "lib", ...ONE },
      { name: "tool", ...ONE, needs: ["own"] },
      { name: "own", ...ONE },
    );
  await serve("1.0");
  const declare = (...lines: readonly string[]) =>
    writeFileSync(join(home.path, "packages.toml"), ["[packages]", ...lines, ""].join("\n"));
  return { ...home, serveApp: serve, declare };
}

test("pkg apply adds, updates and, with --prune, removes, as one unit; a second one does nothing, without a request", async (t) => {
  const home = await makeHome(t);
  await home.ok("install tool lib");
  home.declare('app = "*"');
  const planned = await home.ok("apply --prune --dry-run");
  assert.match(
    planned.stdout,
    /would install app 1\.0 .*would remove tool 1\.0 .*would mark lib 1\.0 as a dependency/s,
  );
  assert.deepEqual(await home.installed(), ["*lib 1.0", "own 1.0", "*tool 1.0"]);
  const applied = await home.ok("apply --prune --yes");
  assert.match(applied.stdout, /^\+ app 1\.0/m);
  assert.match(applied.stdout, /^- tool 1\.0$/m);
  assert.match(applied.stdout, /^- 1 dependency that nothing needs any more: own 1\.0$/m);
  assert.match(applied.stdout, /^= lib 1\.0 is a dependency now$/m);
  assert.deepEqual(await home.installed(), ["*app 1.0", "lib 1.0"]);
  home.takeRequests();
  assert.match((await home.ok("apply --prune")).stdout, /^Nothing to do: all is as ".*packages\.toml" says$/m);
  assert.deepEqual(home.takeRequests(), []);
  await home.serveApp("1.1");
  assert.match((await home.ok("apply")).stdout, /^~ app 1\.0 → 1\.1/m);
  // A range is recorded, though the same stays.
  home.declare('app = "^1"');
  await home.ok("apply");
  await home.serveApp("2.0");
  await home.ok("update");
  assert.deepEqual(await home.installed(), ["*app 1.1", "lib 1.0"]);
});

test("pkg apply names what fails, does the rest, and prunes nothing that the file names", async (t) => {
  const home = await makeHome(t);
  await home.ok("install tool app");
  home.declare(
    'app = "9"',
    'nosuch = "*"',
    'lib = "*"',
    'gone = { github = "x/y" }',
    'far = { platforms = ["riscv64-linux"] }',
  );
  const { code, document } = await home.json("apply", "--prune", "--yes");
  assert.equal(code, 1);
  const { packages, path } = document as { packages: { name: string; action: string }[]; path: string };
  assert.equal(path, join(home.path, "packages.toml"));
  assert.deepEqual(
    new Set(packages.map(({ name, action }) => `${action} ${name}`)),
    new Set([...["fail app@9", "fail nosuch", "fail gone", "mark lib", "remove tool", "remove own"]]),
  );
  assert.deepEqual(await home.installed(), ["*app 1.0", "*lib 1.0"]);
});

test("pkg apply refuses a file of another profile, and of repositories that are not configured so", async (t) => {
  const home = await makeHome(t);
  const refused = async (text: string, ...more: readonly string[]) => {
    writeFileSync(join(home.path, "packages.toml"), text);
    const { code, stderr } = await home.pkg(["apply", "--prune", "--yes", ...more]);
    assert.notEqual(code, 0);
    return stderr;
  };
  assert.match(await refused('profile = "work"\n'), /Cannot find profile "work"/);
  assert.match(
    await refused('profile = "work"\n', "--profile=default"),
    /it is for the profile "work", and "default" is in use/,
  );
  assert.match(await refused('[repositories.mine]\nurl = "https://example.org/i.json"\n'), /`pkg repo add mine https:/);
  assert.match(await refused('[repositories.tools]\nurl = "https://example.org/i.json"\n'), /and "tools" is at "http/);
});

test("pkg export writes what apply makes the same of in a fresh home, and --save keeps the file in step", async (t) => {
  const home = await makeHome(t);
  await home.ok("install app@^1 --save");
  const { stdout: text } = await home.ok("export");
  assert.match(text, /^\[repositories.tools\]\nurl = "http[^\n]*\n\n\[packages\]\napp = "\^1"\n$/);
  assert.match(readFileSync(join(home.path, "packages.toml"), "utf8"), /^\[packages\]\napp = "\^1"\n$/);
  await home.ok("add tool --save");
  await home.ok("export -o exported.toml");
  assert.equal((await home.pkg(["export", "-o", "exported.toml"])).code, 1, "a file that is there stays");
  const exported = readFileSync(join(home.path, "exported.toml"), "utf8");
  assert.match(exported, /^app = "\^1"\ntool = "\*"$/m);
  await home.ok("drop tool --save");
  assert.match(readFileSync(join(home.path, "packages.toml"), "utf8"), /^\[packages\]\napp = "\^1"\n$/);
  await home.ok("remove app");
  assert.equal((await home.pkg(["drop", "app", "--save"])).code, 1, "it is not installed, but declared");
  assert.equal(readFileSync(join(home.path, "packages.toml"), "utf8"), "[packages]\n");
  await home.ok("apply exported.toml");
  assert.deepEqual(await home.installed(), ["*app 1.0", "lib 1.0", "own 1.0", "*tool 1.0"]);
  assert.equal((await home.ok("export")).stdout, exported);
});

test("pkg apply pins what the file pins, keeps it, installs under another name, and export says all of it", async (t) => {
  const home = await makeHome(t);
  home.declare('app = { version = "^1", pinned = true }', 'spare = { package = "own" }');
  await home.ok("apply");
  assert.deepEqual(await home.installed(), ["*app 1.0", "lib 1.0", "*spare 1.0"]);
  await home.serveApp("1.1");
  assert.match((await home.ok("apply --prune")).stdout, /^Nothing to do/);
  await home.ok("lock");
  await home.ok("remove app spare");
  await home.ok("apply --locked");
  assert.deepEqual(await home.installed(), ["*app 1.1", "lib 1.0", "*spare 1.0"]);
  assert.match(
    (await home.ok("export")).stdout,
    /^app = \{ version = "\^1", pinned = true \}\nspare = \{ package = "own" \}$/m,
  );
});
