import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

test("pkg undo, rollback, history and diff bring back what was, without a request", async (t) => {
  const home = await makeSampleHome(t);
  const [one, two, other] = [
    home.build({ name: "tool", version: "1.0.0" }),
    home.build({ name: "tool", version: "2.0.0" }),
    home.build({ name: "other", version: "3.0.0" }),
  ];
  for (const built of [one, two, other]) await home.push(built);
  home.publishIndex(one, two, other);
  const pkg = async (line: string, code = 0) => {
    const result = await home.pkg(line.split(" "));
    assert.equal(result.code, code, `${line}: ${result.stderr}`);
    return result.stdout === "" ? result.stderr : result.stdout;
  };
  const listed = async () =>
    JSON.parse(await pkg("list --json")).packages.map(
      (item: { name: string; version: string }) => `${item.name} ${item.version}`,
    );
  await pkg("install tool@1.0.0");
  await pkg("update tool@2.0.0");
  await pkg("install other");
  await pkg("remove tool");
  assert.deepEqual(await listed(), ["other 3.0.0"]);

  assert.match(await pkg("undo --dry-run --offline"), /Would undo: pkg remove tool\nwould install tool 2\.0\.0\n$/);
  assert.deepEqual(await listed(), ["other 3.0.0"]);
  assert.match(await pkg("undo --offline"), /Undoing: pkg remove tool\n\+ tool 2\.0\.0/);
  assert.match(await pkg("undo --offline"), /Undoing: pkg install other\n- other 3\.0\.0/);
  assert.match(await pkg("undo --offline"), /~ tool 2\.0\.0 → 1\.0\.0/);
  assert.deepEqual(await listed(), ["tool 1.0.0"]);
  assert.match(await pkg("undo --offline"), /- tool 1\.0\.0/);
  assert.match(await pkg("undo --offline"), /Nothing to undo/);
  await pkg("rollback 4 --offline");
  assert.deepEqual(await listed(), ["other 3.0.0"]);
  await pkg("rollback 3 --offline");
  assert.deepEqual(await listed(), ["other 3.0.0", "tool 2.0.0"]);
  await pkg("rollback tool --offline");
  assert.deepEqual(await listed(), ["other 3.0.0", "tool 1.0.0"]);
  assert.match(await pkg("diff"), /^~ tool 2\.0\.0 → 1\.0\.0\n$/);
  assert.match(await pkg("diff 0"), /^\+ other 3\.0\.0\n\+ tool 1\.0\.0\n$/);
  const history = await pkg("history");
  assert.match(history, /^11 .* pkg rollback tool --offline \(now\)\n {3}~ tool 2\.0\.0 → 1\.0\.0\n/);
  assert.match(history, /\n5 .* pkg undo --offline \(as after 3\)\n {3}\+ tool 2\.0\.0\n/);
  await pkg("rollback 99", 1);
  await pkg("rollback nosuch", 1);
});

test("pkg install places a package that was removed a minute ago without a request", async (t) => {
  const home = await makeSampleHome(t);
  const tool = home.build({ name: "tool", version: "1.0.0" });
  await home.push(tool);
  home.publishIndex(tool);
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  assert.equal((await home.pkg(["remove", "tool"])).code, 0);
  const again = await home.pkg(["install", "tool", "--offline"]);
  assert.equal(again.code, 0, again.stderr);
});

test("pkg undo names what somebody has put in its place, and does the rest", async (t) => {
  const home = await makeSampleHome(t);
  const built = ["tool", "other"].map((name) => home.build({ name, version: "1.0.0" }));
  for (const item of built) await home.push(item);
  home.publishIndex(...built);
  await home.pkg(["install", "tool", "other"]);
  await home.pkg(["remove", "tool", "other"]);
  const mine = join(home.path, "bin", "tool");
  writeFileSync(mine, "mine");
  const { code, stderr } = await home.pkg(["undo"]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot place "tool": ".*tool" is a file that pkg did not place/);
  assert.equal(readFileSync(mine, "utf8"), "mine");
  assert(existsSync(join(home.path, "bin", "other")));
});

test("pkg clean removes what no kept generation needs, and says what it freed", async (t) => {
  const home = await makeSampleHome(t);
  const versions = ["1.0.0", "2.0.0", "3.0.0"].map((version) => home.build({ name: "tool", version }));
  for (const built of versions) await home.push(built);
  home.publishIndex(...versions);
  for (const version of ["1.0.0", "2.0.0", "3.0.0"]) await home.pkg(["install", `tool@${version}`]);
  const blobs = () => readdirSync(join(home.path, "blobs", "sha256")).length;
  writeFileSync(join(home.path, "index", "gone.db"), "an index");
  mkdirSync(join(home.path, "index", "aarch64-Linux"));
  writeFileSync(join(home.path, "index", "aarch64-Linux", "gone.db"), "one of another platform");
  assert.equal(blobs(), 3);
  const { stdout } = await home.pkg(["clean", "--all", "--dry-run", "--json"]);
  const kinds = JSON.parse(stdout).cleaned.map(({ kind, count }: Record<string, unknown>) => `${count} ${kind}`);
  assert.deepEqual(kinds, ["3 generations", "2 blobs", "2 indexes"]);
  assert.equal(blobs(), 3);
  assert.match((await home.pkg(["clean"])).stdout, /^removed 2 indexes/);
  assert.equal(blobs(), 3);
  // Everything is too old, but the last generation stays, and so do as many versions as are asked for.
  const config = join(home.path, "config.toml");
  writeFileSync(config, `keep = "0s"\nkeep_versions = 0\n${readFileSync(config, "utf8")}`);
  assert.match((await home.pkg(["clean"])).stdout, /^removed 2 generations\nremoved 1 blob +\d+ B\n/);
  assert.equal(blobs(), 2);
  assert.equal((await home.pkg(["undo", "--offline"])).code, 0);
  assert.match((await home.pkg(["clean", "--all"])).stdout, /removed 1 blob /);
  assert.equal(blobs(), 1);
  assert.match((await home.pkg(["list"])).stdout, /tool +2\.0\.0/);
  assert.match((await home.pkg(["clean"])).stderr, /Nothing to clean/);
  assert.match((await home.pkg(["diff"])).stderr, /Nothing was changed yet/);
  assert.match((await home.pkg(["rollback", "5"])).stderr, /Cannot find generation 5: nothing was changed yet/);
});
