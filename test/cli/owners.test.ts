import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createSigner, type Signer } from "../support/minisign-signer.ts";
import { indexDocument } from "../support/package-builder.ts";
import { makeSampleHome } from "../support/sample-home.ts";
import { makeSignedHome, type SignedHome } from "../support/signed-home.ts";
import { makeKeySet } from "../support/signed-index.ts";

const IDENTITY = "registry.example/me/index";

/** A home that has `tool` installed from the signed repository `me`. */
async function ownedHome(t: TestContext): Promise<SignedHome> {
  const home = await makeSignedHome(t);
  home.publishIndex();
  await serve(home, home.signer, "1.0.0");
  await succeed(home, "repo", "add", "me", home.indexUrl);
  await succeed(home, "install", "tool");
  return home;
}

/** Serves an index that calls itself `me`'s, with a tool by this key that says whose it is. */
async function serve(home: SignedHome, signer: Signer, version: string, facts: object = {}): Promise<void> {
  const built = home.build({ name: "tool", version, namespace: "test/tool", program: `echo ${signer.keyId}`, signer });
  await home.push(built);
  const keySets = [makeKeySet({ keys: [signer] })];
  home.serveIndex({ packages: [built], keySets, signers: [signer], ...facts });
}

async function succeed(home: SignedHome, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await home.pkg(args);
  assert.equal(code, 0, `${args.join(" ")}: ${stderr}`);
  return stdout + stderr;
}

const runs = (home: SignedHome) => spawnSync(join(home.path, "bin", "tool"), { encoding: "utf8" }).stdout.trim();

test("pkg repo remove orphans what was installed, and every command says so", async (t) => {
  const home = await ownedHome(t);
  assert.match(
    await succeed(home, "repo", "remove", "me"),
    /^Nothing updates the 1 package installed from it .*: tool$/m,
  );
  assert.match(await succeed(home, "list"), /tool .*orphaned: its repository was removed/);
  assert.match(await succeed(home, "info", "tool"), /from +me, registry\.example\/me\/index, orphaned/);
  assert.match(await succeed(home, "outdated"), /tool +1\.0\.0 \(orphaned: its repository was removed\) +me/);
  assert.match(await succeed(home, "update"), /= tool 1\.0\.0 stays as it is, orphaned: .*--replace/);
  const [listed, outdated, updated] = [await home.json("list"), await home.json("outdated"), await home.json("update")];
  assert.partialDeepStrictEqual(listed.document, {
    packages: [{ name: "tool", repository: "me", orphaned: true, owner: { identity: IDENTITY, signed: true } }],
  });
  assert.partialDeepStrictEqual(outdated.document, {
    packages: [{ state: "orphaned", name: "tool", repository: "me" }],
  });
  assert.partialDeepStrictEqual(updated.document, { packages: [{ action: "keep", name: "tool", orphaned: true }] });
});

