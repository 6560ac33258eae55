import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failureOf } from "../publish/world.ts";
import { DAY_MS, type IndexWorld, indexWorld, NOW } from "./world.ts";

test("buildPackageIndex() writes an index that a static host can serve, and the same again of the same", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  const { outcome } = await world.buildPackageIndex();
  const names = ["index.json", "index.json.sig", "index.json.zst", "index.json.zst.sig"];
  const directory = join(world.directory, "index");
  assert.deepEqual(readdirSync(directory).sort(), names);
  assert.deepEqual(outcome.files.toSorted(), names.map((name) => join(directory, name)).sort());
  const before = names.map((name) => readFileSync(join(directory, name)));
  await world.buildPackageIndex({ output: "again" });
  assert.deepEqual(
    names.map((name) => readFileSync(join(world.directory, "again", name))),
    before,
  );
  assert.deepEqual(await world.document("index/index.json"), await world.document("index"));
});

test("buildPackageIndex() builds on the index in the directory, so that no serial is used twice", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex();
  const { outcome } = await world.buildPackageIndex({ repository: null });
  assert.deepEqual([outcome.serial, outcome.readCount], [2, 0]);
  await world.buildPackageIndex({ output: "other", serial: 9 });
  assert.equal((await world.buildPackageIndex({ previous: "other" })).outcome.serial, 10);
});

test("buildPackageIndex() leaves no signature of another index behind", async (t) => {
  const world = await indexWorld(t);
  const key = await world.key("a");
  await world.publish();
  await world.buildPackageIndex({ trust: [key.publicKey], keys: [key.file] });
  await world.buildPackageIndex({ previous: "index", trust: [key.publicKey], keyless: true });
  assert.deepEqual(readdirSync(join(world.directory, "index")).sort(), ["index.json", "index.json.zst"]);
});

test("buildPackageIndex() finds repositories below a prefix, and passes over those that hold no package", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publish({ typed: { reference: `${world.host}/me/toolsmith`, name: "smith" } });
  await world.publishPackageIndex();
  const below = async (prefix: string) => {
    await world.buildPackageIndex({ from: [], prefixes: [prefix], only: true });
    return [...new Set((await world.entries("index")).map(({ pkg_name }) => pkg_name))];
  };
  assert.deepEqual(await below(`${world.host}/me/tools`), ["trurl"]);
  assert.deepEqual(await below(`${world.host}/me/`), ["smith", "trurl"]);
  assert.deepEqual(await below(world.host), ["smith", "trurl"]);
  assert.match(await failureOf(below(`${world.host}/nobody`)), /^PACKAGE_NOT_FOUND: .*lists no package below it/);
});

test("buildPackageIndex() says what to type when a registry does not list its repositories", async (t) => {
  const world = await indexWorld(t);
  const failing = world.buildPackageIndex({ from: [], prefixes: ["ghcr.io/me/tools"] });
  assert.match(await failureOf(failing), /^USAGE: .*"ghcr.io" holds under "ghcr.io\/me\/tools": it does not list/);
  await failing.catch((error) => assert.match(error.hint, /ghcr.io\/me\/tools\/NAME/));
});

test("buildPackageIndex() reads the reference in a pkg.json", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  const path = join(world.directory, "pkg.json");
  writeFileSync(path, JSON.stringify({ reference: world.trurl }));
  await world.buildPackageIndex({ from: ["pkg.json"] });
  assert.equal((await world.entries("index")).length, 2);
  for (const text of ["{}", "[]", "nonsense"]) {
    writeFileSync(path, text);
    assert.match(await failureOf(world.buildPackageIndex({ from: ["pkg.json"] })), /^PUBLISH_INVALID: /);
  }
});

test("buildPackageIndex() reads one version by its tag, and keeps the others of its repository", async (t) => {
  const world = await indexWorld(t);
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) await world.publish({ typed: { version } });
  const versions = async () => [...new Set((await world.entries("index")).map(({ version }) => version))];
  await world.buildPackageIndex({ from: [`${world.trurl}:1.0.0`] });
  assert.deepEqual(await versions(), ["1.0.0"]);
  await world.buildPackageIndex({ from: [`${world.trurl}:1.2.0`], previous: "index" });
  assert.deepEqual(await versions(), ["1.2.0", "1.0.0"]);
  await world.buildPackageIndex({ from: [`${world.trurl}:1.2.0`, world.trurl], previous: "index" });
  assert.deepEqual(await versions(), ["1.2.0", "1.1.0", "1.0.0"]);
  await world.buildPackageIndex({ from: [], previous: "index", versions: 2 });
  assert.deepEqual(await versions(), ["1.2.0", "1.1.0"]);
  assert.match(
    await failureOf(world.buildPackageIndex({ from: [`${world.trurl}@sha256:${"a".repeat(64)}`] })),
    /names a digest/,
  );
});

