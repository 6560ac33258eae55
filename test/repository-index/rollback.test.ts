import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { fetchBytes, pushBytes } from "../../src/oci/blob-bytes.ts";
import { signPackageIndex } from "../../src/repository-index/sign.ts";
import { failureOf, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { type DraftChange, type IndexWorld, indexWorld } from "./world.ts";

/** Serial 1 with version 8.14.0, serial 2 with version 8.14.1 in its place. */
async function twoSerials(world: IndexWorld): Promise<void> {
  await world.publish({ typed: { version: "8.14.0" } });
  await world.publishPackageIndex();
  await world.publish();
  await world.publishPackageIndex({ versions: 1 });
  await world.publish({ typed: { reference: `${world.host}/me/tools/other` } });
}

/** Makes a tag name what another one names. */
async function point(world: IndexWorld, tag: string, to: string): Promise<void> {
  const place = await world.repository("me/index");
  const document = await place.fetchDocument(to, world.context.signal);
  await place.pushManifest({ ...document, tag }, world.context.signal);
}

async function remove(world: IndexWorld, tag: string): Promise<void> {
  await (await world.repository("me/index")).deleteManifest(tag, world.context.signal);
}

/** As on a machine that has never published. */
function forget(world: IndexWorld): void {
  rmSync(join(world.context.config.paths.keys, "serials"), { recursive: true });
}

async function told(world: IndexWorld, change: DraftChange) {
  const warnings: string[] = [];
  const emit = (event: Event) => {
    if (event.kind === "warning") warnings.push(event.message);
  };
  return { warnings, ...(await world.publishPackageIndex({ ...change, emit })) };
}

const versionsIn = async (world: IndexWorld) => [...new Set((await world.entries()).map(({ version }) => version))];

test("publishPackageIndex() builds on the highest serial, whatever latest says, and says so", async (t) => {
  for (const isKnown of [true, false]) {
    const world = await indexWorld(t);
    await twoSerials(world);
    await point(world, "latest", "1");
    if (!isKnown) forget(world);
    const { outcome, warnings } = await told(world, { from: [`${world.host}/me/tools/other`] });
    assert.deepEqual([outcome.state, outcome.serial], ["published", 3]);
    assert.match(warnings.join("\n"), /"[^"]+:latest" names serial 1, and serial 2 is there/);
    assert.deepEqual(await versionsIn(world), ["8.14.1"]);
  }
});

test("publishPackageIndex() refuses an older index than was published from here, when the registry hides the newer one", async (t) => {
  const hidden: Readonly<Record<string, (world: IndexWorld) => Promise<void>>> = {
    "its tag": async (world) => {
      await point(world, "latest", "1");
      await remove(world, "2");
    },
    "it behind an older one": async (world) => {
      await point(world, "latest", "1");
      await point(world, "2", "1");
    },
    everything: async (world) => {
      for (const tag of ["latest", "1", "2"]) await remove(world, tag);
    },
  };
  for (const [what, hide] of Object.entries(hidden)) {
    const world = await indexWorld(t);
    await twoSerials(world);
    await hide(world);
    const failure = await failureOf(world.publishPackageIndex());
    assert.match(failure, /^INDEX_ROLLED_BACK: .*expected 2 or a higher one, which was published before/, what);
    // In CI, the serial is given instead of remembered.
    forget(world);
    const given = await failureOf(world.publishPackageIndex({ afterSerial: 2 }));
    assert.match(given, /^INDEX_ROLLED_BACK: .*expected 2 or a higher one, which --after-serial says/, what);
  }
});

test("publishPackageIndex() builds on an older index when that is asked for, with a serial above all others", async (t) => {
  const world = await indexWorld(t);
  await twoSerials(world);
  await point(world, "latest", "1");
  await remove(world, "2");
  assert.match(await failureOf(world.publishPackageIndex({ acceptSerial: 2 })), /^INDEX_MISSING: .*found none/);
  const { outcome } = await world.publishPackageIndex({ acceptSerial: 1 });
  assert.deepEqual([outcome.state, outcome.serial], ["published", 3]);
  const anew = await world.publishPackageIndex({ acceptSerial: 0, at: Date.parse("2030-06-16T00:00:00Z") });
  assert.deepEqual([anew.outcome.state, anew.outcome.serial, anew.outcome.changes], ["published", 4, null]);
});

test("publishPackageIndex() refuses tags above the newest index that name something else, unless it is said what to build on", async (t) => {
  const world = await indexWorld(t);
  await twoSerials(world);
  const stranger = await world.key("stranger");
  await point(world, "7", "1");
  forget(world);
  const failure = /^INDEX_ROLLED_BACK: .*its tag "7" names something else than a newer index .*its serial is 1/;
  assert.match(await failureOf(world.publishPackageIndex()), failure);
  assert.match(await failureOf(world.publishPackageIndex({ afterSerial: 2 })), failure);
  const { outcome, warnings } = await told(world, { acceptSerial: 2 });
  assert.deepEqual([outcome.state, outcome.serial], ["published", 8]);
  assert.match(warnings.join("\n"), /"[^"]+:7" is passed over/);
  // An index of somebody else's under a higher serial is no index of ours.
  await world.buildPackageIndex({ output: "evil", repository: world.reference, serial: 19, keys: [stranger.file] });
  await world.publishPackageIndex({ built: "evil", reference: `${world.host}/me/evil` });
  const [from, to] = [await world.repository("me/evil"), await world.repository("me/index")];
  const { signal } = world.context;
  const document = await from.fetchManifest("19", signal);
  assert.ok(document.kind === "manifest");
  await pushBytes(to, "{}");
  for (const layer of document.manifest.layers) await pushBytes(to, await fetchBytes(from, layer));
  await to.pushManifest({ ...(await from.fetchDocument("19", signal)), tag: "19" }, signal);
  forget(world);
  assert.match(
    await failureOf(world.publishPackageIndex()),
    /^INDEX_ROLLED_BACK: .*neither it nor any of its key sets/,
  );
  assert.equal((await world.publishPackageIndex({ acceptSerial: 8 })).outcome.serial, 20);
  assert.equal((await world.publishPackageIndex()).outcome.serial, 21, "what was passed over does not count any more");
});

test("publishPackageIndex() does not take what is remembered for the last serial: others publish too", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ typed: { version: "8.14.0" } });
  await world.publishPackageIndex();
  const directory = join(world.context.config.paths.keys, "serials");
  const memory = new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]));
  await world.publish();
  await world.publishPackageIndex({ versions: 1 });
  // As on the other machine, which published serial 1.
  for (const [name, bytes] of memory) writeFileSync(join(directory, name), bytes);
  for (const tag of ["latest", "2"]) await point(world, tag, "1");
  const failure = /^INDEX_ROLLED_BACK: .*its tag "2" names something else than a newer index .*its serial is 1/;
  assert.match(await failureOf(world.publishPackageIndex()), failure);
  assert.match(await failureOf(world.publishPackageIndex({ afterSerial: 1 })), failure);
  assert.match(await failureOf(world.buildPackageIndex({ previous: world.reference, repository: null })), failure);
});

