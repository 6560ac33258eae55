import assert from "node:assert/strict";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256Digest } from "../../src/oci/digest.ts";
import { diffPackageIndex } from "../../src/repository-index/diff.ts";
import { lintError, lintPackageIndex } from "../../src/repository-index/lint.ts";
import { failureOf, PUBLIC_KEY } from "../publish/world.ts";
import { DAY_MS, type IndexWorld, indexWorld, NOW } from "./world.ts";

/** An index that two of three keys have to sign, signed by A. */
async function shared(world: IndexWorld) {
  const [a, b, c] = [await world.key("a"), await world.key("b"), await world.key("c")];
  const trust = [a, b, c].map(({ publicKey }) => publicKey);
  await world.publish();
  await world.buildPackageIndex({ trust, threshold: 2, keys: [a.file, b.file] });
  await world.buildPackageIndex({ previous: "index", keys: [a.file] });
  return { a, b, c };
}

test("signPackageIndex() adds a signature to the existing ones, each key once, to both files", async (t) => {
  const world = await indexWorld(t);
  const { a, b } = await shared(world);
  const path = (name: string) => join(world.directory, "index", name);
  const first = readFileSync(path("index.json.zst.sig"), "utf8");
  const outcome = await world.signPackageIndex([b.file]);
  assert.deepEqual(outcome.files, [path("index.json.zst.sig"), path("index.json.sig")]);
  assert.equal(outcome.signerIds.length, 2);
  assert.match(outcome.document, /^example\/index, serial 2$/);
  const second = readFileSync(path("index.json.zst.sig"), "utf8");
  assert.ok(second.startsWith(first), "the first signature stays first");
  assert.equal(second.split("\n").length, 9);
  await world.signPackageIndex([b.file]);
  assert.equal(readFileSync(path("index.json.zst.sig"), "utf8"), second);
  await world.signPackageIndex([a.file, b.file]);
  assert.equal(readFileSync(path("index.json.zst.sig"), "utf8"), second);
});

test("signPackageIndex() writes nothing when it is a dry run", async (t) => {
  const world = await indexWorld(t);
  const { b } = await shared(world);
  const path = join(world.directory, "index/index.json.sig");
  const before = readFileSync(path);
  assert.equal((await world.signPackageIndex([b.file], { dryRun: true })).signerIds.length, 2);
  assert.deepEqual(readFileSync(path), before);
});

test("signPackageIndex() refuses files that are neither an index nor a key set, and keys that may not sign", async (t) => {
  const world = await indexWorld(t);
  const { b } = await shared(world);
  const stranger = await world.key("s");
  const path = (name: string) => join(world.directory, "index", name);
  assert.match(await failureOf(world.signPackageIndex([stranger.file])), /^SIGNATURE_UNTRUSTED: .*not in key set 1/);
  assert.match(await failureOf(world.signPackageIndex([b.file], { path: "nowhere" })), /^INDEX_MISSING: /);
  // What is to be signed is looked for before a key is, which may have to be unlocked.
  assert.match(await failureOf(world.signPackageIndex(["no.key"], { path: "nowhere" })), /^INDEX_MISSING: /);
  writeFileSync(path("note.txt"), "pkg key set\n");
  assert.match(
    await failureOf(world.signPackageIndex([b.file], { path: "index/note.txt" })),
    /^INDEX_INVALID: .*it is not a key set/,
  );
  copyFileSync(path("index.json"), path("kept"));
  writeFileSync(path("index.json"), readFileSync(path("index.json"), "utf8").replace('"8.14.1"', '"8.14.2"'));
  assert.match(await failureOf(world.signPackageIndex([b.file])), /^INDEX_INVALID: .*are not the same index/);
  copyFileSync(path("kept"), path("index.json"));
  copyFileSync(path("index.json.sig"), path("index.json.zst.sig"));
  assert.match(await failureOf(world.signPackageIndex([b.file])), /^SIGNATURE_INVALID: /);
});

