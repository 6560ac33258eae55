import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type ProfileHome,
  placePackage,
  readTree,
  removePackage,
  type SamplePackage,
  sampleProgram,
  script,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();
const PAGE = "@data/man/man1/x.1";

/** A package with a man page. */
function documented(name: string, page = `page of ${name}`): SamplePackage {
  return { name, version: "1", files: { [name]: script(name), "x.1": page }, links: { [name]: name, [PAGE]: "x.1" } };
}

function remove(h: ProfileHome, name: string): void {
  removePackage(h, h.installations.get(name) ?? assert.fail());
}

function pageIn(h: ProfileHome): string {
  return readFileSync(join(h.share, "man/man1/x.1"), "utf8");
}

test("place() links into the data directory, and only directories that it made go with the last link", (t) => {
  const h = tempProfile(t);
  mkdirSync(join(h.share, "man"), { recursive: true });
  const links = { ...documented("x").links, "@data/zsh/site-functions/_x": "x.1" };
  placePackage(h, { ...documented("x"), links });
  assert.equal(pageIn(h), "page of x");
  assert.match(readlinkSync(join(h.share, "man/man1/x.1")), /^\.\.\/\.\.\/\.\.\/packages\/x\//);
  assert.equal(h.installations.linkOwner(PAGE), "x");
  placePackage(h, documented("x", "new page"));
  assert.deepEqual([pageIn(h), existsSync(join(h.share, "zsh"))], ["new page", false]);
  remove(h, "x");
  assert.deepEqual(Object.keys(readTree(h.share)), ["man"]);
  assert.deepEqual(h.installations.madeDirectories(), new Set());
});

test("place() leaves what somebody else has there, and takes the place once it is free", (t) => {
  const h = tempProfile(t);
  const path = join(h.share, "man/man1/x.1");
  mkdirSync(join(h.share, "man/man1"), { recursive: true });
  writeFileSync(path, "mine");
  const { notes, installation } = placePackage(h, documented("x"));
  assert.deepEqual(notes.passedOver, [{ path, owner: null }]);
  assert.deepEqual(
    installation.taken.map((link) => link.path),
    [PAGE],
  );
  assert.equal(pageIn(h), "mine");
  unlinkSync(path);
  placePackage(h, documented("x"));
  assert.equal(pageIn(h), "page of x");
});

test("place() forced moves aside what somebody else has there, which comes back when the package goes", (t) => {
  const h = tempProfile(t);
  const path = join(h.share, "man/man1/x.1");
  mkdirSync(join(h.share, "man/man1"), { recursive: true });
  writeFileSync(path, "mine");
  const { taken, notes } = placePackage(h, documented("x"), true);
  assert.deepEqual([taken.saved, notes.passedOver], [[{ path, saved: `${path}.pkg-saved` }], []]);
  assert.deepEqual([pageIn(h), readFileSync(`${path}.pkg-saved`, "utf8")], ["page of x", "mine"]);
  remove(h, "x");
  assert.deepEqual([pageIn(h), existsSync(`${path}.pkg-saved`)], ["mine", false]);
});

test("place() lets the first of two packages keep a page, and force takes it over until that goes", (t) => {
  const h = tempProfile(t);
  placePackage(h, documented("one"));
  const { notes } = placePackage(h, documented("two"));
  assert.deepEqual(notes.passedOver, [{ path: join(h.share, "man/man1/x.1"), owner: "one" }]);
  assert.equal(pageIn(h), "page of one");
  remove(h, "one");
  assert.equal(pageIn(h), "page of two");
  const { taken } = placePackage(h, documented("three"), true);
  assert.deepEqual(taken.links, [{ path: join(h.share, "man/man1/x.1"), name: "two" }]);
  remove(h, "three");
  assert.equal(pageIn(h), "page of two");
});

test("place() never goes through a link out of the data directory", (t) => {
  const h = tempProfile(t);
  mkdirSync(join(h.share, "elsewhere"), { recursive: true });
  symlinkSync("elsewhere", join(h.share, "man"));
  for (const force of [false, true]) {
    const { notes } = placePackage(h, documented("x", `forced: ${force}`), force);
    assert.deepEqual(notes.passedOver, [{ path: join(h.share, "man/man1/x.1"), owner: null }]);
  }
  assert.deepEqual(readTree(join(h.share, "elsewhere")), {});
});

test("verify(), damage() and repair() know the links in the data directory", async (t) => {
  const h = tempProfile(t);
  const path = join(h.share, "man/man1/x.1");
  placePackage(h, documented("x"));
  const installed = h.installations.get("x") ?? assert.fail();
  unlinkSync(path);
  assert.deepEqual(h.profile.damage(installed), { broken: [path], replaced: [] });
  const found = await h.profile.verify(installed, signal);
  assert.deepEqual(
    found.filter(({ state }) => state !== "ok"),
    [{ path, state: "missing" }],
  );
  rmSync(join(h.share, "man"), { recursive: true });
  await h.profile.repair(installed, { force: false, signal });
  assert.equal(pageIn(h), "page of x");
});

test("place() takes links over that lead to packages whose record was lost", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1", { links: { x: "x", "@data/icons/x.png": "x" } }));
  const home = join(h.share, "..");
  h.close();
  rmSync(join(home, "state.db"));
  const again = tempProfile(t, { home });
  placePackage(again, sampleProgram("2"));
  assert.equal(existsSync(join(h.share, "icons/x.png")), false);
});

test("place() goes into a data directory that is a link itself, and removes the one that it made", (t) => {
  const h = tempProfile(t);
  placePackage(h, documented("x"));
  remove(h, "x");
  assert.equal(existsSync(h.share), false);
  mkdirSync(`${h.share}-elsewhere`);
  symlinkSync(`${h.share}-elsewhere`, h.share);
  placePackage(h, documented("x"));
  assert.equal(pageIn(h), "page of x");
  remove(h, "x");
  assert.deepEqual(readTree(`${h.share}-elsewhere`), {});
});

const skip = process.getuid?.() === 0 ? "root may write anywhere" : false;

test("place() leaves out what belongs into a directory that is closed, and goes on", { skip }, (t) => {
  const h = tempProfile(t);
  mkdirSync(join(h.share, "man/man1"), { recursive: true });
  chmodSync(join(h.share, "man"), 0o000);
  try {
    for (const page of ["one", "two"]) {
      const { notes } = placePackage(h, documented("x", page));
      assert.deepEqual(notes.passedOver, [{ path: join(h.share, "man/man1/x.1"), owner: null }]);
    }
  } finally {
    chmodSync(join(h.share, "man"), 0o755);
  }
  placePackage(h, documented("x", "two"));
  assert.equal(pageIn(h), "two");
});
