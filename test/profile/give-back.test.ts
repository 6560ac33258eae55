import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type ProfileHome,
  placePackage,
  preparePackage,
  readTree,
  run,
  type SamplePackage,
  sampleProgram,
  script,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();

/** A package with the link `x`. */
function taker(name: string, version = "1"): SamplePackage {
  return { name, version, files: { [name]: script(`${name} ${version}`) }, links: { x: name } };
}

/** Removes a package; what came back for its links, without the paths. */
function removed(h: ProfileHome, name: string): readonly string[] {
  const installation = h.installations.get(name) ?? assert.fail();
  const [result] = h.profile.apply([{ kind: "remove", installation }], { force: false });
  assert(result?.kind === "removed");
  return result.givenBack.map((item) => (item.kind === "not restored" ? item.reason : item.kind));
}

test("remove() gives back what was moved aside, bytes, mode and all", (t) => {
  const h = tempProfile(t);
  const link = join(h.bin, "x");
  writeFileSync(link, script("mine"), { mode: 0o750 });
  symlinkSync("nowhere", join(h.bin, "y"));
  const both = sampleProgram("1", { links: { x: "x", y: "x" } });
  const { taken } = placePackage(h, both, true);
  assert.deepEqual(
    taken.saved,
    ["x", "y"].map((name) => ({ path: join(h.bin, name), saved: join(h.bin, `${name}.pkg-saved`) })),
  );
  assert.deepEqual(placePackage(h, { ...both, version: "2" }).taken.saved, []);
  assert.deepEqual(removed(h, "x"), ["restored", "restored"]);
  assert.deepEqual([run(link), statSync(link).mode & 0o7777], ["mine", 0o750]);
  assert.equal(readlinkSync(join(h.bin, "y")), "nowhere");
  assert.deepEqual(Object.keys(readTree(h.bin)), ["x", "y"]);
  assert.deepEqual(h.installations.savedFor("x"), []);
});

test("place() gives back what was moved aside for a link that the new version does not have", (t) => {
  const h = tempProfile(t);
  writeFileSync(join(h.bin, "y"), "mine");
  placePackage(h, sampleProgram("1", { links: { x: "x", y: "x" } }), true);
  const { givenBack } = placePackage(h, sampleProgram("2"));
  assert.deepEqual(givenBack, [{ kind: "restored", path: join(h.bin, "y"), saved: join(h.bin, "y.pkg-saved") }]);
  assert.equal(readFileSync(join(h.bin, "y"), "utf8"), "mine");
});

const SINCE: Readonly<
  Record<string, readonly [change: (saved: string, link: string) => void, expected: readonly string[]]>
> = {
  "it was changed": [(saved) => appendFileSync(saved, "more"), ["changed"]],
  "it is gone": [(saved) => rmSync(saved), ["gone"]],
  "the link is gone": [(_, link) => unlinkSync(link), ["restored"]],
  "somebody put something in the place of the link": [
    (_, link) => {
      unlinkSync(link);
      writeFileSync(link, "other");
    },
    [],
  ],
};

for (const [name, [change, expected]] of Object.entries(SINCE)) {
  test(`remove() says what became of what was moved aside when ${name}`, (t) => {
    const h = tempProfile(t);
    const [link, saved] = [join(h.bin, "x"), join(h.bin, "x.pkg-saved")];
    writeFileSync(link, "mine");
    placePackage(h, sampleProgram("1"), true);
    change(saved, link);
    assert.deepEqual(removed(h, "x"), expected);
    assert.equal(existsSync(saved), ["changed", undefined].includes(expected[0]));
  });
}

test("remove() gives a link back to the package that had it before, version after version", async (t) => {
  const h = tempProfile(t);
  writeFileSync(join(h.bin, "x"), script("mine"), { mode: 0o755 });
  placePackage(h, taker("a"), true);
  const { taken } = placePackage(h, taker("b"), true);
  assert.deepEqual(taken.links, [{ path: join(h.bin, "x"), name: "a" }]);
  placePackage(h, taker("c"), true);
  assert.deepEqual(h.installations.get("b")?.taken, [{ path: "x", target: "b", kind: "link" }]);
  // A package updates although another one has its link.
  placePackage(h, taker("a", "2"));
  assert.equal(run(join(h.bin, "x")), "c 1");
  assert.deepEqual(removed(h, "b"), []);
  assert.deepEqual(removed(h, "c"), ["returned"]);
  assert.equal(run(join(h.bin, "x")), "a 2");
  const a = h.installations.get("a") ?? assert.fail();
  assert.deepEqual(
    [a.links, a.taken, h.installations.linkOwner("x")],
    [[{ path: "x", target: "a", kind: "link" }], [], "a"],
  );
  assert((await h.profile.verify(a, signal)).every(({ state }) => state === "ok"));
  assert.deepEqual(removed(h, "a"), ["restored"]);
  assert.equal(run(join(h.bin, "x")), "mine");
});

test("place() forced takes a link back, and a unit that removes both packages gives nothing back", (t) => {
  const h = tempProfile(t);
  placePackage(h, taker("a"));
  placePackage(h, taker("b"), true);
  placePackage(h, taker("a", "2"), true);
  assert.equal(run(join(h.bin, "x")), "a 2");
  const both = h.installations.list().map((installation) => ({ kind: "remove" as const, installation }));
  const results = h.profile.apply(both, { force: false });
  assert.deepEqual(
    results.map((result) => result.kind === "removed" && result.givenBack),
    [[], []],
  );
  assert.deepEqual(readTree(h.bin), {});
});

test("apply() records links that one change of a unit takes from another as the unit leaves them", (t) => {
  for (const isLast of [true, false]) {
    const h = tempProfile(t);
    const { installation: placed } = placePackage(h, { ...taker("y"), links: {} });
    const { verified, draft } = preparePackage(h, taker("z"));
    const link = { path: "x", target: "y", kind: "link" as const };
    const mark = { kind: "mark" as const, installation: { ...placed, links: [link] } };
    const place = { kind: "place" as const, verified, installation: draft };
    const results = h.profile.apply(isLast ? [place, mark] : [mark, place], { force: true });
    const [owner, other] = isLast ? ["y", "z"] : ["z", "y"];
    assert.deepEqual([run(join(h.bin, "x")), h.installations.linkOwner("x")], [`${owner} 1`, owner]);
    for (const result of results) {
      assert(result.kind === "placed");
      const { name, links, taken } = result.installation;
      const recorded = h.installations.get(name);
      assert.deepEqual([links, taken], [recorded?.links, recorded?.taken]);
    }
    assert.deepEqual(removed(h, owner ?? ""), ["returned"]);
    assert.equal(run(join(h.bin, "x")), `${other} 1`);
  }
});
