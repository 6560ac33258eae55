import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";

test("install --as keeps a second one beside the first: updates, undo, use and removal touch that one alone", async (t) => {
  const home = await makeDependencyHome(t);
  const bin = () => readdirSync(join(home.path, "bin")).toSorted();
  const app = (version: string) => ({ name: "app", version });
  await home.serve(app("1.0"), { name: "own", version: "1.0" });
  await home.ok("install app");
  const planned = await home.ok("install app --as app1 --dry-run");
  assert.match(planned.stdout, /would install app1 1\.0/);
  await home.ok("install app@^1 --as app1 --save");
  assert.deepEqual(bin(), ["app", "app1"]);
  const declared = () => readFileSync(join(home.path, "packages.toml"), "utf8");
  assert.match(declared(), /^app1 = \{ version = "\^1", package = "app" \}$/m);
  assert.match((await home.ok("list")).stdout, /^app1 +1\.0 +tools \(app\)/m);
  await home.serve(app("1.1"), app("2.0"), { name: "own", version: "1.0" });
  await home.ok("update");
  assert.deepEqual(await home.installed(), ["*app 2.0", "*app1 1.1"]);
  await home.ok("use app1@1.0");
  assert.deepEqual(await home.installed(), ["*app 2.0", "*app1 1.0"]);
  await home.ok("undo --yes");
  assert.deepEqual(await home.installed(), ["*app 2.0", "*app1 1.1"]);
  await home.ok("verify");
  await home.ok("reinstall app1");
  assert.deepEqual(await home.installed(), ["*app 2.0", "*app1 1.1"]);
  await home.ok("remove app");
  assert.deepEqual(bin(), ["app1"]);
  await home.ok("undo --yes");
  await home.ok("remove app1");
  assert.deepEqual(bin(), ["app"]);
  await home.ok("apply");
  assert.deepEqual(bin(), ["app", "app1"]);
  const refused: readonly (readonly [string, RegExp])[] = [
    ["install app own --as both", /Cannot use --as for 2 packages: expected exactly one/],
    ["install app --as ../x", /"\.\.\/x" is not a name/],
    ["install own --as app1", /"app" 1\.1 from "tools" is installed as that/],
  ];
  for (const [line, message] of refused) {
    const { code, stderr } = await home.pkg(line.split(" "));
    assert.notEqual(code, 0, line);
    assert.match(stderr, message);
  }
  await home.ok("install own --as own");
  assert.ok(existsSync(join(home.path, "bin", "own")));
});
