import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readlinkSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { EMPTY_INTENT } from "../state/sample-installation.ts";
import { placePackage, preparePackage, readState, readTree, run, sampleProgram, tempProfile } from "./profile-home.ts";

const { signal } = new AbortController();

test("recover() undoes an install whose blob no longer hashes to its digest", async (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  const before = readState(h);
  const { draft } = preparePackage(h, sampleProgram("2"));
  h.journal.begin({ ...EMPTY_INTENT, installs: [{ installation: draft, staging: ".pkg-1" }], links: [], unlinks: [] });
  mkdirSync(join(h.packages, ".pkg-1"));
  symlinkSync("half-made", join(h.bin, ".pkg-1"));
  writeFileSync(h.blobs.pathOf(draft.programDigest), "damaged");
  assert.deepEqual(await h.profile.recover(signal), [{ name: "x", outcome: "undone" }]);
  assert.deepEqual(readState(h), before);
});

test("recover() finishes an install that is whole but for its record", async (t) => {
  const h = tempProfile(t);
  const { draft } = preparePackage(h, sampleProgram("2"));
  mkdirSync(h.packages);
  const link = { path: "x", target: join(h.packages, draft.directory, "x"), previous: null, saved: null };
  h.journal.begin({
    ...EMPTY_INTENT,
    installs: [{ installation: draft, staging: ".pkg-1" }],
    links: [link],
    unlinks: [],
  });
  assert.deepEqual(await h.profile.recover(signal), [{ name: "x", outcome: "finished" }]);
  assert.equal(run(join(h.bin, "x")), "x 2");
  assert.deepEqual(await h.profile.recover(signal), []);
});

test("recover() undoes an install when somebody took its path in the meantime", async (t) => {
  const h = tempProfile(t);
  const { draft } = preparePackage(h, sampleProgram("2"));
  mkdirSync(h.packages);
  const link = { path: "x", target: join(h.packages, draft.directory, "x"), previous: null, saved: null };
  h.journal.begin({
    ...EMPTY_INTENT,
    installs: [{ installation: draft, staging: ".pkg-1" }],
    links: [link],
    unlinks: [],
  });
  writeFileSync(join(h.bin, "x"), "mine");
  assert.deepEqual(await h.profile.recover(signal), [{ name: "x", outcome: "undone" }]);
  assert.equal(readFileSync(join(h.bin, "x"), "utf8"), "mine");
  assert.deepEqual([readTree(h.packages), h.installations.list()], [{}, []]);
});

test("recover() finishes a removal, and leaves a link alone that somebody changed in the meantime", async (t) => {
  const h = tempProfile(t);
  const { installation } = placePackage(h, sampleProgram("1", { links: { x: "x", y: "x" } }));
  const { name, directory } = installation;
  const unlinks = ["x", "y"].map((path) => ({ path, previous: readlinkSync(join(h.bin, path)) }));
  h.journal.begin({ ...EMPTY_INTENT, removals: [{ name, directory, digests: [] }], unlinks });
  unlinkSync(join(h.bin, "x"));
  writeFileSync(join(h.bin, "x"), "mine");
  assert.deepEqual(await h.profile.recover(signal), [{ name: "x", outcome: "finished" }]);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["x"]);
  assert.deepEqual([readTree(h.packages), h.installations.list()], [{}, []]);
});

test("recover() never cleans up a directory that was taken into use again", async (t) => {
  const h = tempProfile(t);
  const { installation } = placePackage(h, sampleProgram("1"));
  const { name, directory, programDigest } = installation;
  const id = h.journal.begin({ ...EMPTY_INTENT, removals: [{ name: "other", directory, digests: [] }], unlinks: [] });
  h.journal.commit(
    id,
    { ...EMPTY_INTENT, removals: [{ name: "other", directory, digests: [] }] },
    { directories: [directory], digests: [programDigest] },
  );
  assert.deepEqual(await h.profile.recover(signal), [{ name: "other", outcome: "finished" }]);
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert(h.blobs.has(programDigest));
  assert.equal(h.installations.get(name)?.version, "1");
});

test("recover() cleans up no blob that an install after it needs", async (t) => {
  const h = tempProfile(t);
  const { draft } = preparePackage(h, sampleProgram("1", { links: {} }));
  mkdirSync(h.packages);
  const { directory, programDigest } = draft;
  const id = h.journal.begin({
    ...EMPTY_INTENT,
    removals: [{ name: "old", directory: "old/1", digests: [] }],
    unlinks: [],
  });
  h.journal.commit(
    id,
    { ...EMPTY_INTENT, removals: [{ name: "old", directory: "old/1", digests: [] }] },
    { directories: ["old/1"], digests: [programDigest] },
  );
  h.journal.begin({ ...EMPTY_INTENT, installs: [{ installation: draft, staging: ".pkg-1" }], links: [], unlinks: [] });
  assert.deepEqual(await h.profile.recover(signal), [
    { name: "old", outcome: "finished" },
    { name: "x", outcome: "finished" },
  ]);
  assert.equal(run(join(h.packages, directory, "x")), "x 1");
});

test("recover() continues with the next when one can be neither finished nor undone", async (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  const blocked = join(h.packages, "blocked");
  const { draft } = preparePackage(h, sampleProgram("1", { name: "y", links: {} }));
  const begin = (name: string) =>
    h.journal.begin({
      ...EMPTY_INTENT,
      installs: [{ installation: { ...draft, name, directory: `${name}/1` }, staging: `.pkg-${name}` }],
      links: [],
      unlinks: [],
    });
  for (const name of ["blocked", "y"]) begin(name);
  writeFileSync(blocked, "a file where its directory belongs");
  await assert.rejects(h.profile.recover(signal), { name: "PkgError" });
  assert.equal(h.installations.get("y")?.directory, "y/1");
  assert.deepEqual(
    h.journal.open().map(({ intent }) => intent.installs[0]?.installation.name),
    ["blocked"],
  );
  renameSync(blocked, join(h.bin, "away"));
  assert.deepEqual(await h.profile.recover(signal), [{ name: "blocked", outcome: "finished" }]);
  assert.deepEqual(h.journal.open(), []);
});
