import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

test("a profile has packages, links and a history of its own, over one store", async (t) => {
  const home = await makeSampleHome(t);
  const packages = ["1.0", "2.0"].map((version) => home.build({ name: "tool", version }));
  await home.push(...packages);
  home.publishIndex(...packages);
  const pkg = async (...args: readonly string[]) => {
    const result = await home.pkg(args);
    assert.equal(result.code, 0, `${args.join(" ")}\n${result.stderr}`);
    return result;
  };
  const blobs = () => readdirSync(join(home.path, "blobs/sha256")).length;
  const own = join(home.path, "profiles/work");
  const created = await pkg("profile", "create", "work");
  assert.match(created.stderr, /profiles\/work\/bin" is not on PATH/);
  await pkg("--profile", "work", "install", "tool");
  home.takeRequests();
  await pkg("install", "tool");
  const stored = readdirSync(join(home.path, "blobs/sha256"));
  const again = home.takeRequests().filter((line) => stored.some((hex) => line.includes(hex)));
  assert.deepEqual(again, [], "what is in the store is not fetched again");
  assert.ok(existsSync(join(own, "bin/tool")) && existsSync(join(home.path, "bin/tool")));

  await t.test("config says that paths of its own follow from its name", async () => {
    const { origins } = JSON.parse((await pkg("--profile", "work", "config", "--json")).stdout);
    const from = (name: string) => origins[`paths.${name}`].name;
    const own = ["bin", "packages", "share", "prefix", "stateDatabase", "lockDatabase"];
    assert.deepEqual(new Set(own.map(from)), new Set(["--profile"]));
    assert.notEqual(from("blobs"), "--profile");
  });

  await t.test("what stays in the store counts all profiles", async () => {
    const before = blobs();
    await pkg("remove", "tool");
    await pkg("clean", "--all");
    assert.equal(blobs(), before);
    await pkg("--profile", "work", "verify");
    assert.match((await pkg("--profile", "work", "history")).stdout, /--profile work install tool/);
    assert.doesNotMatch((await pkg("history")).stdout, /--profile/);
  });

  await t.test("what was seen of an index is remembered for all of them", async () => {
    const trust = await pkg("repo", "trust", "tools");
    assert.deepEqual((await pkg("--profile", "work", "repo", "trust", "tools")).stdout, trust.stdout);
    // The repository is given up in one profile, and its packages in the other one are not another one's.
    await pkg("repo", "remove", "tools");
    const { stdout } = await pkg("--profile", "work", "list", "--json");
    assert.match(stdout, /"name": "tool"/);
  });

  await t.test("names are checked, and one that is unknown is refused with what there is", async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [["--profile", "wrok", "list"], /there is default, work[\s\S]*Did you mean work\?[\s\S]*profile create wrok/],
      [["profile", "create", "a/b"], /expected letters, digits/],
      [["profile", "create", "x".repeat(65)], /at most 64/],
      [["profile", "create", "work"], /there already/],
      [["profile", "remove", "default"], /used when none is named/],
      [["profile", "remove", "wrok"], /Did you mean work/],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr } = await home.pkg(args);
      assert.notEqual(code, 0);
      assert.match(stderr, expected);
    }
    const fromVariable = await home.pkg(["list"], { env: { PKG_PROFILE: "none" } });
    assert.match(fromVariable.stderr, /Cannot find profile "none"/);
  });

  await t.test("packages.toml says which profile it is for", async () => {
    const file = join(home.path, "packages.toml");
    writeFileSync(file, 'profile = "work"\n[packages]\n');
    await pkg("apply", "--prune", "--yes");
    assert.ok(!existsSync(join(own, "bin/tool")));
    const other = await home.pkg(["--profile", "default", "apply"]);
    assert.match(other.stderr, /it is for the profile "work"/);
    writeFileSync(file, 'profile = "none"\n[packages]\n');
    assert.match((await home.pkg(["apply"])).stderr, /Cannot find profile "none"/);
    await pkg("--profile", "work", "undo");
    assert.ok(existsSync(join(own, "bin/tool")));
  });

  await t.test("removing one removes what was placed in it, and only that", async () => {
    const [version = ""] = readdirSync(join(own, "packages/tool"));
    const written = join(own, "packages/tool", version, "notes");
    writeFileSync(written, "mine");
    const unasked = await home.pkg(["profile", "remove", "work"]);
    assert.equal(unasked.code, 1);
    assert.match(unasked.stderr, /Nothing was removed; --yes/);
    assert.match((await pkg("profile", "remove", "work", "--dry-run")).stderr, /notes" .* would stay/);
    assert.match((await pkg("profile", "remove", "work", "--yes")).stderr, /notes" .* stays/);
    assert.equal(readFileSync(written, "utf8"), "mine");
    assert.deepEqual(readdirSync(own), ["packages"]);
    assert.doesNotMatch((await pkg("profile", "list")).stdout, /work/);
    await pkg("profile", "create", "work");
    await pkg("profile", "remove", "work", "--purge");
    assert.ok(!existsSync(own));
  });
});
