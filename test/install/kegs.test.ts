import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { SKIP_BOTTLES } from "../homebrew/compile.ts";
import { makeHomebrewWorld } from "../homebrew/homebrew-world.ts";

test("kegs are listed, owned, verified and repaired, and stay where they were poured", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const ok = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await world.pkg(args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const placed = JSON.parse(await ok("install", "greet", "--json"));
  const links = placed.packages.flatMap((item: { readonly links: readonly string[] }) => item.links);
  assert.deepEqual(links, ["greet"]);
  const inPrefix = (path: string) => join(world.prefix, path);

  const files = await ok("files", "greet");
  const [keg = assert.fail(files)] = files
    .split("\n")
    .flatMap((line) => /^(.*\/Cellar\/greet\/[^/]+)\/bin\/greet$/.exec(line)?.[1] ?? []);
  assert.ok(keg?.startsWith(world.prefix));
  assert.ok(files.includes(`${inPrefix("opt/greet")} -> ${keg}\n`), files);
  const page = join(world.home, "share/man/man1/greet.1");
  assert.ok(files.includes(`${page} -> ${keg}/share/man/man1/greet.1 (man page)\n`), files);
  assert.match(readFileSync(page, "utf8"), /^\.TH greet/);
  assert.match(await ok("owns", page), /^greet /);
  const owned = ["bin/greet", "opt/greet", "opt/greet/bin/greet"].map(inPrefix);
  for (const path of [...owned, join(world.home, "bin/greet"), join(keg, "bin/greet"), "greet"]) {
    assert.match(await ok("owns", path), /^greet /, path);
  }
  assert.equal((await world.pkg(["owns", inPrefix("bin")])).code, 1);

  const broken = ["opt/greet", "bin/greet"].map(inPrefix);
  for (const path of [...broken, join(keg, "bin/greet")]) unlinkSync(path);
  const { code, stderr } = await world.pkg(["verify", "greet"]);
  assert.equal(code, 1);
  assert.match(stderr, /"[^"]*\/brew\/opt\/greet" is missing/);
  assert.doesNotMatch(await ok("install", "greet"), /@prefix/);
  assert.match(await ok("verify"), /^ok greet/m);

  const config = readFileSync(join(world.home, "config.toml"), "utf8");
  const other = join(world.home, "other");
  writeFileSync(
    join(world.home, "config.toml"),
    config.replace('kind = "homebrew"', `kind = "homebrew"\nprefix = "${other}"`),
  );
  assert.match(await ok("config"), new RegExp(`^paths\\.prefix +${other} +config\\.toml:`, "m"));
  assert.match(await ok("verify"), /^ok greet/m);
  assert.match(await ok("owns", inPrefix("bin/greet")), /^greet /);
  const asked = world.requests.length;
  const refused = await world.pkg(["reinstall", "greet"]);
  assert.equal(refused.code, 2);
  assert.ok(
    [other, world.prefix].every((path) => refused.stderr.includes(path)),
    refused.stderr,
  );
  assert.equal(world.requests.length, asked, "nothing is fetched for it");

  writeFileSync(
    join(world.home, "config.toml"),
    config.replace('kind = "homebrew"', `kind = "homebrew"\nprefix = "${world.home}/a b"`),
  );
  assert.equal((await world.pkg(["remove", "greet"])).code, 0);
  const odd = await world.pkg(["install", "greet"]);
  assert.equal(odd.stderr.match(/it has " " in its path/g)?.length, 1, odd.stderr);

  writeFileSync(join(world.home, "config.toml"), config);
  await ok("install", "greet");
  chmodSync(world.prefix, 0o777);
  const open = await world.pkg(["list"]);
  assert.deepEqual([open.code, open.stderr.includes("every user of this machine may write to it")], [1, true]);
  chmodSync(world.prefix, 0o755);
});

test("pkg reinstall tells which files of a keg are not linked, and pkg remove keeps what is there", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  const first = await world.pkg(["install", "greet"]);
  assert.equal(first.code, 0, first.stderr);
  const path = join(world.prefix, "bin/greet");
  unlinkSync(path);
  writeFileSync(path, "mine");
  const { stdout } = await world.pkg(["reinstall", "greet", "--json"]);
  assert.deepEqual(JSON.parse(stdout).packages[0].notLinked, [{ path }]);
  unlinkSync(path);
  assert.equal((await world.pkg(["reinstall", "greet"])).code, 0);
  unlinkSync(path);
  writeFileSync(path, "mine");
  const again = await world.pkg(["reinstall", "greet"]);
  assert.equal(again.code, 0, again.stderr);
  assert.match(
    again.stderr,
    /greet: not linked, because pkg did not place what is there, which stays: "[^"]*\/bin\/greet"/,
  );
  const removed = await world.pkg([
    "remove",
    ...JSON.parse((await world.pkg(["list", "--json"])).stdout).packages.map(({ name }: { name: string }) => name),
  ]);
  assert.equal(removed.code, 0, removed.stderr);
  assert.deepEqual(readdirSync(world.prefix, { recursive: true }), ["bin", "bin/greet"]);
  assert.equal(existsSync(join(world.home, "bin/greet")), false);
});

test("pkg remove says how a copy goes that was edited, and pkg verify where a home was moved from", {
  skip: SKIP_BOTTLES,
}, async (t) => {
  const world = await makeHomebrewWorld(t);
  assert.equal((await world.pkg(["install", "scripty", "allpkg"])).code, 0);
  const path = join(world.prefix, "etc/scripty.conf");
  writeFileSync(path, "mine");
  const removed = await world.pkg(["remove", "scripty"]);
  assert.match(removed.stderr, /etc\/scripty\.conf" was changed .*; `pkg remove --purge scripty` would remove it/);
  const home = `${world.home}-moved`;
  t.after(() => rmSync(home, { recursive: true, force: true }));
  renameSync(world.home, home);
  const { code, stderr } = await world.pkg(["verify"], { home });
  assert.equal(code, 1);
  assert.ok(
    stderr.includes(`it is in "${home}/brew", and its files name "${world.prefix}", where it was poured`),
    stderr,
  );
  assert.equal((await world.pkg(["remove", "allpkg"], { home })).code, 0);
  assert.equal((await world.pkg(["remove", "--purge", "scripty"], { home })).code, 0);
  assert.equal(existsSync(join(home, "brew")), false);
});
