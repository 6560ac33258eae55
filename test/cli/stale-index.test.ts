import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";

const INDEX = "GET /index/tools.json";

/** A home that has `old` installed, and whose index of 3 hours does not know what was published since. */
async function staleHome(t: TestContext) {
  const home = await makeSampleHome(t);
  const old = home.build({ name: "old", version: "1.0.0" });
  await home.push(old);
  home.publishIndex(old);
  assert.equal((await home.pkg(["install", "old"])).code, 0);
  const at = Date.now() / 1000 - 3 * 3600;
  utimesSync(join(home.path, "index", "tools.db"), at, at);
  const [fresh, newer] = [
    home.build({ name: "fresh", version: "1.0.0" }),
    home.build({ name: "old", version: "1.1.0" }),
  ];
  await home.push(fresh, newer);
  home.publishIndex(old, newer, fresh);
  home.takeRequests();
  return { home, old };
}

function asked(home: SampleHome): number {
  return home.takeRequests().filter((request) => request === INDEX).length;
}

const LOOKED_UP: readonly (readonly [string, RegExp])[] = [
  ["install fresh", /\+ fresh 1\.0\.0/],
  ["install old@1.1.0", /old 1\.0\.0 → 1\.1\.0/],
  ["info fresh", /^fresh 1\.0\.0/],
  ["search fresh", /fresh +1\.0\.0/],
];

for (const [line, shown] of LOOKED_UP) {
  test(`pkg ${line} suspects a stale index, says its age, and fetches it once`, async (t) => {
    const { home } = await staleHome(t);
    const { code, stdout, stderr } = await home.pkg(line.split(" "));
    assert.equal(code, 0, stderr);
    assert.match(stdout, shown);
    assert.match(
      stderr,
      /note: As .*(fresh|old@1\.1\.0)" (is not )?in the index of tools, which is 3 hours old, it is fetched again/,
    );
    assert.equal(asked(home), 1);
  });
}

test("pkg says how old the index is that does not know a name, where it may not be fetched", async (t) => {
  const { home } = await staleHome(t);
  const offline = await home.pkg(["install", "fresh", "--offline"]);
  assert.equal(offline.code, 1);
  assert.match(offline.stderr, /no package of that name in tools; the index of tools is 3 hours old/);
  const never = await home.pkg(["info", "fresh"], { env: { PKG_SYNC_INTERVAL: "never" } });
  assert.match(never.stderr, /the index of tools is 3 hours old/);
  assert.equal(asked(home), 0);
});

test("pkg asks once for several unknown names, and not again for an index that it has just fetched", async (t) => {
  const { home } = await staleHome(t);
  const several = await home.pkg(["install", "fresh", "nosuch", "nobody", "old@7"]);
  assert.equal(several.code, 1);
  assert.match(several.stdout, /\+ fresh 1\.0\.0/);
  assert.doesNotMatch(several.stderr, /hours old[,;]? *$/m);
  assert.equal(asked(home), 1);
  const at = Date.now() / 1000 - 7 * 3600;
  utimesSync(join(home.path, "index", "tools.db"), at, at);
  assert.equal((await home.pkg(["install", "nosuch"])).code, 1);
  assert.equal(asked(home), 1);
});

test("pkg install takes what a newer index names where the registry no longer has what the old one names", async (t) => {
  const home = await makeSampleHome(t);
  const [gone, rebuilt] = ["1", "2"].map((text) =>
    home.build({ name: "tool", version: "1.0.0", program: `echo ${text}` }),
  );
  assert.ok(gone !== undefined && rebuilt !== undefined);
  const other = home.build({ name: "other", version: "1.0.0" });
  await home.push(rebuilt, other);
  home.publishIndex(gone, other);
  assert.equal((await home.pkg(["sync"])).code, 0);
  home.publishIndex(rebuilt, other);
  home.takeRequests();
  const { code, stdout, stderr } = await home.pkg(["install", "tool", "other"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /\+ tool 1\.0\.0/);
  assert.doesNotMatch(stderr, /error/);
  assert.match(stderr, /note: As its registry does not have "tool", .* the index of tools, .*, it is fetched again/);
  assert.equal(asked(home), 1);
});

test("pkg install says that an index names what is nowhere, whether or not there is a newer one", async (t) => {
  const home = await makeSampleHome(t);
  const gone = home.build({ name: "tool", version: "1.0.0" });
  home.publishIndex(gone);
  for (const args of [
    ["install", "tool"],
    ["install", "tool", "--offline"],
  ]) {
    const { code, stderr } = await home.pkg(args);
    assert.equal(code, 1);
    if (args.length === 2) assert.match(stderr, /404.*; the index of tools names it all the same/);
  }
  home.publishIndex(home.build({ name: "other", version: "1.0.0" }));
  const renewed = await home.pkg(["install", "tool"]);
  assert.equal(renewed.code, 1);
  assert.match(renewed.stderr, /error: Cannot find "tool": no package of that name in tools/);
});

test("pkg says of several indexes at once how old the oldest of them is", async (t) => {
  const { home } = await staleHome(t);
  home.configure(`[repositories.more]\nurl = "${home.registryUrl}/index/tools.json"\nsigned_index = false`);
  assert.equal((await home.pkg(["sync", "more"])).code, 0);
  const { stderr } = await home.pkg(["search", "nosuch"]);
  assert.match(
    stderr,
    /"nosuch" in the index of (?:tools or more|more or tools), the oldest of which is 3 hours old, they are fetched again/,
  );
});
