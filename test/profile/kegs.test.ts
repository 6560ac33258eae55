import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Installation } from "../../src/package/installation.ts";
import { isSameRecord } from "../../src/package/same-record.ts";
import { placeKegs, placePrepared, prepareKeg, removeKegs, type SampleKeg } from "./keg-home.ts";
import {
  openHome,
  type ProfileHome,
  preparePackage,
  readTree,
  run,
  sampleProgram,
  script,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();

const JQ: SampleKeg = {
  name: "jq",
  version: "1.8.1",
  files: {
    "bin/jq": script("jq 1.8.1"),
    "lib/libjq.so": "-> libjq.so.1",
    "lib/libjq.so.1": "library",
    "share/man/man1/jq.1": "page",
    "etc/jq/jq.conf": "default 1",
  },
  links: ["bin/jq", "lib/libjq.so", "lib/libjq.so.1", "share/man/man1/jq.1"],
  copies: ["etc/jq/jq.conf"],
  programs: ["jq"],
};
const NEXT: SampleKeg = {
  ...JQ,
  version: "1.8.2",
  files: { ...JQ.files, "bin/jq": script("jq 1.8.2"), "etc/jq/jq.conf": "default 2" },
};
const ONIG: SampleKeg = {
  name: "oniguruma",
  version: "6.9.10",
  files: { "lib/libonig.so": "library", "share/man/man1/jq.1": "other page" },
  links: ["lib/libonig.so", "share/man/man1/jq.1"],
};

async function verified(home: ProfileHome, name: string) {
  const installation = home.installations.get(name) ?? assert.fail();
  return (await home.profile.verify(installation, signal)).filter(({ state }) => state !== "ok");
}

const textOf = (home: ProfileHome, path: string) => readFileSync(join(home.prefix, path), "utf8");

test("a keg is placed in the prefix with its links and copies, and remove() leaves nothing", async (t) => {
  const h = tempProfile(t);
  const [placed] = await placeKegs(h, JQ, ONIG);
  assert.deepEqual(placed?.notes, { passedOver: [], changed: [] });
  assert.equal(run(join(h.bin, "jq")), "jq 1.8.1");
  assert.equal(run(join(h.prefix, "opt/jq/bin/jq")), "jq 1.8.1");
  assert.deepEqual(
    ["opt/jq", "bin/jq", "share/man/man1/jq.1"].map((path) => readlinkSync(join(h.prefix, path))),
    ["../Cellar/jq/1.8.1", "../Cellar/jq/1.8.1/bin/jq", "../../../Cellar/jq/1.8.1/share/man/man1/jq.1"],
  );
  assert.equal(readlinkSync(join(h.bin, "jq")), "../brew/Cellar/jq/1.8.1/bin/jq");
  for (const name of ["jq", "oniguruma"]) assert.deepEqual(await verified(h, name), []);
  assert.deepEqual(
    h.installations.list().map(({ directory }) => directory),
    ["@prefix/Cellar/jq/1.8.1", "@prefix/Cellar/oniguruma/6.9.10"],
  );
  removeKegs(h, "oniguruma", "jq");
  assert.equal(existsSync(h.prefix), false);
  assert.deepEqual(readTree(h.bin), {});
  assert.deepEqual(h.journal.open(), []);
});

test("the first keg that has a path keeps it, and it comes to the second when the first goes", async (t) => {
  const h = tempProfile(t);
  const page = join(h.prefix, "share/man/man1/jq.1");
  const results = await placeKegs(h, JQ, ONIG);
  assert.deepEqual(results[1]?.notes.passedOver, [{ path: page, owner: "jq" }]);
  const [again] = await placeKegs(h, ONIG);
  assert.equal(again?.unchanged, true);
  assert.deepEqual(removeKegs(h, "jq")[0]?.givenBack, [{ kind: "returned", path: page, name: "oniguruma" }]);
  assert.equal(readFileSync(page, "utf8"), "other page");
  assert.deepEqual(await verified(h, "oniguruma"), []);
  removeKegs(h, "oniguruma");
  assert.equal(existsSync(h.prefix), false);
});

test("a path that comes back with the same file in it is not told", async (t) => {
  const h = tempProfile(t);
  const page = "share/man/man1/jq.1";
  const twin = { ...ONIG, files: { ...ONIG.files, [page]: JQ.files[page] ?? "" } };
  const results = await placeKegs(h, JQ, twin);
  assert.deepEqual(results[1]?.notes.passedOver, []);
  assert.deepEqual(removeKegs(h, "jq")[0]?.givenBack, []);
  assert.equal(readFileSync(join(h.prefix, page), "utf8"), JQ.files[page]);
});

test("one unit may remove a keg and place another that wants its paths, in any order", async (t) => {
  for (const order of [1, -1]) {
    const h = tempProfile(t);
    await placeKegs(h, JQ);
    const other = { ...JQ, name: "jq2" };
    const { verified: bytes, draft } = await prepareKeg(h, { ...other, programs: [] });
    const installation = h.installations.get("jq") ?? assert.fail();
    const changes = [
      { kind: "remove" as const, installation },
      { kind: "place" as const, verified: bytes, installation: draft },
    ].toSorted(() => order);
    for (const result of h.profile.apply(changes, { force: false })) assert.notEqual(result.kind, "failed");
    assert.deepEqual(await verified(h, "jq2"), []);
    assert.equal(readlinkSync(join(h.prefix, "bin/jq")), "../Cellar/jq2/1.8.1/bin/jq");
    assert.equal(textOf(h, "etc/jq/jq.conf"), "default 1");
    assert.deepEqual(
      [h.installations.get("jq2")?.taken, h.installations.linkOwner("@prefix/etc/jq/jq.conf")],
      [[], "jq2"],
    );
    removeKegs(h, "jq2");
    assert.equal(existsSync(h.prefix), false);
  }
});

test("the same file of two kegs is linked once, without a note", async (t) => {
  const h = tempProfile(t);
  const ld = { "lib/ld.so": "-> /lib64/ld-linux-x86-64.so.2" };
  const kegs = ["a", "b"].map((name) => ({ name, version: "1", files: ld, links: ["lib/ld.so"] }));
  const results = await placeKegs(h, ...kegs);
  assert.deepEqual(
    results.map(({ notes }) => notes.passedOver),
    [[], []],
  );
  const [again] = await placeKegs(h, { name: "c", version: "1", files: ld, links: ["lib/ld.so"] });
  assert.deepEqual(again?.notes.passedOver, []);
  removeKegs(h, "a");
  assert.match(readlinkSync(join(h.prefix, "lib/ld.so")), /Cellar\/c\/|Cellar\/b\//);
});

test("what somebody else has in the prefix is kept, and no link leads a keg out of it", async (t) => {
  const h = tempProfile(t);
  mkdirSync(join(h.prefix, "bin"), { recursive: true });
  mkdirSync(join(h.prefix, "elsewhere"));
  symlinkSync("elsewhere", join(h.prefix, "share"));
  writeFileSync(join(h.prefix, "bin/jq"), "mine");
  const [placed] = await placeKegs(h, JQ);
  assert.deepEqual(placed?.notes.passedOver, [
    { path: join(h.prefix, "bin/jq"), owner: null },
    { path: join(h.prefix, "share/man/man1/jq.1"), owner: null },
  ]);
  assert.deepEqual(readTree(join(h.prefix, "elsewhere")), {});
  assert.deepEqual(await verified(h, "jq"), []);
  const [again] = await placeKegs(h, JQ);
  assert.equal(again?.unchanged, true);
  // Once it is out of the way, the link is made.
  rmSync(join(h.prefix, "bin/jq"));
  await placeKegs(h, JQ);
  assert.equal(run(join(h.prefix, "bin/jq")), "jq 1.8.1");
  rmSync(join(h.prefix, "bin/jq"));
  writeFileSync(join(h.prefix, "bin/jq"), "mine");
  removeKegs(h, "jq");
  assert.deepEqual(Object.keys(readTree(h.prefix)), ["bin", "bin/jq", "elsewhere", "share"]);
  assert.equal(textOf(h, "bin/jq"), "mine");
});

test("a keg cannot lead another one's links out of the prefix, nor its own", async (t) => {
  const h = tempProfile(t);
  const outside = join(h.prefix, "../outside");
  mkdirSync(outside);
  const lure = { name: "lure", version: "1", files: { "share/x": `-> ${outside}` }, links: ["share/x"] };
  const thief = { name: "thief", version: "1", files: { "share/x/y": "y" }, links: ["share/x/y"] };
  for (const together of [true, false]) {
    const results = together
      ? await placeKegs(h, lure, thief)
      : [...(await placeKegs(h, lure)), ...(await placeKegs(h, thief))];
    assert.deepEqual(results[1]?.notes.passedOver, [{ path: join(h.prefix, "share/x/y"), owner: null }]);
    assert.deepEqual(readTree(outside), {});
    removeKegs(h, "lure", "thief");
    assert.equal(existsSync(h.prefix), false);
  }
});

test("nothing is linked into a keg", async (t) => {
  const h = tempProfile(t);
  await placeKegs(h, JQ);
  const path = "Cellar/jq/1.8.1/bin/extra";
  const guest = { name: "guest", version: "1", files: { [path]: "x" }, links: [path, path] };
  const [placed] = await placeKegs(h, guest);
  assert.deepEqual(placed?.notes.passedOver, [{ path: join(h.prefix, path), owner: null }]);
  assert.deepEqual(readdirSync(join(h.prefix, "Cellar/jq/1.8.1/bin")), ["jq"]);
});

test("a keg of the same version takes the place of the one before, with what somebody has written into it", async (t) => {
  const h = tempProfile(t);
  await placeKegs(h, JQ);
  const directory = join(h.prefix, "Cellar/jq/1.8.1");
  writeFileSync(join(directory, "notes"), "mine");
  const rebuilt = { ...JQ, files: { ...JQ.files, "bin/jq": script("jq rebuilt") } };
  const [placed] = await placeKegs(h, rebuilt);
  assert.equal(run(join(h.bin, "jq")), "jq rebuilt");
  assert.deepEqual(placed?.kept.moved, [join(directory, "notes")]);
  assert.deepEqual(await verified(h, "jq"), []);
  assert.deepEqual(
    Object.keys(readTree(h.prefix)).filter((path) => path.startsWith(".pkg")),
    [".pkg-home"],
  );
  removeKegs(h, "jq");
  // Kept for the notes; the next keg takes them along.
  assert.deepEqual(Object.keys(readTree(join(h.prefix, "Cellar"))), ["jq", "jq/1.8.1", "jq/1.8.1/notes"]);
  await placeKegs(h, JQ);
  assert.deepEqual(h.installations.leftovers(), []);
  assert.equal(readFileSync(join(directory, "notes"), "utf8"), "mine");
  assert.equal(h.profile.purgeable("jq").length, 0);
});

const COPIES = [
  ["unchanged", null, "default 2", null],
  ["changed", "mine", "mine", "default 2"],
  ["removed", undefined, "default 2", null],
  ["changed to the new one", "default 2", "default 2", null],
] as const;
for (const [name, content, after, beside] of COPIES) {
  test(`a copy that is ${name} is ${after === "mine" ? "kept" : "as the new version has it"} after an update`, async (t) => {
    const h = tempProfile(t);
    await placeKegs(h, JQ);
    const path = join(h.prefix, "etc/jq/jq.conf");
    if (content === undefined) unlinkSync(path);
    else if (content !== null) writeFileSync(path, content);
    const [placed] = await placeKegs(h, NEXT);
    assert.equal(readFileSync(path, "utf8"), after);
    assert.deepEqual(existsSync(`${path}.default`) ? readFileSync(`${path}.default`, "utf8") : null, beside);
    assert.deepEqual(placed?.notes.changed, beside === null ? [] : [{ path, beside: `${path}.default` }]);
    assert.deepEqual(await verified(h, "jq"), []);
    // The same again tells of nothing, and changes nothing.
    const [again] = await placeKegs(h, NEXT);
    assert.deepEqual([again?.notes.changed, again?.unchanged], [[], true]);
    const [removed] = removeKegs(h, "jq");
    assert.deepEqual(removed?.kind === "removed" && removed.left, beside === null ? [] : [path]);
    assert.equal(existsSync(`${path}.default`), false);
    assert.equal(existsSync(path), beside !== null);
  });
}

test("a place that was a copy stays one where the next version links it, and the other way round", async (t) => {
  const home = tempProfile(t);
  const linked = { ...NEXT, links: [...(NEXT.links ?? []), "etc/jq/jq.conf"], copies: [] };
  for (const [first, second] of [
    [JQ, linked],
    [linked, JQ],
  ] as const) {
    await placeKegs(home, first);
    await placeKegs(home, second);
    assert.equal(textOf(home, "etc/jq/jq.conf"), second === JQ ? "default 1" : "default 2");
    assert.deepEqual(await verified(home, "jq"), []);
    removeKegs(home, "jq");
    assert.equal(existsSync(home.prefix), false);
  }
});

test("what a keg could not link, or is not to link, is recorded once where it wants that again", async (t) => {
  const h = tempProfile(t);
  const own = { ...JQ, files: { ...JQ.files, "lib/x": "own" }, links: ["lib/x"] };
  await placeKegs(h, { ...own, name: "rival", programs: [], copies: [] });
  await placeKegs(h, own);
  const { draft } = await prepareKeg(h, own);
  const mark = (changes: Partial<Installation>) => {
    const now = h.installations.get("jq") ?? assert.fail();
    const [result] = h.profile.apply([{ kind: "mark", installation: { ...now, ...changes } }], { force: false });
    assert.equal(result?.kind, "placed");
    return h.installations.get("jq")?.taken.map(({ path }) => path);
  };
  const taken = ["@prefix/lib/x", "jq"];
  assert.deepEqual(mark({ unlinked: ["jq"] })?.toSorted(), taken);
  assert.deepEqual(mark({ links: draft.links })?.toSorted(), taken);
});

test("a keg that comes back with a whole state gets nothing beside a copy that somebody has edited", async (t) => {
  const h = tempProfile(t);
  const path = join(h.prefix, "etc/jq/jq.conf");
  await placeKegs(h, JQ);
  const before = h.installations.get("jq") ?? assert.fail();
  writeFileSync(path, "mine");
  removeKegs(h, "jq");
  const stored = (await h.profile.stored(before, new AbortController().signal)) ?? assert.fail();
  const [placed] = h.profile.apply([{ kind: "restore", stored }], { force: false, isExact: true });
  assert.deepEqual(placed?.kind === "placed" && placed.notes.changed, [{ path, beside: null }]);
  assert.deepEqual([textOf(h, "etc/jq/jq.conf"), existsSync(`${path}.default`)], ["mine", false]);
  assert(isSameRecord(h.installations.get("jq"), before));
});

test("an edited copy stays when its keg goes, comes back with it, and goes with a purge", async (t) => {
  const h = tempProfile(t);
  const path = join(h.prefix, "etc/jq/jq.conf");
  await placeKegs(h, JQ);
  writeFileSync(path, "mine");
  removeKegs(h, "jq");
  assert.deepEqual(h.profile.purgeable("jq"), [path]);
  assert.deepEqual(h.profile.strays(), []);
  const [placed] = await placeKegs(h, NEXT);
  assert.deepEqual(placed?.notes.changed, [{ path, beside: `${path}.default` }]);
  assert.deepEqual([textOf(h, "etc/jq/jq.conf"), h.profile.purgeable("jq")], ["mine", []]);
  const [without] = await placeKegs(h, { ...NEXT, version: "2", copies: [] });
  assert.deepEqual(without?.notes.changed, [{ path, beside: null }]);
  assert.deepEqual(h.profile.purgeable("jq"), [path]);
  removeKegs(h, "jq");
  assert.deepEqual(h.profile.purge("jq"), [path]);
  assert.equal(existsSync(h.prefix), false);

  await placeKegs(h, JQ);
  writeFileSync(path, "mine");
  const installation = h.installations.get("jq") ?? assert.fail();
  const [purged] = h.profile.apply([{ kind: "remove", installation, purge: true }], { force: false });
  assert.deepEqual(purged?.kind === "removed" && purged.left, []);
  assert.equal(existsSync(h.prefix), false);
});

test("repair() restores files, links and copies of a keg, and keeps what somebody has put in place of a link", async (t) => {
  const h = tempProfile(t);
  await placeKegs(h, JQ);
  const paths = ["Cellar/jq/1.8.1/bin/jq", "opt/jq", "etc/jq/jq.conf", "lib/libjq.so.1"].map((path) =>
    join(h.prefix, path),
  );
  for (const path of paths) rmSync(path);
  writeFileSync(paths[3] ?? "", "mine");
  const installation = h.installations.get("jq") ?? assert.fail();
  const { broken, replaced } = h.profile.damage(installation);
  assert.deepEqual([broken.toSorted(), replaced], [paths.slice(0, 3).toSorted(), [paths[3]]]);
  assert.deepEqual((await verified(h, "jq")).length, 4);
  const result = await h.profile.repair(installation, { force: false, signal });
  assert.equal(result?.kind === "placed" && result.notes.passedOver.length, 1);
  assert.equal(run(join(h.prefix, "bin/jq")), "jq 1.8.1");
  assert.deepEqual(await verified(h, "jq"), []);
  assert.equal(textOf(h, "lib/libjq.so.1"), "mine");
});

test("kegs stay where they were poured when the prefix of the config changes, and no others are poured elsewhere", async (t) => {
  const h = tempProfile(t);
  await placeKegs(h, JQ);
  const home = join(h.prefix, "..");
  const other = openHome(home, { prefix: join(home, "other") });
  t.after(() => other.close());
  assert.deepEqual(await verified(other, "jq"), []);
  await assert.rejects(placeKegs(other, ONIG), (error: Error & { code?: string }) => {
    assert.equal(error.code, "CONFIG_INVALID");
    return error.message.includes(join(home, "other")) && error.message.includes(h.prefix);
  });
  // A home that was moved does not come to be where it was.
  rmSync(h.prefix, { recursive: true });
  const installation = other.installations.get("jq") ?? assert.fail();
  const repaired = await other.profile.repair(installation, { force: false, signal });
  assert.equal(repaired?.kind === "failed" && repaired.error.code, "CONFIG_INVALID");
  removeKegs(other, "jq");
  assert.equal(existsSync(h.prefix), false);
  await placeKegs(other, ONIG);
  assert.deepEqual(readdirSync(join(home, "other/opt")), ["oniguruma"]);
});

for (const [name, odd] of [
  ["a space", "a b"],
  ["a colon", "a:b"],
  ["a quote", "a'b"],
  ["a dollar", "a$b"],
] as const) {
  test(`a prefix with ${name} in its path is refused`, async (t) => {
    const first = tempProfile(t);
    const h = openHome(join(first.prefix, ".."), { prefix: join(first.prefix, odd) });
    t.after(() => h.close());
    await assert.rejects(placeKegs(h, ONIG), { code: "CONFIG_INVALID" });
    assert.equal(existsSync(h.prefix), false);
  });
}

test("a prefix that is a file is refused, and other packages are placed all the same", async (t) => {
  const h = tempProfile(t);
  writeFileSync(h.prefix, "mine");
  const prepared = [await prepareKeg(h, ONIG), preparePackage(h, sampleProgram("1"))];
  const changes = prepared.map(({ verified, draft }) => ({ kind: "place" as const, verified, installation: draft }));
  const [keg, program] = h.profile.apply(changes, { force: false });
  assert.equal(keg?.kind === "failed" && keg.error.code, "FILE_SYSTEM");
  assert.equal(program?.kind, "placed");
  assert.equal(readFileSync(h.prefix, "utf8"), "mine");
});

test("strays() are kegs that nothing records; a keg of that name takes them over, and purge() removes them", async (t) => {
  const h = tempProfile(t);
  await placeKegs(h, JQ, ONIG);
  const home = join(h.prefix, "..");
  h.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(join(home, `state.db${end}`), { force: true });
  const lost = openHome(home);
  t.after(() => lost.close());
  const cellar = join(h.prefix, "Cellar");
  assert.deepEqual(lost.profile.strays(), [join(cellar, "jq/1.8.1"), join(cellar, "oniguruma/6.9.10")]);
  await placeKegs(lost, { ...NEXT, links: ["bin/jq"] });
  assert.deepEqual(lost.profile.strays(), [join(cellar, "oniguruma/6.9.10")]);
  assert.deepEqual(await verified(lost, "jq"), []);
  assert.equal(existsSync(join(h.prefix, "lib/libjq.so")), false);
  assert.deepEqual(lost.profile.purge("oniguruma"), [join(cellar, "oniguruma/6.9.10")]);
  assert.deepEqual(lost.profile.strays(), []);
  assert.deepEqual(readdirSync(join(h.prefix, "opt")), ["jq"]);
});

test("profile.apply() names the package that has the place of a keg, when another one of the same name and version comes", async (t) => {
  const home = tempProfile(t);
  await placeKegs(home, JQ);
  const { verified, draft } = await prepareKeg(home, { ...JQ, links: [], copies: [], programs: [] });
  assert.throws(() => placePrepared(home, [{ verified, draft: { ...draft, name: "jq:corp", links: [] } }]), {
    code: "PATH_CONFLICT",
    message: /Cellar\/jq\/1\.8\.1": it is that of the package "jq"$/,
  });
});