test("buildPackageIndex() keeps releases before pre-releases, and takes two spellings of a version as one", async (t) => {
  const world = await indexWorld(t);
  for (const version of ["1.0.0", "1.1.0", "2.0.0-rc1"]) await world.publish({ typed: { version } });
  await world.buildPackageIndex({ versions: 1 });
  assert.deepEqual([...new Set((await world.entries("index")).map(({ version }) => version))], ["1.1.0"]);
  await world.publish({ typed: { version: "v1.1.0" } });
  const { errors } = await world.buildPackageIndex({ output: "other" });
  assert.deepEqual(errors, []);
  assert.deepEqual([...new Set((await world.entries("other")).map(({ version }) => version))].toSorted(), [
    "1.0.0",
    "1.1.0",
    "2.0.0-rc1",
  ]);
});

test("buildPackageIndex() reports a tag without a version, and builds the rest with keepGoing", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  const from = [world.trurl, `${world.host}/me/nothing`, `${world.trurl}:9`];
  const { outcome, errors } = await world.buildPackageIndex({ from });
  assert.deepEqual(outcome.files, []);
  assert.equal(existsSync(join(world.directory, "index")), false);
  assert.equal(errors.length, 1);
  assert.match(errors[0]?.message ?? "", /^Cannot index "[^"]+\/me\/nothing": /);
  const kept = await world.buildPackageIndex({ from, keepGoing: true });
  assert.equal(kept.errors.length, 1);
  assert.equal((await world.entries("index")).length, 2);
});

test("buildPackageIndex() fails when the registry fails, even with keepGoing", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex();
  const before = readFileSync(join(world.directory, "index/index.json"));
  const from = [world.trurl, "127.0.0.1:1/me/gone"];
  assert.match(
    await failureOf(world.buildPackageIndex({ from, previous: "index", keepGoing: true })),
    /^NETWORK_FAILED: /,
  );
  assert.deepEqual(readFileSync(join(world.directory, "index/index.json")), before);
});

test("buildPackageIndex() refuses what could not follow the index before", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ serial: 7 });
  const build = (change: Parameters<IndexWorld["buildPackageIndex"]>[0]) =>
    failureOf(world.buildPackageIndex({ previous: "index", repository: null, ...change }));
  assert.match(await build({ serial: 7 }), /^INDEX_ROLLED_BACK: .*its serial is 7, expected more than 7/);
  assert.match(await build({ repository: "other" }), /^INDEX_MISMATCH: .*"example\/index", expected "other"/);
  assert.match(await build({ at: NOW - DAY_MS }), /^CLOCK_WRONG: /);
  assert.match(
    await failureOf(world.buildPackageIndex({ repository: null, output: "new" })),
    /^USAGE: .*it has no name/,
  );
  for (const expiresIn of ["401d", "0d", "never", "soon"]) {
    assert.match(await build({ expiresIn }), /^(?:USAGE|CONFIG_INVALID): .*--expires-in/, expiresIn);
  }
  assert.equal(await build({ serial: 8 }), "nothing");
});

test("buildPackageIndex() refuses to build on somebody else's index", async (t) => {
  const world = await indexWorld(t);
  const [a, b, c] = [await world.key("a"), await world.key("b"), await world.key("c")];
  await world.publish();
  const trust = [a.publicKey, b.publicKey, c.publicKey];
  await world.buildPackageIndex({ trust, keys: [a.file] });
  const on = (previous: string, change: object) =>
    failureOf(world.buildPackageIndex({ previous, output: "next", ...change }));
  // It is signed only by A: B and C cannot know whether A is to be trusted.
  assert.match(await on("index", { keys: [b.file] }), /^SIGNATURE_UNTRUSTED: .*neither it nor any of its key sets/);
  assert.equal(await on("index", { keys: [b.file], trust }), "nothing");
  await world.signPackageIndex([b.file]);
  assert.equal(await on("index", { keys: [b.file] }), "nothing");
  // A has signed the key set, so any key in it may have signed the index.
  await world.buildPackageIndex({ previous: "index", output: "by-b", keys: [b.file] });
  assert.equal(await on("by-b", { keys: [a.file] }), "nothing");
  assert.match(await on("by-b", { keys: [c.file] }), /^SIGNATURE_UNTRUSTED: /);
});

