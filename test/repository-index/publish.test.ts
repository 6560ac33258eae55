import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { validatePackage } from "../../src/generated/index-schema.js";
import { readIndexFile } from "../../src/repository-index/index-file.ts";
import { parsePublicKey, parseSignature, verifySignature } from "../../src/verify/minisign.ts";
import { failureOf, PUBLIC_KEY } from "../publish/world.ts";
import { DAY_MS, type IndexWorld, indexWorld, NOW } from "./world.ts";

const stateOf = async (publishing: ReturnType<IndexWorld["publishPackageIndex"]>) => (await publishing).outcome.state;

test("publishPackageIndex() makes an index of every platform, with all that its packages say and what only the registry knows", async (t) => {
  const world = await indexWorld(t);
  const { platforms } = await world.publish();
  const { outcome, errors } = await world.publishPackageIndex();
  assert.deepEqual(errors, []);
  assert.equal(outcome.state, "published");
  assert.deepEqual(outcome.tags, ["1", "latest"]);
  const { header, entries, skipped } = await world.document();
  assert.deepEqual(skipped, []);
  assert.equal(header.repository, world.reference);
  assert.equal(header.serial, 1);
  assert.equal(header.issuedMs, Date.parse("2030-06-15T12:00:00Z"));
  assert.equal(header.expiresMs - header.issuedMs, 30 * DAY_MS);
  assert.deepEqual(
    header.keySets.map(({ version, threshold, keys }) => ({ version, threshold, keys })),
    [{ version: 1, threshold: 1, keys: [PUBLIC_KEY] }],
  );
  assert.deepEqual(
    entries.map(({ pkg_name, version, host, ghcr_pkg }) => [pkg_name, version, host, ghcr_pkg]),
    [
      ["trurl", "8.14.1", "aarch64-linux", `${world.trurl}:8.14.1-aarch64-linux`],
      ["trurl", "8.14.1", "x86_64-linux", `${world.trurl}:8.14.1-x86_64-linux`],
    ],
  );
  assert.deepEqual(
    entries.map(({ manifest_digest }) => manifest_digest).sort(),
    platforms.map(({ digest }) => digest).sort(),
  );
  for (const entry of entries) {
    assert.ok(validatePackage(entry));
    assert.deepEqual(entry.ghcr_files?.slice(0, 3), ["trurl", "CHECKSUM", "trurl.json"]);
    assert.ok((entry.ghcr_size_raw ?? 0) > entry.size_raw);
  }
});

test("publishPackageIndex() signs what it publishes, as minisign would check it", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex();
  const { bytes, signatures } = await readIndexFile(world.context, world.reference, "/");
  assert.ok(signatures !== null);
  const { fileName, trustedComment } = verifySignature({
    signature: parseSignature(signatures),
    keys: [parsePublicKey(PUBLIC_KEY)],
    content: { blake2b512: createHash("blake2b512").update(bytes).digest("hex") },
    allowLegacy: false,
  });
  assert.equal(fileName, "index.json.zst");
  assert.equal(trustedComment, `timestamp:${Math.floor(NOW / 1000)}\tfile:index.json.zst\thashed`);
});

test("publishPackageIndex() reads again only what has changed, and neither rolling tags nor those of hosts", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ typed: { version: "8.14.0" } });
  await world.publish();
  world.asked();
  const first = await world.publishPackageIndex();
  assert.equal(first.outcome.built?.readCount, 4);
  const asked = world.asked();
  const packages = asked.filter((line) => line.includes("/me/tools/trurl/"));
  const blobs = packages.filter((line) => line.includes("/blobs/"));
  assert.equal(
    blobs.length,
    24,
    "PROGRAM.json, CHECKSUM, the program and their signatures, for each platform and version",
  );
  for (const tag of ["8", "8.14", "latest"]) {
    assert.ok(!packages.includes(`GET /v2/me/tools/trurl/manifests/${tag}`), tag);
  }

  const again = await world.publishPackageIndex({ from: [] });
  assert.deepEqual([again.outcome.built?.readCount, again.outcome.serial], [0, 2]);
  const [listing, ...sideBySide] = world.asked().filter((line) => line.includes("/me/tools/trurl/"));
  assert.equal(listing, "GET /v2/me/tools/trurl/tags/list");
  assert.deepEqual(sideBySide.toSorted(), [
    "GET /v2/me/tools/trurl/manifests/8.14.0",
    "GET /v2/me/tools/trurl/manifests/8.14.1",
    "HEAD /v2/me/tools/trurl/manifests/8",
    "HEAD /v2/me/tools/trurl/manifests/8.14",
  ]);

  await world.publish({ typed: { version: "9.0.0" } });
  world.asked();
  const third = await world.publishPackageIndex();
  assert.deepEqual([third.outcome.built?.readCount, third.outcome.built?.entryCount], [2, 6]);
  assert.equal(world.asked().filter((line) => /GET .*trurl\/blobs/.test(line)).length, 12);
  assert.deepEqual(third.outcome.built?.changes?.newest, [
    { name: "trurl", id: `${world.trurl.replaceAll("/", ".")}`, before: "8.14.1", after: "9.0.0" },
  ]);
});

