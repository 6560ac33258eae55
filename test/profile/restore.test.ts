import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Installation } from "../../src/package/installation.ts";
import {
  type ProfileHome,
  placePackage,
  readTree,
  removePackage,
  run,
  sampleProgram,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();

/** A home in which each change is a run of its own, `pkg 1`, `pkg 2` …, but for those between `same()` and the next. */
function homeOfRuns(t: TestContext): { readonly h: ProfileHome; next(): void } {
  let count = 1;
  const at = () => new Date(Date.UTC(2026, 0, count)).toISOString();
  const h = tempProfile(t, { origin: () => ({ command: `pkg ${count}`, run: `${count}`, at: at() }) });
  return { h, next: () => (count += 1) };
}

async function restore(h: ProfileHome, targets: readonly (Installation | null)[], movable = new Set<string>()) {
  const stored = [];
  for (const item of targets) if (item !== null) stored.push((await h.profile.stored(item, signal)) ?? assert.fail());
  return h.profile.apply(
    stored.map((item) => ({ kind: "restore" as const, stored: item })),
    { force: false, movable, failAlong: (failures) => failures },
  );
}

function told(h: ProfileHome) {
  return h.generations.list().map(({ number, command, changes }) => ({
    number,
    command,
    changes: changes.map(({ name, before, after }) => `${name} ${before?.version ?? "-"} ${after?.version ?? "-"}`),
  }));
}

test("Journal.commit() records a generation for each run: what was changed, and by which command", (t) => {
  const { h, next } = homeOfRuns(t);
  placePackage(h, sampleProgram("1"));
  next();
  const { installation } = placePackage(h, sampleProgram("2"));
  // The same run makes another change, and it belongs to the same generation.
  placePackage(h, sampleProgram("1", { name: "y", links: { y: "x" } }));
  next();
  placePackage(h, sampleProgram("2"));
  next();
  removePackage(h, installation);
  assert.deepEqual(told(h), [
    { number: 1, command: "pkg 1", changes: ["x - 1"] },
    { number: 2, command: "pkg 2", changes: ["x 1 2", "y - 1"] },
    { number: 3, command: "pkg 4", changes: ["x 2 -"] },
  ]);
  assert.deepEqual([h.generations.current(), h.generations.oldest()], [3, 0]);
});

test("Generations.changedSince() tells what was installed then, whole and with its evidence", (t) => {
  const { h, next } = homeOfRuns(t);
  const { installation } = placePackage(h, sampleProgram("1"));
  next();
  placePackage(h, sampleProgram("2"));
  next();
  removePackage(h, h.installations.get("x") ?? assert.fail());
  assert.deepEqual([...h.generations.changedSince(1)], [["x", installation]]);
  assert.deepEqual([...h.generations.changedSince(0)], [["x", null]]);
  assert.deepEqual([...h.generations.changedSince(3)], []);
});

test("apply() restores what was recorded from the store, byte for byte and link for link", async (t) => {
  const { h, next } = homeOfRuns(t);
  placePackage(h, sampleProgram("1", { links: { x: "x", old: "x" } }));
  const before = { bin: readTree(h.bin), packages: readTree(h.packages), record: h.installations.get("x") };
  next();
  placePackage(h, sampleProgram("2"));
  next();
  await restore(h, [...h.generations.changedSince(1).values()]);
  assert.deepEqual({ bin: readTree(h.bin), packages: readTree(h.packages), record: h.installations.get("x") }, before);
  assert.equal(run(join(h.bin, "old")), "x 1");
});

test("apply() lets two restored packages swap their links, and nobody else's", async (t) => {
  const { h, next } = homeOfRuns(t);
  const one = (links: Readonly<Record<string, string>>) => sampleProgram("1", { links });
  const other = (links: Readonly<Record<string, string>>) => sampleProgram("1", { name: "y", links });
  placePackage(h, one({ a: "x" }));
  placePackage(h, other({ b: "x" }));
  const owners = () => ["a", "b", "c"].map((link) => h.installations.linkOwner(link));
  assert.deepEqual(owners(), ["x", "y", null]);
  next();
  placePackage(h, one({ c: "x" }));
  placePackage(h, other({ a: "x" }));
  placePackage(h, one({ b: "x" }));
  next();
  await restore(h, [...h.generations.changedSince(1).values()]);
  assert.deepEqual(owners(), ["x", "y", null]);
  assert.deepEqual([...h.generations.changedSince(0).values()], [null, null]);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["a", "b"]);
  assert.equal(h.generations.list().at(-1)?.changes.length, 2);
});