test("buildPackageIndex() does not build on an index that was tampered with", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex();
  const directory = join(world.directory, "index");
  const text = readFileSync(join(directory, "index.json"), "utf8");
  writeFileSync(join(directory, "index.json"), text.replace(/"shasum":"[0-9a-f]{8}/, '"shasum":"00000000'));
  const failure = await failureOf(world.buildPackageIndex({ previous: "index/index.json", output: "next" }));
  assert.match(failure, /^SIGNATURE_INVALID: Cannot build on "index\/index.json"/);
});

test("buildPackageIndex() asks for missing signatures of a new key set, and finds them in the directory", async (t) => {
  const world = await indexWorld(t);
  const [a, b] = [await world.key("a"), await world.key("b")];
  await world.publish();
  const draft = { trust: [a.publicKey, b.publicKey], threshold: 2, keys: [a.file] };
  const failing = world.buildPackageIndex(draft);
  const expected =
    /^SIGNATURE_MISSING: .*key set 1 of "example\/index" is signed by 1 of the keys of set 1, expected 2/;
  assert.match(await failureOf(failing), expected);
  assert.deepEqual(readdirSync(join(world.directory, "index")), ["key-set-1.txt"]);
  await world.signPackageIndex([b.file], { path: "index/key-set-1.txt" });
  const { outcome } = await world.buildPackageIndex(draft);
  assert.equal(outcome.signerIds.length, 1);
  const signed = await world.signPackageIndex([b.file]);
  assert.deepEqual([signed.signerIds.length, signed.threshold], [2, 2]);
  assert.equal((await world.publishPackageIndex({ built: "index" })).outcome.state, "published");
});

test("buildPackageIndex() changes the keys only with enough of the old ones", async (t) => {
  const world = await indexWorld(t);
  const [a, b, c] = [await world.key("a"), await world.key("b"), await world.key("c")];
  await world.publish();
  await world.buildPackageIndex({ trust: [a.publicKey, b.publicKey], threshold: 2, keys: [a.file, b.file] });
  const rekey = { previous: "index", output: "next", trust: [b.publicKey, c.publicKey] };
  assert.match(
    await failureOf(world.buildPackageIndex({ ...rekey, keys: [b.file, c.file] })),
    /^SIGNATURE_MISSING: .*key set 2 .*signed by 1 of the keys of set 1, expected 2/,
  );
  assert.match(
    await failureOf(world.buildPackageIndex({ ...rekey, keys: [a.file, b.file] })),
    /^SIGNATURE_MISSING: .*key set 2 .*signed by 1 of the keys of set 2, expected 2/,
  );
  const { outcome } = await world.buildPackageIndex({ ...rekey, keys: [a.file, b.file, c.file] });
  assert.deepEqual([outcome.keySetVersion, outcome.threshold, outcome.signerIds.length], [2, 2, 2]);
  const { header } = await world.document("next");
  assert.deepEqual(
    header.keySets.map(({ version, signatures }) => [version, signatures.length]),
    [
      [1, 2],
      [2, 3],
    ],
  );
  // The same keys again make no new set.
  const third = await world.buildPackageIndex({ ...rekey, previous: "next", output: "third", keys: [b.file, c.file] });
  assert.equal(third.outcome.keySetVersion, 2);
});

test("buildPackageIndex() refuses a key that may not sign", async (t) => {
  const world = await indexWorld(t);
  const [a, b] = [await world.key("a"), await world.key("b")];
  await world.publish();
  await world.buildPackageIndex({ keys: [a.file] });
  assert.match(
    await failureOf(world.buildPackageIndex({ previous: "index", keys: [a.file, b.file] })),
    /^SIGNATURE_UNTRUSTED: .*is not in key set 1/,
  );
  assert.match(await failureOf(world.signPackageIndex([b.file])), /^SIGNATURE_UNTRUSTED: .*is not in key set 1/);
  const { trust, threshold } = { trust: [a.publicKey], threshold: 2 };
  assert.match(
    await failureOf(world.buildPackageIndex({ trust, threshold, keys: [a.file] })),
    /^USAGE: .*there is 1 key/,
  );
});
