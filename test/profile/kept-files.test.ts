import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { clearDirectory } from "../../src/profile/clear-directory.ts";
import { tempDirectory } from "../support/temp-home.ts";
import {
  type ProfileHome,
  place,
  placePackage,
  prepareDirectory,
  readTree,
  removePackage,
  sampleProgram,
  script,
  storeMembers,
  tempProfile,
} from "./profile-home.ts";

/** Makes files below a directory; text that begins with `-> ` is a link, and a path that ends in `/` a directory. */
function makeTree(root: string, tree: Readonly<Record<string, string>>): string {
  mkdirSync(root, { recursive: true });
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (path.endsWith("/")) mkdirSync(join(root, path));
    else if (content.startsWith("-> ")) symlinkSync(content.slice(3), join(root, path));
    else writeFileSync(join(root, path), content);
  }
  return root;
}

const PLACED = ["bin/x", "share/data", "link"];
const PLACED_TREE = { "bin/x": "x", "share/data": "data", link: "-> bin/x" };

const CASES: Readonly<
  Record<
    string,
    {
      readonly own: Readonly<Record<string, string>>;
      readonly next?: Readonly<Record<string, string>>;
      readonly edited?: readonly string[];
      readonly moved?: readonly string[];
      /** Beside which files of the new version. */
      readonly saved?: readonly string[];
      readonly left?: readonly string[];
    }
  >
> = {
  "nothing else is there": { own: {} },
  "directories hold no file": { own: { "cache/a/": "", "share/empty/": "" } },
  "a file is beside a placed one": { own: { "share/notes": "n" }, next: {}, moved: ["share/notes"] },
  "a directory is new": { own: { "var/db": "1", "var/log": "2" }, next: {}, moved: ["var"] },
  "the new version has the directory too": { own: { "var/db": "1" }, next: { "var/x": "" }, moved: ["var/db"] },
  "the new version has the file": { own: { "etc/conf": "mine" }, next: { "etc/conf": "new" }, saved: ["etc/conf"] },
  "the new version has it, and an earlier one was saved": {
    own: { "etc/conf": "mine", "etc/conf.pkg-saved": "earlier" },
    next: { "etc/conf": "new", "etc/conf.pkg-saved-2": "other" },
    moved: ["etc/conf.pkg-saved"],
    saved: ["etc/conf"],
  },
  "a placed file was edited": { own: {}, edited: ["share/data"], next: { "share/data": "" }, saved: ["share/data"] },
  "a placed file was edited that is new no more": { own: {}, edited: ["link"], next: {}, moved: ["link"] },
  "a placed file was edited, and no version follows": { own: {}, edited: ["share/data"], left: ["share/data"] },
  "a directory is where the new version has a file": {
    own: { "var/db": "1" },
    next: { var: "file" },
    saved: ["var"],
  },
  "the new version has a file for the directory": { own: { "share/n": "" }, next: { share: "" }, left: ["share/n"] },
  "the new version has a link for the directory": {
    own: { "share/n": "" },
    next: { share: "-> nowhere" },
    left: ["share/n"],
  },
  "no version follows": { own: { "share/notes": "n", "var/db": "1" }, left: ["share/notes", "var"] },
  "a link leads elsewhere": {
    own: { out: "-> /etc", "share/also": "-> ../.." },
    next: {},
    moved: ["out", "share/also"],
  },
};

for (const [name, { own, next, edited = [], moved = [], saved = [], left = [] }] of Object.entries(CASES)) {
  test(`clearDirectory() removes what was placed, and keeps the rest, when ${name}`, (t) => {
    const root = tempDirectory(t);
    const directory = makeTree(join(root, "old"), { ...PLACED_TREE, ...own });
    const successor = next === undefined ? null : makeTree(join(root, "new"), next);
    const before = successor === null ? {} : readTree(successor);
    const kept = clearDirectory({ directory, placed: PLACED, edited, successor });
    assert.deepEqual(
      kept.saved.map(({ path }) => path),
      saved.map((path) => join(root, "new", path)),
    );
    for (const { path, saved } of kept.saved) assert(saved.startsWith(`${path}.pkg-saved`) && lstatSync(saved));
    assert.deepEqual(
      kept.moved,
      moved.map((path) => join(root, "new", path)),
    );
    assert.deepEqual(
      kept.left,
      left.map((path) => join(root, "old", path)),
    );
    for (const path of PLACED) assert(left.includes(path) || !existsSync(join(directory, path)), path);
    for (const path of [...kept.moved, ...kept.left]) assert(lstatSync(path));
    assert.equal(existsSync(directory), left.length > 0);
    for (const [path, what] of Object.entries(before)) assert.equal(readTree(successor ?? "")[path], what, path);
  });
}

