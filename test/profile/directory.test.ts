import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { otherFileSystem } from "../fs/other-file-system.ts";
import { EMPTY_INTENT } from "../state/sample-installation.ts";
import { tempDirectory } from "../support/temp-home.ts";
import {
  type HomeOptions,
  type Prepared,
  type ProfileHome,
  place,
  prepareDirectory,
  readState,
  readTree,
  removePackage,
  run,
  type SamplePackage,
  script,
  storeMembers,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();

const TREE: SamplePackage = {
  name: "x",
  version: "1",
  files: { "bin/x": script("x 1"), "lib/data": "data", "lib/deep/more": "more", "lib/current": "-> deep" },
  links: { x: "bin/x" },
};

async function openWithTree(t: TestContext, options: HomeOptions = {}): Promise<ProfileHome & Prepared> {
  const home = tempProfile(t, options);
  storeMembers(home, TREE);
  return { ...home, ...(await prepareDirectory(TREE)) };
}

test("place() places a directory with its modes and links, and remove() takes it away", async (t) => {
  const h = await openWithTree(t);
  const { installation } = place(h, h.verified, h.draft, { force: false });
  const root = join(h.packages, installation.directory);
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert.equal(statSync(join(root, "lib/data")).mode & 0o777, 0o644);
  assert.equal(readlinkSync(join(root, "lib/current")), "deep");
  assert.equal(readFileSync(join(root, "lib/current/more"), "utf8"), "more");
  assert.equal(statSync(join(root, "lib/deep")).mode & 0o777, 0o755);
  assert.deepEqual(removePackage(h, installation), { left: [] });
  assert.deepEqual([readTree(h.packages), readTree(h.bin), h.installations.list()], [{}, {}, []]);
});

test("place() places a directory if the blobs are on another file system", async (t) => {
  const blobRoot = otherFileSystem(t, tempDirectory(t));
  if (blobRoot === null) return t.skip("no other filesystem here");
  const h = await openWithTree(t, { blobRoot });
  const { installation } = place(h, h.verified, h.draft, { force: false });
  assert.equal(run(join(h.bin, "x")), "x 1");
  const states = await h.profile.verify(installation, signal);
  assert.ok(states.every(({ state }) => state === "ok"));
});

test("place() leaves nothing to do when a directory is in place, and repairs a link in it", async (t) => {
  const h = await openWithTree(t);
  const { installation } = place(h, h.verified, h.draft, { force: false });
  assert.equal(place(h, h.verified, h.draft, { force: false }).unchanged, true);
  const link = join(h.packages, installation.directory, "lib/current");
  unlinkSync(link);
  symlinkSync("elsewhere", link);
  const again = place(h, h.verified, h.draft, { force: false });
  assert.equal(again.unchanged, false);
  assert.equal(readlinkSync(join(h.packages, again.installation.directory, "lib/current")), "deep");
});

test("place() refuses a file that is not a member, and one with another mode", async (t) => {
  const h = await openWithTree(t);
  const [file, ...others] = h.draft.files;
  assert.ok(file !== undefined);
  for (const changed of [{ path: "bin/evil" }, { mode: 0o4755 }, { path: "../x" }]) {
    const files = [...others, { ...file, ...changed }];
    assert.throws(() => place(h, h.verified, { ...h.draft, files, links: [] }, { force: false }), /not verified/);
  }
  assert.deepEqual(h.installations.list(), []);
});

test("verify() reads the links of a directory again", async (t) => {
  const h = await openWithTree(t);
  const { installation } = place(h, h.verified, h.draft, { force: false });
  const link = join(h.packages, installation.directory, "lib/current");
  const stateOf = async () =>
    (await h.profile.verify(installation, signal)).find(({ path }) => path === link)?.state ?? assert.fail();
  assert.equal(await stateOf(), "ok");
  unlinkSync(link);
  assert.equal(await stateOf(), "missing");
  symlinkSync("../..", link);
  assert.equal(await stateOf(), "changed");
  unlinkSync(link);
  writeFileSync(link, "deep");
  assert.equal(await stateOf(), "changed");
});

function begin(h: ProfileHome & Prepared): void {
  mkdirSync(h.packages, { recursive: true });
  const link = { path: "x", target: join(h.packages, h.draft.directory, "bin/x"), previous: null, saved: null };
  h.journal.begin({
    ...EMPTY_INTENT,
    installs: [{ installation: h.draft, staging: ".pkg-1" }],
    links: [link],
    unlinks: [],
  });
}

test("recover() finishes a directory whose members are all in the store, replacing partly staged files", async (t) => {
  const h = await openWithTree(t);
  begin(h);
  mkdirSync(join(h.packages, ".pkg-1/lib/deep"), { recursive: true });
  symlinkSync("deep", join(h.packages, ".pkg-1/lib/current"));
  assert.deepEqual(await h.profile.recover(signal), [{ name: "x", outcome: "finished" }]);
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert.deepEqual(Object.keys(readTree(h.packages)).includes(".pkg-1"), false);
});

for (const path of ["lib/data", "lib/current"]) {
  test(`recover() undoes a directory when the blob of ${path} no longer hashes to its digest`, async (t) => {
    const h = await openWithTree(t);
    const before = readState({ ...h, packages: h.bin });
    begin(h);
    const { digest } = h.draft.files.find((file) => file.path === path) ?? assert.fail();
    writeFileSync(h.blobs.pathOf(digest), "../../../../etc");
    assert.deepEqual(await h.profile.recover(signal), [{ name: "x", outcome: "undone" }]);
    assert.deepEqual(readState({ ...h, packages: h.bin }), before);
    assert.deepEqual(readTree(h.packages), {});
  });
}
