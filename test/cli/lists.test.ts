import assert from "node:assert/strict";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

test("pkg list shows what is named, and fails for what is not installed", async (t) => {
  const home = await makeSampleHome(t);
  const [one, two] = [home.build({ name: "one", version: "1.0.0" }), home.build({ name: "two", version: "1.0.0" })];
  await home.push(one, two);
  home.publishIndex(one, two);
  assert.equal((await home.pkg(["in", "one", "two"])).code, 0);
  assert.match((await home.pkg(["ls"])).stdout, /^one .*\ntwo /);
  const named = await home.json("ls", "two", "nosuch", "two");
  assert.partialDeepStrictEqual(named, {
    code: 1,
    document: { packages: [{ name: "two" }, { name: "nosuch", error: { code: "NOT_INSTALLED" } }] },
  });
  const { code, stdout, stderr } = await home.pkg(["ls", "two", "nosuch"]);
  assert.equal(code, 1);
  assert.match(stdout, /^two [^\n]*\n$/);
  assert.match(stderr, /Cannot find "nosuch": it is not installed/);

  const newer = home.build({ name: "two", version: "1.1.0" });
  await home.push(newer);
  home.publishIndex(one, newer);
  assert.equal((await home.pkg(["sync", "--force"])).code, 0);
  assert.match((await home.pkg(["list", "--outdated"])).stdout, /^two +1\.0\.0 → 1\.1\.0 +tools\n$/);
  assert.deepEqual(await home.json("list", "--outdated"), await home.json("outdated"));
  const again = await home.json("reinstall", "one");
  assert.partialDeepStrictEqual(again, { code: 0, document: { packages: [{ name: "one", action: "reinstall" }] } });
  assert.equal((await home.pkg(["up"])).code, 0);
  assert.equal((await home.pkg(["un", "two"])).code, 0);
  assert.match((await home.pkg(["show", "one"])).stdout, /^one 1\.0\.0/);
});

test("pkg search takes several words, or --all for every package", async (t) => {
  const home = await makeSampleHome(t);
  const many = Array.from({ length: 25 }, (_, n) => home.build({ name: `tool${n}`, version: "1.0.0" }));
  const parser = home.build({ name: "trurl", version: "1.0.0", entry: { description: "A parser for the URL" } });
  home.publishIndex(...many, parser);
  const found = async (...words: readonly string[]) => {
    const { stdout } = await home.pkg(["search", "--json", ...words]);
    return JSON.parse(stdout).packages.map(({ name }: { readonly name: string }) => name);
  };
  assert.deepEqual(await found("url", "parser"), ["trurl"]);
  assert.deepEqual(await found("url parser"), ["trurl"]);
  assert.deepEqual(await found("--", "url"), ["trurl"]);
  assert.equal((await found("tool")).length, 20);
  const cut = await home.pkg(["search", "tool"]);
  assert.match(cut.stderr, /^20 of 25 packages; `--limit N` or `--all` shows more$/m);
  assert.equal(cut.stdout.trimEnd().split("\n").length, 20);
  assert.doesNotMatch((await home.pkg(["search", "tool", "--all"])).stderr, / of /);
  assert.partialDeepStrictEqual((await home.json("search", "tool", "--limit", "3")).document, { total: 25 });
  assert.equal((await found("tool", "--all")).length, 25);
  assert.equal((await found("--all")).length, 26);
  const nothing = await home.pkg(["search"]);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /there is no word to look for\nhint: .*pkg search --all/);
  assert.equal((await home.pkg(["search", "x", "--all", "--limit", "3"])).code, 2);
});

test("run() takes an option however often and wherever it stands", async (t) => {
  const home = await makeSampleHome(t);
  home.publishIndex();
  for (const line of [
    "list -vv",
    "list -yq",
    "list -qq",
    "-q list -q",
    "list --json=true --json",
    "-yv -- list".replace("-- ", ""),
  ]) {
    const { code, stderr } = await home.pkg(line.split(" "));
    assert.equal(code, 0, `${line}: ${stderr}`);
  }
  for (const line of [
    "list --json --no-json",
    "list --home a --home a",
    "-- list",
    "repo list NAME",
    "search x --limit 0",
  ]) {
    const { code, stderr, stdout } = await home.pkg(line.split(" "));
    assert.equal(code, 2, line);
    assert.match(`${stdout}${stderr}`, /Cannot (?:use|run) /, line);
  }
});
