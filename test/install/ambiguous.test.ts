import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

/** A home whose index has two packages called `dup`, and `tool`. */
async function dupHome(t: TestContext) {
  const home = await makeSampleHome(t);
  const [one, two, tool] = [
    home.build({ name: "dup", version: "1.0.0", entry: { pkg_id: "one.dup", description: "The first" } }),
    home.build({ name: "dup", version: "2.0.0", entry: { pkg_id: "two.dup", description: "The second" } }),
    home.build({ name: "tool", version: "1.0.0" }),
  ];
  await home.push(one, two, tool);
  home.publishIndex(one, two, tool);
  return home;
}

test("pkg install asks on a terminal which package a name means, and installs that one", async (t) => {
  const home = await dupHome(t);
  const { code, stdout, stderr } = await home.pkg(["install", "dup"], { terminal: true, stdin: "2\n" });
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^2 packages are called "dup":\n 1 {2}dup#one\.dup +1\.0\.0 .*The first\n 2 {2}dup#two\.dup +2\.0\.0 .*The second\nWhich one\?/m,
  );
  assert.match(stdout, /^\+ dup 2\.0\.0 .*\n {2}program: dup$/m);
  const listed = await home.json("list");
  assert.partialDeepStrictEqual(listed.document, { packages: [{ name: "dup", version: "2.0.0" }] });
});

test("pkg install takes no answer for no package, installs the others, and ends with the totals", async (t) => {
  const home = await dupHome(t);
  const { code, stdout, stderr } = await home.pkg(["install", "dup", "tool", "nosuch"], {
    terminal: true,
    stdin: "\n",
  });
  assert.equal(code, 1);
  assert.match(stdout, /^\+ tool 1\.0\.0/);
  assert.match(
    stderr,
    /^error: Cannot tell which "dup" is meant[^\n]*\nhint: Type one of: dup#one\.dup, dup#two\.dup$/m,
  );
  assert.match(stderr, /\n1 installed, 2 failed, [\d.]+ k?B\n$/);
});

test("pkg install asks nobody with --yes, in JSON, or where there is no terminal", async (t) => {
  const home = await dupHome(t);
  const asked = [
    await home.pkg(["install", "dup", "--yes"], { terminal: true, stdin: "1\n" }),
    await home.pkg(["install", "dup", "--json"], { terminal: true, stdin: "1\n" }),
    await home.pkg(["install", "dup"], { terminal: true, stdin: "1\n", env: { CI: "true" } }),
    await home.pkg(["install", "dup"], { stdin: "1\n" }),
  ];
  for (const { code, stderr } of asked) {
    assert.equal(code, 1);
    assert.match(stderr, /Type one of: dup#one\.dup, dup#two\.dup/);
    assert.doesNotMatch(stderr, /Which one/);
  }
});

test("pkg remove says that nothing was removed after a no", async (t) => {
  const home = await dupHome(t);
  assert.equal((await home.pkg(["install", "tool", "dup#one.dup"])).code, 0);
  const { code, stderr } = await home.pkg(["remove", "tool", "dup"], { terminal: true, stdin: "n\n" });
  assert.equal(code, 1);
  assert.match(stderr, /\[Y\/n\] Nothing was removed\n$/);
});
