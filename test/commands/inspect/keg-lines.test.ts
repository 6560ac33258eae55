import assert from "node:assert/strict";
import { test } from "node:test";
import { kegCaveats, kegFacts } from "../../../src/commands/inspect/keg-lines.ts";
import type { KegFacts } from "../../../src/package/keg.ts";

const KEG = {
  cellar: "any",
  needsBuildPrefix: false,
  hasService: false,
  conflicts: [],
  kegOnly: null,
  caveats: null,
} as unknown as KegFacts;
const BUILDER = 'who built it is not checked: require = ["provenance"] does not work for bottles yet';

test("kegFacts() says what is special about a bottle, and that nobody checks who built it", () => {
  assert.deepEqual(kegFacts(null), []);
  const told = (keg: KegFacts) =>
    kegFacts(keg).flatMap(([label, value]) => (value === "" ? [] : [`${label}: ${value}`]));
  assert.deepEqual(told(KEG), [`builder: ${BUILDER}`]);
  assert.equal(
    told({ ...KEG, kegOnly: "it is older" })[0],
    "keg-only: it is older: its programs have links by `pkg link` alone",
  );
  const conflicts = [
    { name: "a", because: "both have x" },
    { name: "b", because: null },
  ];
  assert.deepEqual(told({ ...KEG, cellar: "/home/linuxbrew/.linuxbrew/Cellar", hasService: true, conflicts }), [
    "pinned: it only works under a prefix of at most 26 bytes",
    "conflicts: a (both have x), b",
    "service: it has one, which is not started",
    `builder: ${BUILDER}`,
  ]);
});

test("kegCaveats() names the directories that Homebrew leaves open", () => {
  assert.deepEqual(kegCaveats(KEG, "/p"), []);
  const caveats = "Add this:\n  $HOMEBREW_PREFIX/bin to PATH\n";
  assert.deepEqual(kegCaveats({ ...KEG, caveats }, "/p"), ["  caveats", "    Add this:", "      /p/bin to PATH"]);
});