test("publishPackageIndex() refuses another index of the publisher's in this one's place", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex();
  await world.publishPackageIndex({ reference: `${world.host}/me/other`, serial: 9 });
  const [from, to] = [await world.repository("me/other"), await world.repository("me/index")];
  const { signal } = world.context;
  const document = await from.fetchManifest("9", signal);
  assert.ok(document.kind === "manifest");
  for (const layer of document.manifest.layers) await pushBytes(to, await fetchBytes(from, layer));
  await to.pushManifest({ ...(await from.fetchDocument("9", signal)), tag: "9" }, signal);
  const failure = /^INDEX_MISMATCH: .*serial 9 calls itself ".*\/me\/other", and serial 1 ".*\/me\/index"/;
  assert.match(await failureOf(world.publishPackageIndex()), failure);
  assert.match(await failureOf(world.buildPackageIndex({ previous: world.reference, repository: null })), failure);
  assert.equal((await world.publishPackageIndex({ acceptSerial: 1 })).outcome.serial, 10);
  const renamed = { reference: `${world.host}/me/renamed`, repository: "ours" };
  await world.publishPackageIndex(renamed);
  const next = await world.publishPackageIndex({ ...renamed, repository: null });
  assert.deepEqual([next.outcome.serial, next.outcome.built?.repository], [2, "ours"]);
});