test("apply() restores a package over a file only where one had been moved aside before", async (t) => {
  const { h, next } = homeOfRuns(t);
  const page = join(h.share, "man/man1/x.1");
  mkdirSync(dirname(page), { recursive: true });
  for (const path of [join(h.bin, "x"), page]) writeFileSync(path, "mine");
  const links = { x: "x", "@data/man/man1/x.1": "x" };
  const { installation } = placePackage(h, sampleProgram("1", { links }), true);
  const trees = () => [readTree(h.bin), readTree(h.share)];
  const before = trees();
  next();
  removePackage(h, installation);
  next();
  const targets = [...h.generations.changedSince(1).values()];
  const [refused] = await restore(h, targets);
  assert(refused?.kind === "failed" && refused.error.code === "PATH_CONFLICT");
  assert.equal(readFileSync(page, "utf8"), "mine");
  await restore(h, targets, new Set(h.generations.returnedSince(1)));
  assert.deepEqual(trees(), before);
});

test("stored() is null when the store does not hold all bytes of an edition any more", async (t) => {
  const { h, next } = homeOfRuns(t);
  const { installation } = placePackage(h, sampleProgram("1"));
  next();
  removePackage(h, installation);
  const [path] = installation.files.map(({ digest }) => h.blobs.pathOf(digest));
  assert(path !== undefined && existsSync(path));
  writeFileSync(path, "something else");
  assert.equal(await h.profile.stored(installation, signal), null);
  rmSync(path, { force: true });
  assert.equal(await h.profile.stored(installation, signal), null);
});

test("Journal.forget() drops generations that are too old, but keeps some versions of what is installed", (t) => {
  const { h, next } = homeOfRuns(t);
  const digests: Installation["programDigest"][] = [];
  for (const version of ["1", "2", "3", "4"]) {
    placePackage(h, sampleProgram("1", { name: "y", version, files: { y: `y ${version}` }, links: {} }));
    const { installation } = placePackage(h, sampleProgram(version));
    digests.push(installation.programDigest);
    next();
  }
  removePackage(h, h.installations.get("y") ?? assert.fail());
  next();
  const versions = () => h.generations.editions("x").map(({ version }) => version);
  h.journal.forget({ before: "2026-01-03", versionsOf: () => 2 });
  assert.deepEqual(
    told(h).map(({ number }) => number),
    [3, 4, 5],
  );
  assert.equal(h.generations.oldest(), 2);
  assert.deepEqual(versions(), ["4", "3", "2", "1"]);
  h.journal.forget({ before: "2027-01-01", versionsOf: (name) => (name === "x" ? 2 : 1) });
  assert.deepEqual(
    told(h).map(({ number }) => number),
    [5],
  );
  assert.deepEqual(versions(), ["3", "2"]);
  assert.deepEqual(
    h.generations.editions("y").map(({ version }) => version),
    ["4"],
  );
  const needed = h.installations.referencedDigests();
  assert.deepEqual(
    digests.map((digest) => needed.has(digest)),
    [false, true, true, true],
  );
  h.journal.forget("all");
  assert.deepEqual(versions(), []);
});

test("apply() gives what it restores a link that another package had then, and nobody has now", async (t) => {
  const { h, next } = homeOfRuns(t);
  placePackage(h, sampleProgram("1"));
  const { installation } = placePackage(h, sampleProgram("1", { name: "y" }), true);
  const then = h.installations.get("x");
  assert.deepEqual(
    then?.taken.map(({ path }) => path),
    ["x"],
  );
  next();
  placePackage(h, sampleProgram("2"));
  removePackage(h, installation);
  next();
  await restore(h, [then]);
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert.deepEqual(h.installations.get("x")?.taken, []);
});
