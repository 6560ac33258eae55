import assert from "node:assert/strict";
import { test } from "node:test";
import type { IndexedPackage } from "../../src/package/metadata.ts";
import { otherRepositories, selectPackage } from "../../src/package/select.ts";
import { type NamedSpec, parseNamedSpec } from "../../src/package/spec.ts";
import { MACHINE, makeIndexed } from "../support/entries.ts";

function named(text: string): NamedSpec {
  return parseNamedSpec(text);
}

const SNAPSHOTS = [
  { tag: "8.12.0-x86_64-linux", version: "8.12.0" },
  { tag: "8.13.0-x86_64-linux", version: "8.13.0" },
];
const TRURL = makeIndexed("tools", { version: "8.14.1", snapshots: SNAPSHOTS });
const GITS: readonly IndexedPackage[] = [
  makeIndexed("pkgcache", { name: "git", id: "ppkg.git", type: "appimage" }),
  makeIndexed("pkgcache", { name: "git", id: "runimage.git", type: "runimage" }),
];

function selected(text: string, candidates: readonly IndexedPackage[]) {
  const { package: found, version, snapshot } = selectPackage(named(text), candidates, MACHINE);
  return [found.repository, found.entry.id, version, snapshot?.tag ?? null];
}

test("selectPackage() takes the only package of a name", () => {
  assert.deepEqual(selected("trurl", [TRURL]), ["tools", "example.trurl", "8.14.1", null]);
});

test("selectPackage() takes a snapshot when its version or tag is requested", () => {
  assert.deepEqual(selected("trurl@8.13.0", [TRURL])[3], "8.13.0-x86_64-linux");
  assert.deepEqual(selected("trurl@8.12.0-x86_64-linux", [TRURL])[2], "8.12.0");
  assert.deepEqual(selected("trurl@8.14.1", [TRURL])[3], null);
});

test("selectPackage() takes the newest in a range", () => {
  assert.equal(selected("trurl@<8.14", [TRURL])[2], "8.13.0");
  assert.equal(selected("trurl@^8", [TRURL])[2], "8.14.1");
});

test("selectPackage() takes the newest of several versions of one package", () => {
  const versions = ["1.9.0", "1.10.0", "1.2.0"].map((version) => makeIndexed("tools", { version }));
  assert.equal(selected("trurl", versions)[2], "1.10.0");
});

test("selectPackage() does not guess between packages of one name, and says what to type", () => {
  assert.throws(() => selected("git", GITS), {
    code: "PACKAGE_AMBIGUOUS",
    hint: "Type one of: git#ppkg.git, git#runimage.git",
  });
  assert.deepEqual(selected("git#runimage.git", GITS)[1], "runimage.git");
});

test("selectPackage() takes the first repository that has it, whatever the later ones have", () => {
  const other = makeIndexed("other", { version: "8.15.0" });
  assert.equal(selected("trurl", [TRURL, other])[0], "tools");
  assert.equal(selected("trurl", [other, TRURL])[0], "other");
  assert.equal(selected("trurl:other", [TRURL, other])[0], "other");
  assert.equal(selected("trurl@8.15.0", [TRURL, other])[0], "other", "the first has no such version");
  assert.equal(selected("trurl", [makeIndexed("tools", { disabled: true }), other])[0], "other");
  assert.throws(() => selected("trurl@7", [TRURL, other]), { code: "VERSION_NOT_FOUND" });
  const aliased = makeIndexed("first", { name: "url-tool", aliases: ["trurl"], version: "1.0" });
  assert.equal(selected("trurl", [aliased, TRURL])[0], "first");
});

test("selectPackage() does not guess between two packages of the first repository that has the name", () => {
  assert.throws(() => selected("git", [...GITS, makeIndexed("other", { name: "git", id: "git" })]), {
    code: "PACKAGE_AMBIGUOUS",
    hint: "Type one of: git#ppkg.git, git#runimage.git",
  });
});

test("otherRepositories() names those that have it as well, for this machine", () => {
  const all = [TRURL, makeIndexed("other", {}), makeIndexed("arm", { disabled: true }), makeIndexed("more", {})];
  const machine = { machine: MACHINE, chosen: "tools" };
  assert.deepEqual(otherRepositories(named("trurl"), all, machine), ["other", "more"]);
});

test("selectPackage() keeps the version in its suggestions", () => {
  assert.throws(() => selected("git@1.0.0", GITS), { hint: /git#ppkg\.git@1\.0\.0/ });
});

test("selectPackage() lists at most ten candidates", () => {
  const many = Array.from({ length: 12 }, (_, index) => makeIndexed("tools", { id: `id${index}` }));
  assert.throws(() => selected("trurl", many), { hint: /and 2 more$/ });
});

for (const [facts, reason] of [
  [{ disabled: true }, /disabled/],
  [{ installable: false }, /not installable/],
] as const) {
  test(`selectPackage() refuses ${JSON.stringify(facts)}`, () => {
    assert.throws(() => selected("trurl", [makeIndexed("tools", facts)]), {
      code: "PACKAGE_UNINSTALLABLE",
      message: reason,
    });
  });
}

test("selectPackage() leaves a disabled package out when another one has the name", () => {
  assert.equal(
    selected("git", [makeIndexed("pkgcache", { name: "git", id: "off", disabled: true }), ...GITS.slice(1)])[1],
    "runimage.git",
  );
});

test("selectPackage() lists the available versions when none fits", () => {
  assert.throws(() => selected("trurl@7.0.0", [TRURL]), {
    code: "VERSION_NOT_FOUND",
    message: /found 8\.14\.1, 8\.13\.0, 8\.12\.0/,
  });
});

test("selectPackage() lists what exists when family or id fits nothing", () => {
  assert.throws(() => selected("wget/trurl", [TRURL]), {
    code: "PACKAGE_NOT_FOUND",
    message: /trurl#example\.trurl:tools/,
  });
});