test("publishPackageIndex() keeps the packages of other repositories, unless --only or --without", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  const other = `${world.host}/me/tools/other`;
  await world.publish({ typed: { reference: other } });
  await world.publishPackageIndex();
  await world.publishPackageIndex({ from: [other] });
  assert.deepEqual([...new Set((await world.entries()).map(({ pkg_name }) => pkg_name))], ["other", "trurl"]);
  await world.publishPackageIndex({ from: [], without: [world.trurl] });
  assert.deepEqual([...new Set((await world.entries()).map(({ pkg_name }) => pkg_name))], ["other"]);
  await world.publishPackageIndex();
  await world.publishPackageIndex({ from: [other], only: true });
  assert.deepEqual([...new Set((await world.entries()).map(({ pkg_name }) => pkg_name))], ["other"]);
});

test("publishPackageIndex() publishes nothing if the same index is already published", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ repository: world.reference });
  assert.equal(await stateOf(world.publishPackageIndex({ built: "index" })), "published");
  world.asked();
  assert.equal(await stateOf(world.publishPackageIndex({ built: "index" })), "unchanged");
  assert.deepEqual(
    world.asked().filter((line) => !/^(?:GET|HEAD) /.test(line)),
    [],
  );
});

test("publishPackageIndex() sends nothing when it is a dry run", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  world.asked();
  assert.equal(await stateOf(world.publishPackageIndex({ dryRun: true })), "would publish");
  assert.deepEqual(
    world.asked().filter((line) => !/^(?:GET|HEAD) /.test(line)),
    [],
  );
});

test("publishPackageIndex() refuses an index that does not follow the published one", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  const other = await world.key("b");
  await world.publishPackageIndex({ serial: 5 });
  await world.buildPackageIndex({ output: "older", repository: world.reference, serial: 4 });
  await world.buildPackageIndex({ output: "same", repository: world.reference, serial: 5, at: NOW + DAY_MS });
  await world.buildPackageIndex({ output: "renamed", serial: 6 });
  await world.buildPackageIndex({ output: "rekeyed", repository: world.reference, serial: 6, keys: [other.file] });
  const failures = {
    older: /^INDEX_ROLLED_BACK: .*its serial is 4, but 5 is published/,
    same: /^INDEX_ROLLED_BACK: .*its serial is 5, but 5 is published/,
    renamed: /^INDEX_MISMATCH: .*"example\/index", but the published one calls itself/,
    rekeyed: /^KEYS_CHANGED: .*key set 1 is not the published one/,
  };
  for (const [built, message] of Object.entries(failures)) {
    assert.match(await failureOf(world.publishPackageIndex({ built })), message);
  }
  assert.equal((await world.document()).header.serial, 5);
});

test("publishPackageIndex() refuses an index that its users would refuse", async (t) => {
  const world = await indexWorld(t);
  const [a, b] = [await world.key("a"), await world.key("b")];
  await world.publish();
  const trust = [a.publicKey, b.publicKey];
  await world.buildPackageIndex({ output: "two", keys: [a.file, b.file], trust, threshold: 2 });
  await world.buildPackageIndex({ output: "one", previous: "two", keys: [a.file] });
  assert.match(
    await failureOf(world.publishPackageIndex({ built: "one" })),
    /^SIGNATURE_MISSING: .*signed by 1 of the keys of set 1, expected 2/,
  );
  assert.match(
    await failureOf(world.publishPackageIndex({ built: "two", at: NOW + 31 * DAY_MS })),
    /^INDEX_EXPIRED: .*expired at 2030-07-15T12:00:00Z/,
  );
  assert.match(await failureOf(world.publishPackageIndex({ built: "two/index.json" })), /^INDEX_INVALID: .*not packed/);
  assert.match(await failureOf(world.document()), /^HTTP_NOT_FOUND/);
});

test("publishPackageIndex() never gives a serial to a second index", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex();
  const place = await world.repository("me/index");
  const document = await place.fetchDocument("1", world.context.signal);
  await place.pushManifest({ ...document, tag: "2" }, world.context.signal);
  await world.buildPackageIndex({ previous: `${world.reference}:1`, repository: world.reference });
  assert.match(
    await failureOf(world.publishPackageIndex({ built: "index" })),
    /^INDEX_ROLLED_BACK: Cannot publish .*its tag "2" names something else/,
  );
  assert.match(
    await failureOf(world.publishPackageIndex({ built: "index", acceptSerial: 1 })),
    /^INDEX_ROLLED_BACK: .*its serial is 2, and there is a tag "2"/,
  );
  const { outcome } = await world.publishPackageIndex({ acceptSerial: 1 });
  assert.deepEqual([outcome.state, outcome.serial], ["published", 3]);
});

test("publishPackageIndex() finishes a publication that was interrupted between its two tags", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ repository: world.reference });
  await world.publishPackageIndex({ built: "index" });
  const place = await world.repository("me/index");
  await place.deleteManifest("latest", world.context.signal);
  assert.equal(await stateOf(world.publishPackageIndex({ built: "index" })), "published");
  assert.equal((await world.document()).header.serial, 1);
});

test("publishPackageIndex() refuses a tag, and an index of nothing", async (t) => {
  const world = await indexWorld(t);
  const { reference } = world;
  assert.match(
    await failureOf(world.publishPackageIndex({ reference: `${reference}:1` })),
    /^REFERENCE_INVALID: .*its tags are/,
  );
  assert.match(await failureOf(world.publishPackageIndex({ from: [] })), /^USAGE: .*nothing to build it from/);
  const { outcome, errors } = await world.publishPackageIndex();
  assert.equal(outcome.state, "refused");
  assert.match(errors[0]?.message ?? "", /Cannot index ".*\/me\/tools\/trurl"/);
});