test("clearDirectory() follows no link that somebody put in the place of a directory", (t) => {
  const root = tempDirectory(t);
  makeTree(join(root, "mine"), { data: "mine" });
  const directory = makeTree(join(root, "old"), { "bin/x": "x", share: `-> ${join(root, "mine")}` });
  const { left } = clearDirectory({ directory, placed: PLACED, successor: null });
  assert.deepEqual(left, [join(directory, "share")]);
  assert.equal(readFileSync(join(root, "mine/data"), "utf8"), "mine");
});

/** Writes a file beside those of `x`. */
function writeBeside({ packages, installations }: ProfileHome): string {
  const path = join(packages, installations.get("x")?.directory ?? assert.fail(), "notes");
  writeFileSync(path, "mine");
  return path;
}

test("place() takes along what a program wrote beside its files, also after a removal; purged, it goes", async (t) => {
  const h = tempProfile(t);
  const first = placePackage(h, sampleProgram("1"));
  const notes = writeBeside(h);
  assert.deepEqual(h.profile.unrecorded(first.installation), [notes]);
  const second = placePackage(h, sampleProgram("2"));
  const moved = join(h.packages, second.installation.directory, "notes");
  assert.deepEqual(second.kept, { moved: [moved], saved: [], left: [] });
  assert.equal(existsSync(notes), false);
  const [removed] = h.profile.apply([{ kind: "remove", installation: second.installation }], { force: false });
  assert.deepEqual(removed, {
    kind: "removed",
    left: [],
    kept: { moved: [], saved: [], left: [moved] },
    givenBack: [],
  });
  assert.deepEqual(h.installations.leftovers("x"), [second.installation.directory]);
  const tree = { ...sampleProgram("3"), files: { "bin/x": script("x") }, links: { x: "bin/x" } };
  storeMembers(h, tree);
  const prepared = await prepareDirectory(tree);
  const third = place(h, prepared.verified, prepared.draft, { force: false });
  const again = join(h.packages, third.installation.directory, "notes");
  assert.deepEqual(third.kept.moved, [again]);
  assert.equal(readFileSync(again, "utf8"), "mine");
  h.profile.apply([{ kind: "remove", installation: third.installation, purge: true }], { force: false });
  assert.deepEqual([readTree(h.packages), h.installations.leftovers()], [{}, []]);
});

type Edit = (path: string, blob: string) => void;

const rewritten = (content: string) => (path: string) => {
  rmSync(path);
  writeFileSync(path, content);
};

/** What somebody does to a placed file, and whether something would be lost with it. */
const EDITS: Readonly<Record<string, readonly [Edit, boolean]>> = {
  "is appended to": [(path) => appendFileSync(path, "more"), true],
  "is overwritten with as many bytes": [(path) => writeFileSync(path, script("CONF 1")), true],
  "is replaced by a file of as many bytes, and an old time": [
    (path) => {
      rewritten(script("CONF 1"))(path);
      utimesSync(path, 0, 0);
    },
    true,
  ],
  "is replaced by the same content": [rewritten(script("conf 1")), false],
  "is replaced by a link": [
    (path) => {
      rmSync(path);
      symlinkSync("elsewhere", path);
    },
    true,
  ],
  "is a FIFO": [
    (path) => {
      rmSync(path);
      execFileSync("mkfifo", [path]);
    },
    true,
  ],
  "has another mode": [(path) => chmodSync(path, 0o600), false],
  "is gone": [(path) => rmSync(path), false],
  "has lost its blob": [(_path, blob) => rmSync(blob), false],
};