test("pkg gives the packages of a removed repository to no other that calls itself the same", async (t) => {
  const home = await ownedHome(t);
  const evil = createSigner();
  const other = home.build({ name: "fine", version: "1.0.0" });
  await home.push(other);
  home.publishIndex(other);
  await succeed(home, "sync", "tools");
  await succeed(home, "install", "fine");
  await succeed(home, "repo", "remove", "me");
  await serve(home, evil, "9.0.0", { serial: 9 });
  const added = await succeed(home, "repo", "add", home.indexUrl);
  assert.match(added, /^ +address +http:\/\/127\.0\.0\.1/m);
  assert.match(added, /^me calls itself "registry\.example\/me\/index", and is fetched from "http:/m);
  assert.match(added, /^What was installed from me \(http.*, key .*, removed\) is not me's own, .*: tool$/m);
  for (const args of [
    ["install", "tool"],
    ["install", "tool:me", "--yes"],
    ["install", "tool", "--reinstall", "--force"],
  ]) {
    const refused = await home.json(...args);
    assert.partialDeepStrictEqual(refused, { code: 1, document: { packages: [{ error: { code: "NAME_BOUND" } }] } });
  }
  const told = await home.pkg(["install", "tool"]);
  assert.match(told.stderr, /from "me \(http.*, key .*\)": it is installed from "me \(http.*, key .*, removed\)"/);
  assert.match(told.stderr, /hint: Add --replace/);
  assert.partialDeepStrictEqual(await home.json("update"), {
    code: 0,
    document: {
      packages: [
        { name: "fine", orphaned: false },
        { name: "tool", action: "keep", orphaned: true },
      ],
    },
  });
  assert.equal(runs(home), home.signer.keyId);
  await succeed(home, "install", "tool", "--replace");
  assert.equal(runs(home), evil.keyId);
  assert.partialDeepStrictEqual((await home.json("list")).document, {
    packages: [{}, { name: "tool", orphaned: false }],
  });
});

test("pkg remembers the keys of a repository whose section was deleted by hand, and says how to forget them", async (t) => {
  const home = await ownedHome(t);
  const config = join(home.path, "config.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace(/\[repositories\.me\]\nurl = .*\n/, ""));
  const evil = createSigner();
  await serve(home, evil, "9.0.0", { serial: 9 });
  assert.partialDeepStrictEqual(await home.json("repo", "add", "me", home.indexUrl), {
    code: 1,
    document: { error: { code: "KEYS_CHANGED" } },
  });
  const accepting = await home.pkg(["repo", "trust", "me", "--accept-keys", evil.publicKey]);
  assert.match(accepting.stderr, /hint: Run `pkg repo remove me`, which forgets its keys/);
  assert.match(await succeed(home, "repo", "remove", "me"), /^Nothing updates the 1 package/m);
});

test("pkg gives a repository that is added again its packages back, also after a change of keys", async (t) => {
  const home = await ownedHome(t);
  const next = createSigner();
  await succeed(home, "repo", "remove", "me");
  const first = makeKeySet({ keys: [home.signer] });
  const keySets = [first, makeKeySet({ version: 2, keys: [next], signers: [home.signer, next] })];
  await serve(home, next, "2.0.0", { serial: 2, keySets });
  await succeed(home, "repo", "add", "again", home.indexUrl);
  assert.partialDeepStrictEqual((await home.json("list")).document, {
    packages: [{ name: "tool", repository: "again", orphaned: false }],
  });
  assert.match(await succeed(home, "update"), /tool 1\.0\.0 → 2\.0\.0/);
});

test("pkg takes another address for another repository, if that is all it knows of it", async (t) => {
  const home = await makeSignedHome(t);
  const [mine, theirs] = ["mine", "theirs"].map((owner) =>
    home.build({ name: "tool", version: owner === "mine" ? "1.0.0" : "9.0.0", namespace: `test/${owner}` }),
  );
  assert.ok(mine !== undefined && theirs !== undefined);
  await home.push(mine, theirs);
  const address = (name: string) => `${home.registryUrl}/index/${name}.json`;
  for (const [name, built] of [
    ["mine", mine],
    ["theirs", theirs],
  ] as const) {
    writeFileSync(join(home.path, "served", "index", `${name}.json`), indexDocument([built]));
  }
  await succeed(home, "repo", "add", "plain", address("mine"));
  const installed = await home.pkg(["install", "tool:plain"]);
  assert.match(
    installed.stderr,
    /^note: plain is not signed: whoever controls 127\.0\.0\.1:\d+ decides what is installed/m,
  );
  // The section in the config gets another address, as somebody's instructions said.
  const config = join(home.path, "config.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace(address("mine"), address("theirs")));
  await succeed(home, "sync", "plain");
  assert.partialDeepStrictEqual((await home.json("list")).document, { packages: [{ name: "tool", orphaned: true }] });
  assert.partialDeepStrictEqual(await home.json("install", "tool:plain"), {
    code: 1,
    document: { packages: [{ error: { code: "NAME_BOUND" } }] },
  });
  await succeed(home, "repo", "remove", "plain");
  await succeed(home, "repo", "add", "other", address("mine"));
  assert.partialDeepStrictEqual((await home.json("list")).document, {
    packages: [{ name: "tool", repository: "other", orphaned: false, owner: { signed: false } }],
  });
});

test("pkg repo shows what is not signed, and what is elsewhere than it says", async (t) => {
  const home = await makeSignedHome(t);
  home.publishIndex(home.build({ name: "tool", version: "1.0.0" }));
  const url = `${home.registryUrl}/index/tools.json`;
  const added = await home.json("repo", "add", "plain", url);
  assert.partialDeepStrictEqual(added, { code: 0, document: { signed: false, trust: null, orphans: [] } });
  const notice = /^plain is not signed: whoever controls 127\.0\.0\.1:\d+ decides what is installed from it$/m;
  assert.match(await succeed(home, "repo"), notice);
  assert.match(await succeed(home, "repo", "trust", "plain"), notice);
  assert.match(await succeed(home, "info", "tool:plain"), /repository +plain, whose index is not signed/);
  assert.partialDeepStrictEqual(await home.json("repo"), {
    document: { repositories: [{}, { name: "plain", signed: false }, {}, {}, {}, {}] },
  });
  assert.doesNotMatch(await succeed(home, "repo", "disable", "plain"), notice);
  assert.doesNotMatch(await succeed(home, "repo"), notice, "nothing is installed from it");
});

test("pkg repo add gives an index no name that looks like another repository's, unless a person chose it", async (t) => {
  const home = await makeSignedHome(t);
  const repository = "registry.example/bin-cache/index";
  await serve(home, home.signer, "1.0.0", { repository, keySets: [makeKeySet({ repository, keys: [home.signer] })] });
  assert.partialDeepStrictEqual(await home.json("repo", "add", home.indexUrl), {
    code: 1,
    document: { error: { code: "REPOSITORY_EXISTS" } },
  });
  await succeed(home, "repo", "add", home.indexUrl, "--name", "bin-cache");
});

test("pkg update and outdated know at once that a removed repository is in the config again", async (t) => {
  const home = await makeSampleHome(t);
  const built = home.build({ name: "tool", version: "1.0.0" });
  await home.push(built);
  home.publishIndex(built);
  const config = join(home.path, "config.toml");
  for (const [command, said] of [
    ["update", /= tool 1\.0\.0 is up to date/],
    ["outdated", /up to date/],
  ] as const) {
    await home.pkg(["install", "tool"]);
    const before = readFileSync(config, "utf8");
    await home.pkg(["repo", "remove", "tools", "--yes"]);
    assert.match((await home.pkg([command])).stdout, /orphaned/);
    writeFileSync(config, before);
    const { stdout, stderr } = await home.pkg([command]);
    assert.match(stdout + stderr, said);
  }
});
