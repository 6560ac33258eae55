import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";
import { shortDirectory, tempDirectory } from "../support/temp-home.ts";

test("install pours a closure with one request for each bottle, and tells what its user should know", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const greet = await world.pkg(["install", "greet"]);
  assert.equal(greet.code, 0, greet.stderr);
  assert.equal(execFileSync(join(world.home, "bin/greet"), { encoding: "utf8" }), "greet 1.2.0: salute, hail, shade\n");
  const asked = world.requests.filter(({ path }) => path !== "/v2/").map(({ method, path }) => `${method} ${path}`);
  assert.equal(asked.length, 4, asked.join("\n"));
  for (const line of asked) assert.match(line, /^GET \/v2\/homebrew\/core\/\w+\/blobs\/sha256:/);

  const scripty = await world.pkg(["install", "scripty", "greet@1", "--json"]);
  const packages = JSON.parse(scripty.stdout).packages as { name: string; notes?: string[] }[];
  assert.deepEqual(packages.find(({ name }) => name === "scripty")?.notes, [
    `scripty: to finish setting it up, run\n${world.prefix}/Cellar/scripty/0.3/bin/scripty-sh`,
    `scripty: caveats of its formula\nIts settings are in\n  ${world.prefix}/etc/scripty.conf`,
  ]);
  assert.match(packages.find(({ name }) => name === "greet@1")?.notes?.join() ?? "", /it is keg-only/);
  assert.equal(readFileSync(join(world.prefix, "var/scripty/written"), "utf8"), "written\n");
  assert.equal(readFileSync(join(world.prefix, "var/scripty/conf"), "utf8"), `home = ${world.prefix}\n`);

  const removed = await world.pkg(["remove", "greet", "scripty", "greet@1"]);
  assert.equal(removed.code, 0, removed.stderr);
  assert.equal(existsSync(world.prefix), false);
  assert.equal((await world.pkg(["clean", "--all"])).code, 0);
  assert.deepEqual(readdirSync(join(world.home, "blobs/sha256")), []);
});

test("a named profile has bottles in a prefix of its own, which go and come back without the others", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const prefix = join(shortDirectory(t), "b");
  const world = await makeHomebrewWorld(t, { prefix });
  const pkg = async (words: string) => {
    const { code, stdout, stderr } = await world.pkg(words.split(" "));
    assert.equal(code, 0, `${words}\n${stderr}`);
    return { stdout, stderr };
  };
  await pkg("profile create w");
  await pkg("--profile w install greet");
  const program = join(world.home, "profiles/w/bin/greet");
  const says = () => execFileSync(program, { encoding: "utf8" });
  assert.equal(says(), "greet 1.2.0: salute, hail, shade\n");
  assert.deepEqual([existsSync(prefix), existsSync(`${prefix}-w/Cellar/greet`)], [false, true]);
  await pkg("--profile w undo");
  assert.deepEqual([existsSync(program), existsSync(`${prefix}-w`)], [false, false]);
  await pkg("--profile w --offline rollback 1");
  assert.equal(says(), "greet 1.2.0: salute, hail, shade\n");
  const { stdout } = await world.pkg(["--profile", "w", "doctor", "--json"]);
  assert.doesNotMatch(stdout, /draft-left/, "the mark of whose prefix it is belongs there");
  assert.match((await pkg("--profile w remove greet")).stderr, /`pkg clean --all` frees the room/);
  assert.equal(existsSync(`${prefix}-w`), false);
});

test("install refuses a bottle for a shorter prefix before it asks for anything", { skip: SKIP_BOTTLES }, async (t) => {
  const prefix = join(tempDirectory(t), "a-prefix-of-more-than-26-bytes");
  const long = await makeHomebrewWorld(t, { prefix });
  const { code, stderr } = await long.pkg(["install", "greet"]);
  assert.equal(code, 1);
  assert.match(stderr, /"libhail": it is built for a prefix of 26 bytes, and ".*" has \d+/);
  assert.match(stderr, /such as prefix = "~\/\.pkg", under \[repositories\.homebrew\]/);
  await long.pkg(["profile", "create", "work"]);
  const named = await long.pkg(["--profile", "work", "install", "greet"]);
  assert.match(named.stderr, /a shorter name, or set a prefix of at most 21 bytes under .*: "-work" follows it/);
  assert.deepEqual([long.requests.length, existsSync(prefix)], [0, false]);
});

test("install leaves nothing of a closure that lacks one bottle", { skip: SKIP_BOTTLES }, async (t) => {
  const world = await makeHomebrewWorld(t);
  world.serve(
    world.formulae.map((formula) => (formula.name === "libsalute" ? { ...formula, sha256: "0".repeat(64) } : formula)),
  );
  const { code, stderr } = await world.pkg(["install", "greet"]);
  assert.equal(code, 1);
  assert.match(stderr, /"libsalute", which it needs, failed/);
  assert.doesNotMatch(stderr, /neither a bottle nor this machine/);
  assert.equal(existsSync(world.prefix), false);
  assert.deepEqual(readdirSync(join(world.home, "blobs/sha256")), []);
});

test("pkg install says how to install a bottle that is named by its reference", { skip: SKIP_BOTTLES }, async (t) => {
  const world = await makeHomebrewWorld(t);
  const { code, stderr } = await world.pkg(["install", "ghcr.io/homebrew/core/allpkg:2024.1"]);
  assert.equal(code, 1);
  assert.match(stderr, /hint: It is a bottle: install it by the name of its formula/);
});