for (const [name, [edit, isLoss]] of Object.entries(EDITS)) {
  test(`place() keeps a placed file that ${name}: ${isLoss}`, (t) => {
    const h = tempProfile(t);
    const first = placePackage(h, { ...sampleProgram("1"), files: { x: script("x 1"), conf: script("conf 1") } });
    const [, file] = first.installation.files;
    const place = join(h.packages, first.installation.directory, "conf");
    edit(place, h.blobs.pathOf((file ?? assert.fail()).digest));
    assert.deepEqual(h.profile.kept(first.installation), isLoss ? [place] : []);
    const second = placePackage(h, { ...sampleProgram("2"), files: { x: script("x 2"), conf: script("conf 2") } });
    const path = join(h.packages, second.installation.directory, "conf");
    assert.deepEqual(second.kept, { moved: [], saved: isLoss ? [{ path, saved: `${path}.pkg-saved` }] : [], left: [] });
    assert.equal(readFileSync(path, "utf8"), script("conf 2"));
    assert.equal(existsSync(dirname(place)), false);
  });
}

test("remove() keeps a placed file that was edited; purge() takes it", (t) => {
  const h = tempProfile(t);
  const { installation } = placePackage(h, sampleProgram("1"));
  const path = join(h.packages, installation.directory, "x");
  rewritten("mine")(path);
  const [removed] = h.profile.apply([{ kind: "remove", installation }], { force: false });
  assert.deepEqual(removed?.kind === "removed" && removed.kept.left, [path]);
  assert.equal(readFileSync(path, "utf8"), "mine");
  assert.deepEqual(h.profile.purge("x"), [dirname(path)]);
});

test("purge() removes what was kept of a package, and of no other", (t) => {
  const h = tempProfile(t);
  for (const name of ["x", "y"]) placePackage(h, sampleProgram("1", { name, links: {} }));
  const kept = ["x", "y"].map((name) => {
    const installation = h.installations.get(name) ?? assert.fail();
    writeFileSync(join(h.packages, installation.directory, "notes"), name);
    removePackage(h, installation);
    return join(h.packages, installation.directory);
  });
  assert.deepEqual(h.profile.purge("x"), [kept[0]]);
  assert.deepEqual(h.profile.purge("x"), []);
  assert.deepEqual(kept.map(existsSync), [false, true]);
});

const ANOTHER = 65_534;

test("clearDirectory() leaves what somebody has closed where it is, and clears the rest", (t) => {
  const root = tempDirectory(t);
  const directory = makeTree(join(root, "old"), { ...PLACED_TREE, "closed/f": "1", notes: "n", "var/f": "1" });
  const successor = makeTree(join(root, "new"), { "var/x": "" });
  // root may move anything, so another user has to show it.
  const user = process.geteuid?.() === 0 ? { uid: ANOTHER, gid: ANOTHER } : {};
  if (user.uid !== undefined) execFileSync("chown", ["-R", `${user.uid}:${user.gid}`, root]);
  for (const [path, mode] of [
    ["closed", 0o000],
    ["share", 0o300],
    ["var", 0o500],
  ] as const) {
    chmodSync(join(directory, path), mode);
  }
  const address = JSON.stringify(new URL("../../src/profile/clear-directory.ts", import.meta.url));
  const run = (script: string) =>
    spawnSync(process.execPath, ["--input-type=module", "-e", `import { clearDirectory } from ${address}; ${script}`], {
      ...user,
      cwd: root,
      encoding: "utf8",
    });
  const isRunnable = run("").status === 0;
  const request = JSON.stringify({ directory, placed: PLACED, successor });
  const { stdout, stderr } = run(`console.log(JSON.stringify(clearDirectory(${request})));`);
  const left = ["closed", "share", "var"].map((path) => join(directory, path));
  for (const path of left) if (existsSync(path)) chmodSync(path, 0o700);
  if (!isRunnable) return t.skip("another user cannot read this checkout");
  assert.notEqual(stdout, "", stderr);
  const kept = JSON.parse(stdout);
  assert.deepEqual({ ...kept, left: kept.left.toSorted() }, { moved: [join(successor, "notes")], saved: [], left });
});