test("lintPackageIndex() finds no problem in what publishPackageIndex() published", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ typed: { description: "A tool" } });
  await world.publishPackageIndex();
  const outcome = await lintPackageIndex({ ...world.context, now: () => NOW }, request(world, world.reference));
  assert.deepEqual(outcome.findings, []);
  assert.equal(lintError(outcome), null);
  assert.deepEqual([outcome.serial, outcome.entryCount], [1, 2]);
});

test("lintPackageIndex() finds what is missing, moved, expired, and signed by too few", async (t) => {
  const world = await indexWorld(t);
  const { signal } = world.context;
  await shared(world);
  const place = await world.repository("me/tools/trurl");
  const arm = await place.resolve("8.14.1-aarch64-linux", signal);
  const amd = await place.fetchDocument("8.14.1-x86_64-linux", signal);
  const [gone] = (await world.entries("index")).filter(({ host }) => host === "x86_64-linux");
  await place.pushManifest({ ...amd, tag: "8.14.1-aarch64-linux" }, signal);
  await place.deleteBlob(sha256Digest(gone?.shasum ?? ""), signal);
  const outcome = await lintPackageIndex({ ...world.context, now: () => NOW + 31 * DAY_MS }, request(world, "index"));
  assert.deepEqual(
    outcome.findings
      .filter(({ rule }) => rule !== "description" && rule !== "signature")
      .map(({ level, rule, subject }) => [level, rule, subject]),
    [
      ["error", "trust", null],
      ["error", "expiry", null],
      ["warning", "tag", "trurl 8.14.1 aarch64-linux static"],
      ["error", "dangling", "trurl 8.14.1 x86_64-linux static"],
    ],
  );
  assert.match(outcome.findings.find(({ rule }) => rule === "tag")?.message ?? "", new RegExp(arm.digest));
  assert.match(lintError(outcome)?.message ?? "", /it has 3 errors/);
  await place.deleteManifest(arm.digest, signal);
  const again = await lintPackageIndex({ ...world.context, now: () => NOW }, request(world, "index"));
  assert.deepEqual(
    again.findings.filter(({ rule }) => rule === "dangling").map(({ subject }) => subject),
    ["trurl 8.14.1 aarch64-linux static", "trurl 8.14.1 x86_64-linux static"],
  );
});

test("lintPackageIndex() asks no registry when it is not to", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex();
  world.asked();
  await lintPackageIndex({ ...world.context, now: () => NOW }, { ...request(world, "index"), references: false });
  assert.deepEqual(world.asked(), []);
});

test("lintPackageIndex() finds a key set that its predecessor has not signed", async (t) => {
  const world = await indexWorld(t);
  await shared(world);
  const path = join(world.directory, "index/index.json");
  const text = readFileSync(path, "utf8");
  rmSync(join(world.directory, "index/index.json.zst"));
  writeFileSync(path, text.replace('"threshold":2', '"threshold":1'));
  const { findings } = await lintPackageIndex({ ...world.context, now: () => NOW }, request(world, "index"));
  assert.equal(findings[0]?.rule, "trust");
  assert.match(findings[0]?.message ?? "", /its key set 1 has a signature that is wrong/);
});

test("diffPackageIndex() shows what publishing would change", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ typed: { version: "8.14.0" } });
  await world.publishPackageIndex();
  await world.publish();
  await world.buildPackageIndex({ previous: world.reference, repository: null });
  const outcome = await diffPackageIndex(world.context, {
    before: world.reference,
    after: "index",
    directory: world.directory,
  });
  assert.deepEqual([outcome.before.serial, outcome.after.serial, outcome.identical], [1, 2, false]);
  assert.equal(outcome.changes.added.length, 2);
  const same = await diffPackageIndex(world.context, { before: "index", after: "index", directory: world.directory });
  assert.equal(same.identical, true);
});

function request({ directory }: IndexWorld, source: string) {
  // The index and its packages have keys of their own.
  return { source, directory, references: true, acceptKeys: [PUBLIC_KEY] };
}