test("publishPackageIndex() finds the serial that is remembered behind any number of stray tags", async (t) => {
  const world = await indexWorld(t);
  await twoSerials(world);
  for (let serial = 101; serial <= 120; serial += 1) await point(world, String(serial), "1");
  assert.match(await failureOf(world.publishPackageIndex()), /its tag "120" .*/);
  const { outcome } = await world.publishPackageIndex({ acceptSerial: 2 });
  assert.equal(outcome.serial, 121);
});

test("buildPackageIndex() builds on the highest serial of a registry or layout, whatever latest says", async (t) => {
  const world = await indexWorld(t);
  await twoSerials(world);
  await point(world, "latest", "1");
  forget(world);
  for (const previous of [world.reference, `${world.reference}:latest`]) {
    const { outcome } = await world.buildPackageIndex({ previous, repository: null, output: "next" });
    assert.deepEqual([outcome.serial, outcome.changes?.newest], [3, []], "8.14.1 was the newest before");
  }
  const missing = { previous: `${world.host}/me/none`, repository: null };
  assert.match(await failureOf(world.buildPackageIndex(missing)), /^INDEX_MISSING: .*there is none/);
});

test("buildPackageIndex() warns when it builds on an older index than was signed here", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex();
  await world.buildPackageIndex({ previous: "index", repository: null, output: "second" });
  const warnings: string[] = [];
  const emit = (event: Event) => {
    if (event.kind === "warning") warnings.push(event.message);
  };
  await world.buildPackageIndex({ previous: "second", repository: null, output: "third", emit });
  assert.deepEqual(warnings, []);
  await world.buildPackageIndex({ previous: "index", repository: null, output: "fourth", emit });
  assert.match(warnings.join(), /^Serial 3 of "example\/index" was signed here before, and this builds on serial 1/);
});

test("signPackageIndex() warns of another index of a serial that was signed here, and of an older one", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ output: "one" });
  await world.buildPackageIndex({ output: "other", expiresIn: "20d" });
  await world.buildPackageIndex({ previous: "one", repository: null, output: "second" });
  forget(world);
  const warnings: string[] = [];
  const emit = (event: Event) => {
    if (event.kind === "warning") warnings.push(event.message);
  };
  const sign = async (path: string) => {
    const signing = {
      keys: [await ownKey(world)],
      passphraseFd: null,
      stdin: world.context.stdin,
      ask: async () => null,
    };
    await signPackageIndex({ ...world.context, emit }, { path, directory: world.directory, signing, dryRun: false });
    return warnings.splice(0).join();
  };
  assert.equal(await sign("one"), "");
  assert.equal(await sign("one"), "");
  assert.match(await sign("other"), /^Serial 1 of "example\/index" was signed here before, and this is another index/);
  assert.equal(await sign("second"), "");
  assert.match(await sign("one"), /^Serial 2 of "example\/index" was signed here before, and this is serial 1/);
});

test("signPackageIndex() does not fail because a serial cannot be remembered", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex();
  const warnings: string[] = [];
  const emit = (event: Event) => {
    if (event.kind === "warning") warnings.push(event.message);
  };
  const { paths } = world.context.config;
  const config = { ...world.context.config, paths: { ...paths, keys: "/proc/none/keys" } };
  const signing = {
    keys: [await ownKey(world)],
    passphraseFd: null,
    stdin: world.context.stdin,
    ask: async () => null,
  };
  const request = { path: "index", directory: world.directory, signing, dryRun: false };
  const { signerIds } = await signPackageIndex({ ...world.context, config, emit }, request);
  assert.equal(signerIds.length, 1);
  assert.match(warnings.join(), /^Serial 1 is not remembered on this machine: /);
});

test("publishPackageIndex() remembers a layout by its whole path", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  for (const name of ["one", "other"]) {
    const directory = join(world.directory, name);
    mkdirSync(directory);
    await world.publishPackageIndex({ reference: `oci:${join(directory, "layout")}`, repository: name });
  }
  const subjects = readdirSync(join(world.context.config.paths.keys, "serials"));
  assert.equal(subjects.length, 4);
});

