import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createSigner } from "../support/minisign-signer.ts";
import { HOUR_MS, makeSignedHome, type ServedFacts, type SignedHome } from "../support/signed-home.ts";
import { indexText, makeKeySet, packed, signIndex } from "../support/signed-index.ts";
import { changedPaths, treeOf } from "../support/tree.ts";

const DAY_MS = 24 * HOUR_MS;
const stranger = createSigner();

/** A home whose repository `signed` is added and pinned, with one package in it. */
async function makeTrustingHome(t: Parameters<typeof makeSignedHome>[0]) {
  const home = await makeSignedHome(t);
  const tool = home.build({ name: "tool", version: "1.0.0" });
  await home.push(tool);
  home.serveIndex({ serial: 5, packages: [tool] });
  const added = await home.pkg(["repo", "add", "signed", home.indexUrl]);
  assert.equal(added.code, 0, added.stderr);
  return { home, tool };
}

function configOf({ path }: SignedHome): string {
  return readFileSync(join(path, "config.toml"), "utf8");
}

const failed = (code: string) => ({ code: 1, document: { repositories: [{ state: "failed", error: { code } }] } });

test("pkg repo add shows what an index is and who signs it, pins that, and its packages install by the same keys", async (t) => {
  const home = await makeSignedHome(t);
  const tool = home.build({ name: "tool", version: "1.0.0" });
  await home.push(tool);
  home.serveIndex({ serial: 42, packages: [tool] });
  const { code, stdout } = await home.pkg(["repo", "add", home.indexUrl]);
  assert.equal(code, 0);
  assert.match(stdout, /^added me in .*config\.toml$/m);
  assert.match(stdout, /index +registry\.example\/me\/index, serial 42/);
  assert.match(stdout, /packages +1 for this machine/);
  assert.match(stdout, /expires +20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
  assert.match(stdout, /signed by +1 of 1, pinned on first use/);
  assert.ok(stdout.includes(`key ${home.signer.keyId}`) && stdout.includes(home.signer.publicKey));
  assert.match(configOf(home), /\[repositories\.me\]\nurl = "http/);
  assert.match(
    (await home.pkg(["repo"])).stdout,
    new RegExp(`^me +1 package +just now +expires 20.*\\n +key ${home.signer.keyId}, serial 42\\n +http`, "m"),
  );
  const installed = await home.json("install", "tool:me");
  assert.partialDeepStrictEqual(installed, {
    code: 0,
    document: {
      packages: [
        { action: "install", signedBy: home.signer.keyId, checks: ["digest", "checksum", "signature"], skipped: [] },
      ],
    },
  });
  const twice = await home.pkg(["repo", "add", home.indexUrl]);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /Cannot add "me": a repository of that name is configured[\s\S]*--name/);
  assert.equal((await home.pkg(["repo", "add", home.indexUrl, "--name", "other"])).code, 0);
});

interface NotAdded {
  readonly facts?: ServedFacts;
  readonly args?: (home: SignedHome) => readonly string[];
  readonly code: number;
  readonly message: RegExp;
}

const NOT_ADDED: Readonly<Record<string, NotAdded>> = {
  "signed by another key": {
    facts: { signers: [stranger] },
    code: 1,
    message: /Cannot add "me": its index is signed by ".{16}", expected 1/,
  },
  "not signed": { facts: { signers: null }, code: 1, message: /its index has no signature/ },
  expired: {
    facts: { issuedMs: Date.now() - 2 * DAY_MS, expiresMs: Date.now() - DAY_MS },
    code: 1,
    message: /its index expired at/,
  },
  "issued tomorrow": { facts: { issuedMs: Date.now() + DAY_MS }, code: 1, message: /this machine's clock says/ },
  "not signed by the key that was given": {
    args: () => ["--key", stranger.publicKey],
    code: 1,
    message: /of the keys given with --key/,
  },
  "signed by one of two keys that have to": {
    args: ({ signer }) => ["--key", signer.publicKey, "--key", stranger.publicKey, "--threshold", "2"],
    code: 1,
    message: /is signed by 1 of the keys given with --key/,
  },
  "asked for more signatures than keys": {
    args: () => ["--key", stranger.publicKey, "--threshold", "2"],
    code: 2,
    message: /--threshold: it is 2/,
  },
  "given a key that is none": { args: () => ["--key", "RWQbad"], code: 2, message: /public key/ },
  "named twice": { args: ({ indexUrl }) => [indexUrl, "--name", "x"], code: 2, message: /named twice/ },
};

test("pkg repo add adds nothing and pins nothing when the index is refused", async (t) => {
  const home = await makeSignedHome(t);
  const before = configOf(home);
  for (const [name, { facts = {}, args = () => [], code, message }] of Object.entries(NOT_ADDED)) {
    home.serveIndex(facts);
    const result = await home.pkg(["repo", "add", home.indexUrl, ...args(home)]);
    assert.equal(result.code, code, `${name}: ${result.stderr}`);
    assert.match(result.stderr, message, name);
    assert.equal(configOf(home), before, name);
    assert.deepEqual(
      readdirSync(join(home.path, "index")).filter((file) => file.startsWith("me")),
      [],
      name,
    );
  }
  // If anything had been pinned, what is refused now would be accepted.
  assert.equal((await home.pkg(["repo", "trust", "me"])).code, 1);
  home.serveIndex({ keySets: [makeKeySet({ keys: [stranger] })], signers: [stranger] });
  const added = await home.pkg(["repo", "add", home.indexUrl, "--key", stranger.publicKey]);
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stdout, /signed by the keys you gave, and pinned/);
  assert.match(configOf(home), new RegExp(`keys = \\["${stranger.publicKey.replaceAll(/[+/]/g, "\\$&")}"\\]`));
});

test("pkg repo add needs a NAME for an index that does not name itself, and when offline", async (t) => {
  const home = await makeSignedHome(t);
  home.serveBytes(Buffer.from("[]"), null);
  const nameless = await home.pkg(["repo", "add", home.indexUrl]);
  assert.equal(nameless.code, 2);
  assert.match(nameless.stderr, /does not say what it is called[\s\S]*pkg repo add NAME/);
  assert.equal((await home.pkg(["repo", "add", "older", home.indexUrl])).code, 0);
  const offline = await home.pkg(["repo", "add", home.indexUrl, "--offline"]);
  assert.match(offline.stderr, /--offline is set/);
  const later = await home.pkg(["repo", "add", "later", home.indexUrl, "--offline"]);
  assert.equal(later.code, 0);
  assert.match(later.stdout, /by the next `pkg sync`/);
});

test("pkg sync refuses keys that changed, and pkg repo trust takes them when they are named whole", async (t) => {
  const { home, tool } = await makeTrustingHome(t);
  home.serveIndex({ serial: 6, packages: [tool], keySets: [makeKeySet({ keys: [stranger] })], signers: [stranger] });
  const refused = await home.pkg(["sync", "signed"]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /its key set 1 is not the pinned one: expected 1 of ".{16}", found 1 of ".{16}"/);
  assert.match(
    refused.stderr,
    /hint: Somebody may be impersonating the publisher[\s\S]*pkg repo trust signed --accept-keys RW/,
  );
  assert.ok(!refused.stderr.includes(stranger.publicKey), "the keys to accept come from the publisher, not from here");
  const trust = (...keys: readonly string[]) => home.pkg(["repo", "trust", "signed", "--accept-keys", ...keys]);
  const shown = await home.pkg(["repo", "trust", "signed"]);
  assert.match(shown.stdout, /registry\.example\/me\/index, serial 5[\s\S]*on first use/);
  assert.ok(shown.stdout.includes(home.signer.publicKey));
  const byId = await trust(stranger.keyId);
  assert.equal(byId.code, 2);
  assert.match(byId.stderr, /it is a key's id, and anybody can make a key with that id/);
  const wrong = await trust(home.signer.publicKey);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /and those you accept are/);
  const before = treeOf([home.path]);
  assert.equal((await trust(home.signer.publicKey, "--dry-run")).code, 1);
  const foreseen = await trust(stranger.publicKey, "--dry-run");
  assert.equal(foreseen.code, 0, foreseen.stderr);
  assert.match(foreseen.stdout, /^Would pin these keys/);
  assert.match(foreseen.stderr, /the new keys of registry\.example\/me\/index would be pinned/);
  assert.deepEqual(changedPaths(before, treeOf([home.path])), []);
  const accepted = await trust(stranger.publicKey);
  assert.equal(accepted.code, 0, accepted.stderr);
  assert.ok(accepted.stdout.includes(stranger.publicKey));
  // The new keys count for the packages too.
  const installed = await home.pkg(["install", "tool:signed"]);
  assert.equal(installed.code, 1);
  assert.match(installed.stderr, /its key is ".{16}", expected ".{16}"/);
});

test("pkg sync refuses an index, says why, and the old one stays in use", async (t) => {
  const { home, tool } = await makeTrustingHome(t);
  const packages = [tool];
  const keySets = [makeKeySet({ keys: [home.signer] })];
  const good = packed(indexText({ serial: 6, issuedMs: Date.now() - HOUR_MS, keySets }));
  const cases: readonly (readonly [code: string, serve: () => void])[] = [
    ["INDEX_ROLLED_BACK", () => home.serveIndex({ serial: 4, packages })],
    ["INDEX_MISMATCH", () => home.serveIndex({ serial: 5, packages: [] })],
    ["INDEX_MISMATCH", () => home.serveIndex({ serial: 6, repository: "registry.example/you", packages })],
    [
      "INDEX_EXPIRED",
      () => home.serveIndex({ serial: 6, issuedMs: Date.now() - 2 * DAY_MS, expiresMs: Date.now() - DAY_MS }),
    ],
    ["CLOCK_WRONG", () => home.serveIndex({ serial: 6, issuedMs: Date.now() + DAY_MS })],
    ["SIGNATURE_MISSING", () => home.serveIndex({ serial: 6, packages, signers: null })],
    ["SIGNATURE_UNTRUSTED", () => home.serveIndex({ serial: 6, packages, signers: [stranger] })],
    ["SIGNATURE_INVALID", () => home.serveBytes(good, signIndex(Buffer.from("other"), [home.signer]))],
    ["INDEX_INVALID", () => home.serveBytes(good.subarray(0, -20), signIndex(good, [home.signer]))],
    ["KEYS_CHANGED", () => home.serveBytes(Buffer.from("[]"), null)],
  ];
  for (const [code, serve] of cases) {
    serve();
    assert.partialDeepStrictEqual(await home.json("sync", "signed"), failed(code), code);
  }
  assert.match((await home.pkg(["search", "tool"])).stdout, /tool +1\.0\.0 +signed/);
  assert.partialDeepStrictEqual(await home.json("repo", "trust", "signed"), { document: { pinned: { serial: 5 } } });
});

test("pkg refuses to install from, or to compare with, an index that has expired, unless --allow-stale says so", async (t) => {
  const { home, tool } = await makeTrustingHome(t);
  home.serveIndex({ serial: 6, packages: [tool], issuedMs: Date.now() - 2 * DAY_MS, expiresMs: Date.now() - DAY_MS });
  assert.equal((await home.pkg(["sync", "signed", "--allow-stale"])).code, 0);
  const searched = await home.pkg(["search", "tool"]);
  assert.equal(searched.code, 0);
  assert.match(searched.stdout, /tool +1\.0\.0/);
  assert.match(searched.stderr, /note: The index of signed expired at .*; run `pkg sync signed`/);
  assert.match((await home.pkg(["repo"])).stdout, /signed .*expired 20/);
  const refused = await home.json("install", "tool:signed");
  assert.partialDeepStrictEqual(refused, {
    code: 1,
    document: { packages: [{ action: "fail", error: { code: "INDEX_EXPIRED" } }] },
  });
  const installed = await home.pkg(["install", "tool:signed", "--allow-stale"]);
  assert.equal(installed.code, 0, installed.stderr);
  assert.match(installed.stderr, /warning: The index of signed expired at .*, and is used because of --allow-stale/);
  assert.match((await home.pkg(["list"])).stdout, /tool +1\.0\.0 +signed .*unchecked: freshness/);
  assert.match((await home.pkg(["info", "tool"])).stdout, /unchecked +freshness/);
  for (const command of [["outdated"], ["update"], ["update", "--check"]]) {
    const result = await home.pkg(command);
    assert.equal(result.code, 1, command.join(" "));
    assert.match(result.stderr, /its index expired at/);
    const allowed = await home.pkg([...command, "--allow-stale"]);
    assert.equal(allowed.code, 0, allowed.stderr);
  }
  // A fresh index needs no waiver.
  home.serveIndex({ serial: 7, packages: [tool] });
  const fresh = await home.json("install", "tool:signed", "--reinstall", "--allow-stale");
  assert.partialDeepStrictEqual(fresh, { code: 0, document: { packages: [{ action: "reinstall", skipped: [] }] } });
});

test("pkg install takes packages of a signed index by its keys alone", async (t) => {
  const home = await makeSignedHome(t);
  const [unsigned, foreign] = [
    home.build({ name: "unsigned", version: "1.0.0", signer: null }),
    home.build({ name: "foreign", version: "1.0.0", signer: stranger }),
  ];
  await home.push(unsigned, foreign);
  home.serveIndex({ packages: [unsigned, foreign] });
  assert.equal((await home.pkg(["repo", "add", home.indexUrl])).code, 0);
  const result = await home.json("install", "unsigned", "foreign");
  assert.partialDeepStrictEqual(result, {
    code: 1,
    document: {
      packages: [
        { action: "fail", name: "unsigned", error: { code: "SIGNATURE_MISSING" } },
        { action: "fail", name: "foreign", error: { code: "SIGNATURE_UNTRUSTED" } },
      ],
    },
  });
});

test("pkg repo remove forgets the keys and says so, even for a repository removed from the config by hand", async (t) => {
  const { home } = await makeTrustingHome(t);
  const removed = await home.pkg(["repo", "remove", "signed"]);
  assert.equal(removed.code, 0);
  assert.match(removed.stdout, new RegExp(`Its keys are forgotten \\(${home.signer.keyId}\\): added again`));
  home.serveIndex({ serial: 1, keySets: [makeKeySet({ keys: [stranger] })], signers: [stranger] });
  assert.equal((await home.pkg(["repo", "add", "signed", home.indexUrl])).code, 0);
  const config = join(home.path, "config.toml");
  writeFileSync(config, configOf(home).replace(/\[repositories\.signed\]\nurl = ".*"\n/, ""));
  home.serveIndex({ serial: 2 });
  const refused = await home.pkg(["repo", "add", "signed", home.indexUrl]);
  assert.match(refused.stderr, /its key set 1 is not the pinned one/);
  assert.equal((await home.pkg(["repo", "remove", "signed"])).code, 0);
  assert.equal((await home.pkg(["repo", "add", "signed", home.indexUrl])).code, 0);
});
