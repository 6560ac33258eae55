import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeSampleHome } from "../support/sample-home.ts";

test("pkg repo adds, disables, enables and removes a repository, and keeps the comments of the config", async (t) => {
  const home = await makeSampleHome(t);
  const config = join(home.path, "config.toml");
  home.configure("# a comment of mine");
  const before = readFileSync(config, "utf8");
  home.publishIndex(home.build({ name: "tool", version: "1.0.0" }));
  const url = `${home.registryUrl}/index/tools.json`;

  const add = ["repo", "add", "more", url, "--key", home.signer.publicKey];
  const unsigned = await home.pkg(add);
  assert.equal(unsigned.code, 1);
  assert.match(unsigned.stderr, /its index has no signature.*\nhint: .*--unsigned-index/);
  assert.equal(readFileSync(config, "utf8"), before);
  const files = () => readdirSync(home.path, { recursive: true }).toSorted();
  const there = files();
  assert.match((await home.pkg([...add, "--dry-run"])).stderr, /its index has no signature/);
  const planned = await home.pkg([...add, "--unsigned-index", "--dry-run"]);
  assert.match(planned.stdout, new RegExp(`^would add more in ${config}: 1 package$`, "m"));
  assert.deepEqual(files(), there);
  assert.equal(readFileSync(config, "utf8"), before);
  const added = await home.pkg([...add, "--unsigned-index"]);
  assert.equal(added.code, 0);
  assert.match(
    added.stdout,
    /^The index of more is not signed, only its packages are: whoever controls 127\.0\.0\.1:\d+ /m,
  );
  assert.equal((await home.pkg(["sync", "more"])).code, 0);
  assert.ok(existsSync(join(home.path, "index", "more.db")));
  const listed = await home.json("repo", "list");
  assert.partialDeepStrictEqual(listed, {
    document: {
      repositories: [
        { name: "tools" },
        {
          ...{ name: "more", url, enabled: true, entryCount: 1, signed: false },
          keys: [{ keyId: home.signer.keyId, publicKey: home.signer.publicKey }],
        },
      ],
    },
  });
  assert.equal((await home.pkg(["repo", "disable", "more"])).code, 0);
  assert.partialDeepStrictEqual(await home.json("repo"), {
    document: { repositories: [{}, { name: "more", enabled: false }, {}, {}, {}, {}] },
  });
  assert.equal((await home.pkg(["repo", "enable", "more"])).code, 0);
  assert.equal((await home.pkg(["repo", "remove", "more"])).code, 0);
  assert.equal(existsSync(join(home.path, "index", "more.db")), false);
  assert.equal(readFileSync(config, "utf8").trim(), before.trim());
});

const REFUSED: readonly (readonly [args: readonly string[], code: number, message: RegExp])[] = [
  [["repo", "add", "tools", "https://example.org/x"], 1, /a repository of that name is configured/],
  [["repo", "add", "../x", "https://example.org/x"], 2, /as a repository's name/],
  [["repo", "add", "x", "ftp://example.org/x"], 2, /expected a URL/],
  [["repo", "add", "x", "https://example.org/x", "--key", "RWQbad"], 2, /key/i],
  [["repo", "add", "x"], 2, /URL is missing/],
  [["repo", "remove", "bincache"], 2, /ships with the program/],
  [["repo", "remove", "../tools"], 2, /as a repository's name/],
  [["repo", "enable", "nosuch"], 1, /Cannot find repository "nosuch"/],
  [["repo", "frobnicate"], 2, /"frobnicate"/],
  [["sync", "nosuch"], 1, /Cannot find repository "nosuch"/],
];

test("pkg repo refuses what cannot be, and leaves the config as it was", async (t) => {
  const home = await makeSampleHome(t);
  const before = readFileSync(join(home.path, "config.toml"), "utf8");
  const beside = join(home.path, "tools.db");
  writeFileSync(beside, "of somebody else");
  for (const [args, code, message] of REFUSED) {
    const result = await home.pkg(args);
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stderr}`);
    assert.match(result.stderr, message);
  }
  assert.equal(readFileSync(join(home.path, "config.toml"), "utf8"), before);
  assert.ok(existsSync(beside), "no name leads out of the directory of indexes");
});

test("pkg sync refuses an index over plain http from another machine", async (t) => {
  const home = await makeSampleHome(t);
  home.configure('[repositories.plain]\nurl = "http://192.0.2.1/index.json"');
  const result = await home.pkg(["sync", "plain"]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /http/);
  assert.partialDeepStrictEqual(await home.json("sync", "plain"), {
    document: { repositories: [{ state: "failed", error: { code: "ADDRESS_FORBIDDEN" } }] },
  });
});

test("pkg repo add takes a scheme in capitals, and says of a list of downloads what can be done", async (t) => {
  const home = await makeSampleHome(t);
  home.publishIndex(home.build({ name: "tool", version: "1.0.0" }));
  const url = `${home.registryUrl}/index/tools.json`;
  assert.equal((await home.pkg(["repo", "add", "loud", url.replace("http", "HTTP")])).code, 0);
  assert.ok(readFileSync(join(home.path, "config.toml"), "utf8").includes(`[repositories.loud]\nurl = "${url}"`));
  const entry = { pkg_name: "x", version: "1", download_url: "https://example.org/x", shasum: "a".repeat(64) };
  const downloads = join(home.path, "downloads.json");
  writeFileSync(downloads, JSON.stringify([entry]));
  const key = ["--key", home.signer.publicKey];
  const refused = await home.pkg(["repo", "add", "downloads", downloads, ...key, "--unsigned-index"]);
  assert.match(refused.stderr, /its index has no signature.*\nhint: It lists downloads .*; without --key, it is taken/);
  assert.equal((await home.pkg(["repo", "add", "downloads", downloads])).code, 0);
});
