import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeDependencyHome } from "../support/dependency-home.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

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

test("install --as leaves other programs out of the bin directory, says so, and link places them for good", async (t) => {
  const home = await makeDependencyHome(t);
  const bin = () => readdirSync(join(home.path, "bin")).toSorted();
  const helper = Buffer.from("#!/bin/sh\necho help\n");
  const app = { name: "app", version: "1.0", programs: { helper }, provides: ["app", "helper"] };
  await home.serve(app);
  await home.ok("install app");
  const { stderr } = await home.ok("install app --as old");
  assert.match(stderr, /"helper" is not linked; pkg link old:helper links it/);
  assert.deepEqual(bin(), ["app", "helper", "old"]);
  await home.ok("remove app");
  assert.deepEqual(bin(), ["old"]);
  await home.ok("link old:helper");
  await home.ok("install app --as app8");
  assert.deepEqual(bin(), ["app8", "helper", "helper8", "old"]);
  await home.serve({ ...app, version: "1.1" });
  await home.ok("update");
  assert.deepEqual(bin(), ["app8", "helper", "helper8", "old"]);
});

test("install --as takes a reference: it is saved, locked and applied under that name, and updated by it", async (t) => {
  const home = tempHome(t);
  const work = tempDirectory(t);
  const ok = async (line: string) => {
    const result = await runPkg(line.split(" "), { home, cwd: work });
    assert.equal(result.code, 0, `${line}: ${result.stderr}`);
    return result.stdout;
  };
  writeFileSync(join(work, "hello"), "#!/bin/sh\necho one\n");
  chmodSync(join(work, "hello"), 0o755);
  await ok(`oci push oci:${join(work, "lay")}:1.0 hello`);
  await ok("install oci:lay:1.0");
  await ok("install oci:lay:1.0 --as hello1 --save --offline");
  const bin = () => readdirSync(join(home, "bin")).toSorted();
  assert.deepEqual(bin(), ["hello", "hello1"]);
  assert.match(readFileSync(join(home, "packages.toml"), "utf8"), /hello1 = \{.*package = "hello"/);
  await ok("lock");
  await ok("update hello1");
  await ok("reinstall hello1");
  await ok("remove hello1");
  assert.deepEqual(bin(), ["hello"]);
  await ok("apply --locked");
  assert.deepEqual(bin(), ["hello", "hello1"]);
});
