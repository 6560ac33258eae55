import assert from "node:assert/strict";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import type { IndexedPackage, PackageEntry } from "../../src/package/metadata.ts";
import { type InstalledPackage, ownersFirst, typedFor } from "../../src/package/narrow.ts";
import { selectPackage } from "../../src/package/select.ts";
import { parseNamedSpec } from "../../src/package/spec.ts";
import { MACHINE, makeIndexed } from "../support/entries.ts";

function git(repository: string, facts: Partial<PackageEntry>): IndexedPackage {
  return makeIndexed(repository, { name: "git", recipe: "git", ...facts });
}

const CASES: readonly (readonly [name: string, candidates: readonly IndexedPackage[], typed: readonly string[]])[] = [
  ["ids", [git("a", { id: "x" }), git("a", { id: "y" })], ["git#x", "git#y"]],
  ["families", [git("a", { id: "", family: "f" }), git("a", { id: "", family: "g" })], ["f/git", "g/git"]],
  ["repositories", [git("a", { id: "x" }), git("b", { id: "x" })], ["git#x:a", "git#x:b"]],
  ["repositories alone", [git("a", { id: "", family: "" }), git("b", { id: "", family: "" })], ["git:a", "git:b"]],
  [
    "recipes",
    [
      git("a", { id: "", family: "", recipe: "git.s", type: "s" }),
      git("a", { id: "", family: "", recipe: "git.t", type: "t" }),
    ],
    ["git.s", "git.t"],
  ],
  [
    "an id that is shared and one that is not",
    [git("a", { id: "x" }), git("b", { id: "x" }), git("b", { id: "y" })],
    ["git#x:a", "git#x:b", "git#y"],
  ],
];

test("typedFor() gives what, typed in, means that package and no other", async (t) => {
  for (const [name, candidates, typed] of CASES) {
    await t.test(name, () => {
      assert.deepEqual(
        candidates.map((candidate) => typedFor(candidate, candidates, null)),
        typed,
      );
      for (const [index, text] of typed.entries()) {
        assert.equal(selectPackage(parseNamedSpec(text), candidates, MACHINE).package, candidates[index]);
      }
    });
  }
});

test("typedFor() keeps the version that was requested", () => {
  const candidates = [git("a", { id: "x" }), git("b", { id: "x" })];
  assert.deepEqual(
    candidates.map((candidate) => typedFor(candidate, candidates, "^2")),
    ["git#x@^2:a", "git#x@^2:b"],
  );
});

test("selectPackage() is ambiguous for each of these that are of one repository, and its hint lists what to type", () => {
  for (const [name, candidates, typed] of CASES) {
    if (candidates.some(({ repository }) => repository !== "a")) {
      assert.equal(selectPackage(parseNamedSpec("git"), candidates, MACHINE).package, candidates[0], name);
      continue;
    }
    assert.throws(
      () => selectPackage(parseNamedSpec("git"), candidates, MACHINE),
      (error) =>
        error instanceof PkgError &&
        error.code === "PACKAGE_AMBIGUOUS" &&
        error.hint === `Type one of: ${typed.join(", ")}`,
      name,
    );
  }
});

test("selectPackage() prefers what has the name to what provides it, and to a recipe of that name", () => {
  const named = makeIndexed("a", { name: "trurl" });
  const provider = makeIndexed("b", { name: "curl", provides: [{ program: "trurl", links: ["trurl"] }] });
  const recipe = makeIndexed("c", { name: "other", recipe: "trurl" });
  const chosen = (...candidates: readonly IndexedPackage[]) =>
    selectPackage(parseNamedSpec("trurl"), candidates, MACHINE).package;
  assert.equal(chosen(provider, recipe, named), named);
  assert.equal(chosen(provider, recipe), recipe);
  assert.equal(chosen(provider), provider);
});

const OWNED: InstalledPackage = { name: "git", repository: "a", owner: null, packageId: "x" };
const ORPHAN: InstalledPackage = {
  ...OWNED,
  owner: { id: 1, name: "a", url: null, identity: null, keySet: null, signedAtMs: null, isOrphan: true },
};
const SAME = git("a", { id: "x" });
const OTHER_ID = git("a", { id: "y" });
const ELSEWHERE = git("b", { id: "x" });

const OWNERS: readonly (readonly [
  typed: string,
  owned: InstalledPackage | null,
  candidates: readonly IndexedPackage[],
  left: readonly IndexedPackage[],
])[] = [
  ["git", null, [SAME, ELSEWHERE], [SAME, ELSEWHERE]],
  ["git", OWNED, [ELSEWHERE, OTHER_ID, SAME], [SAME]],
  ["git", OWNED, [ELSEWHERE, OTHER_ID], [OTHER_ID]],
  ["git", OWNED, [ELSEWHERE], [ELSEWHERE]],
  ["git", ORPHAN, [ELSEWHERE, SAME], [ELSEWHERE, SAME]],
  ["git:b", OWNED, [SAME, ELSEWHERE], [SAME, ELSEWHERE]],
  ["git#y", OWNED, [SAME, OTHER_ID, ELSEWHERE], [OTHER_ID]],
  ["git#z", OWNED, [SAME, ELSEWHERE], [SAME, ELSEWHERE]],
  ["git", { ...OWNED, repository: null, packageId: "ghcr.io/me/git" }, [SAME, ELSEWHERE], [SAME, ELSEWHERE]],
];

test("ownersFirst() keeps an installed name with its repository, as long as that has it", async (t) => {
  for (const [typed, owned, candidates, left] of OWNERS) {
    await t.test(`${typed} installed from ${owned?.repository ?? "no repository"}`, () =>
      assert.deepEqual(ownersFirst(parseNamedSpec(typed), candidates, owned), left),
    );
  }
});