test("publishPackageIndex() refuses another index of the serial that was published from here", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ output: "one", repository: world.reference, serial: 1 });
  await world.buildPackageIndex({ output: "other", repository: world.reference, serial: 1, expiresIn: "20d" });
  await world.publishPackageIndex({ built: "one" });
  for (const tag of ["latest", "1"]) await remove(world, tag);
  const failure = /^INDEX_MISMATCH: .*another index with serial 1 was published before/;
  assert.match(await failureOf(world.publishPackageIndex({ built: "other" })), failure);
  // What was lost can be published again.
  assert.equal((await world.publishPackageIndex({ built: "one" })).outcome.state, "published");
});

test("publishPackageIndex() refuses a built index that is older than what was published from here", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.buildPackageIndex({ output: "one", repository: world.reference });
  await world.publishPackageIndex({ built: "one" });
  await world.publishPackageIndex();
  for (const tag of ["latest", "1", "2"]) await remove(world, tag);
  assert.match(
    await failureOf(world.publishPackageIndex({ built: "one" })),
    /^INDEX_ROLLED_BACK: .*its serial is 1, expected 2 or a higher one, because 2 was published before/,
  );
  assert.match(
    await failureOf(world.signPackageIndex([await ownKey(world)], { path: "one" })),
    /^INDEX_ROLLED_BACK: Cannot sign the index: its serial is 1/,
  );
});

test("buildPackageIndex() refuses a previous index that is older than what was published from here or is given", async (t) => {
  const world = await indexWorld(t);
  await twoSerials(world);
  const previous = { previous: `${world.reference}:1`, repository: null };
  assert.match(
    await failureOf(world.buildPackageIndex(previous)),
    /^INDEX_ROLLED_BACK: .*its serial is 1, expected 2 or a higher one, which was published before/,
  );
  const accepted = await world.buildPackageIndex({ ...previous, acceptSerial: 1, output: "accepted" });
  assert.equal(accepted.outcome.serial, 3);
  forget(world);
  assert.match(
    await failureOf(world.buildPackageIndex({ ...previous, afterSerial: 2 })),
    /^INDEX_ROLLED_BACK: .*which --after-serial says/,
  );
  assert.equal((await world.buildPackageIndex({ ...previous, afterSerial: 1 })).outcome.serial, 2);
});

test("publishPackageIndex() tells what disappears as loudly as what comes, and refuses to lose everything", async (t) => {
  const world = await indexWorld(t);
  await world.publish({ typed: { version: "8.14.0" } });
  await world.publish();
  const other = `${world.host}/me/tools/other`;
  await world.publish({ typed: { reference: other } });
  await world.publishPackageIndex({ from: [world.trurl, other] });
  const place = await world.repository("me/tools/trurl");
  for (const tag of ["8.14.1", "8.14", "8", "latest"]) await place.deleteManifest(tag, world.context.signal);
  const { warnings, outcome } = await told(world, {});
  assert.equal(outcome.state, "published");
  assert.match(warnings.join("\n"), /"trurl" loses 8\.14\.1, which its registry no longer lists/);
  assert.deepEqual(
    outcome.changes?.newest.map(({ before, after }) => [before, after]),
    [["8.14.1", "8.14.0"]],
  );
  const dropped = await told(world, { from: [], without: [other] });
  assert.deepEqual(dropped.warnings, [], "that was asked for");
  assert.deepEqual(
    dropped.outcome.gone.map(({ name, before }) => [name, before]),
    [["other", "8.14.1"]],
  );
  await place.deleteManifest("8.14.0", world.context.signal);
  assert.match(
    await failureOf(world.publishPackageIndex({ keepGoing: true })),
    /^INDEX_INVALID: .*it would lose all that it has, 2 entries/,
  );
});

test("recallSerial() refuses a file that is damaged, and says what to do", async (t) => {
  const world = await indexWorld(t);
  await world.publish();
  await world.publishPackageIndex();
  const directory = join(world.context.config.paths.keys, "serials");
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) writeFileSync(join(directory, name), "{");
  assert.match(await failureOf(world.publishPackageIndex()), /^INDEX_INVALID: Cannot tell which serial .* is damaged/);
});

async function ownKey(world: IndexWorld): Promise<string> {
  writeFiles(world.directory, { "own.key": SECRET_KEY });
  return join(world.directory, "own.key");
}
