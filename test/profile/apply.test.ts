import assert from "node:assert/strict";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import type { ChangeResult } from "../../src/profile/apply-changes.ts";
import type { ProfileChange } from "../../src/profile/profile.ts";
import {
  type ProfileHome,
  placePackage,
  preparePackage,
  readState,
  readTree,
  run,
  type SamplePackage,
  sampleProgram,
  script,
  tempProfile,
} from "./profile-home.ts";

function toPlace(home: ProfileHome, sample: SamplePackage): ProfileChange {
  const { verified, draft } = preparePackage(home, sample);
  return { kind: "place", verified, installation: draft };
}

function toRemove(home: ProfileHome, name: string): ProfileChange {
  return { kind: "remove", installation: home.installations.get(name) ?? assert.fail(`${name} is not installed`) };
}

function outcomes(results: readonly ChangeResult[]): readonly string[] {
  return results.map((result) => (result.kind === "failed" ? result.error.code : result.kind));
}

/** A package of one program, with a link of its own name by default. */
function single(name: string, words = name, links: SamplePackage["links"] = { [name]: name }): SamplePackage {
  return { name, version: "1", files: { [name]: script(words) }, links };
}

/** Counts the intents begun and recorded in the journal. */
function countUnits(home: ProfileHome): { begun: number; committed: number } {
  const counts = { begun: 0, committed: 0 };
  const { begin, commit } = home.journal;
  Object.assign(home.journal, {
    begin: (...args: Parameters<typeof begin>) => {
      counts.begun += 1;
      return begin(...args);
    },
    commit: (...args: Parameters<typeof commit>) => {
      counts.committed += 1;
      commit(...args);
    },
  });
  return counts;
}

test("apply() places and removes several packages as one journalled unit", (t) => {
  const h = tempProfile(t);
  placePackage(h, single("old"));
  const counts = countUnits(h);
  const changes = [toPlace(h, single("a")), toRemove(h, "old"), toPlace(h, single("b"))];
  assert.deepEqual(outcomes(h.profile.apply(changes, { force: false })), ["placed", "removed", "placed"]);
  assert.deepEqual(counts, { begun: 1, committed: 1 });
  assert.deepEqual(Object.keys(readTree(h.bin)), ["a", "b"]);
  assert.deepEqual([run(join(h.bin, "a")), run(join(h.bin, "b"))], ["a", "b"]);
  assert.deepEqual(
    h.installations.list().map(({ name }) => name),
    ["a", "b"],
  );
  assert.deepEqual(h.journal.open(), []);
});

test("apply() leaves out what conflicts, names it, and does the rest", (t) => {
  const h = tempProfile(t);
  writeFileSync(join(h.bin, "b"), "mine");
  const changes = ["a", "b", "c"].map((name) => toPlace(h, single(name)));
  assert.deepEqual(outcomes(h.profile.apply(changes, { force: false })), ["placed", "PATH_CONFLICT", "placed"]);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["a", "b", "c"]);
  assert.deepEqual(
    Object.keys(readTree(h.packages)).filter((path) => !path.includes("/")),
    ["a", "c"],
  );
});

test("apply() undoes the unit when one package cannot be staged, and does the rest without it", (t) => {
  const h = tempProfile(t);
  const changes = ["a", "b", "c"].map((name) => toPlace(h, single(name)));
  h.blobs.remove(digestOf(changes[1]));
  assert.deepEqual(outcomes(h.profile.apply(changes, { force: false })), ["placed", "STATE_CHANGED", "placed"]);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["a", "c"]);
  assert.deepEqual(
    Object.keys(readTree(h.packages)).filter((path) => !path.includes("/")),
    ["a", "c"],
  );
  assert.deepEqual(h.journal.open(), []);
});

function digestOf(change: ProfileChange | undefined) {
  return change !== undefined && "installation" in change ? change.installation.programDigest : assert.fail();
}

test("apply() changes nothing at all when the bin directory cannot be written", { skip: isRoot() }, (t) => {
  const h = tempProfile(t);
  placePackage(h, single("old"));
  const before = readState(h);
  chmodSync(h.bin, 0o500);
  t.after(() => chmodSync(h.bin, 0o755));
  const changes = [toPlace(h, single("a")), toRemove(h, "old")];
  assert.deepEqual(outcomes(h.profile.apply(changes, { force: false })), ["PERMISSION_DENIED", "PERMISSION_DENIED"]);
  chmodSync(h.bin, 0o755);
  assert.deepEqual(readState(h), before);
});

function isRoot(): string | false {
  return process.getuid?.() === 0 ? "root may write everywhere" : false;
}

test("apply() lets one package take a link that another gives up, in either order", (t) => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const h = tempProfile(t);
    placePackage(h, { ...sampleProgram("1"), links: { x: "x", shared: "x" } });
    const changes = [toPlace(h, sampleProgram("2")), toPlace(h, single("y", "y", { y: "y", shared: "y" }))];
    const results = h.profile.apply(
      order.map((index) => changes[index] ?? assert.fail()),
      { force: false },
    );
    if (order[0] === 0) {
      assert.deepEqual(outcomes(results), ["placed", "placed"]);
      assert.equal(run(join(h.bin, "shared")), "y");
      assert.equal(h.installations.linkOwner("shared"), "y");
    } else {
      assert.deepEqual(outcomes(results), ["PATH_CONFLICT", "placed"]);
      assert(!existsSync(join(h.bin, "shared")));
    }
    assert.equal(run(join(h.bin, "x")), "x 2");
  }
});

test("apply() refuses two packages with the same link; forced, the later one gets it and the record says so", (t) => {
  const h = tempProfile(t);
  const changes = [toPlace(h, single("a", "a", { a: "a", both: "a" })), toPlace(h, single("b", "b", { both: "b" }))];
  assert.deepEqual(outcomes(h.profile.apply(changes, { force: false })), ["placed", "PATH_CONFLICT"]);
  const again = tempProfile(t);
  writeFileSync(join(again.bin, "both"), "mine");
  const forced = [
    toPlace(again, single("a", "a", { a: "a", both: "a" })),
    toPlace(again, single("b", "b", { both: "b" })),
  ];
  assert.deepEqual(outcomes(again.profile.apply(forced, { force: true })), ["placed", "placed"]);
  assert.equal(run(join(again.bin, "both")), "b");
  assert.equal(again.installations.linkOwner("both"), "b");
  assert.deepEqual(Object.keys(readTree(again.bin)), ["a", "both", "both.pkg-saved"]);
});

test("apply() gives two names that are written alike directories of their own", (t) => {
  const h = tempProfile(t);
  const [a, b] = ["a+b", "a_b"].map((name) => ({
    ...single(name, "same"),
    files: { p: script("same") },
    links: { [name]: "p" },
  }));
  if (a === undefined || b === undefined) throw new Error("two packages");
  const results = h.profile.apply([toPlace(h, a), toPlace(h, b)], { force: false });
  assert.deepEqual(outcomes(results), ["placed", "placed"]);
  const directories = h.installations.list().map(({ directory }) => directory);
  assert.equal(new Set(directories).size, 2);
});

test("recover() finishes a unit of several packages, and names each", async (t) => {
  const h = tempProfile(t);
  placePackage(h, single("old"));
  const changes = [toPlace(h, single("a")), toRemove(h, "old"), toPlace(h, single("b"))];
  const { commit } = h.journal;
  Object.assign(h.journal, {
    commit: () => {
      throw new Error("killed");
    },
    markUndo: () => {
      throw new Error("killed");
    },
  });
  assert.throws(() => h.profile.apply(changes, { force: false }), /killed/);
  Object.assign(h.journal, { commit });
  assert.equal(h.journal.open().length, 1);
  const recovered = await h.profile.recover(new AbortController().signal);
  assert.deepEqual(recovered.map(({ name, outcome }) => `${name} ${outcome}`).toSorted(), [
    "a finished",
    "b finished",
    "old finished",
  ]);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["a", "b"]);
});

test("apply() leaves out what fails along, whether a change is refused or cannot be staged", (t) => {
  for (const kind of ["refused", "unstaged"] as const) {
    const h = tempProfile(t);
    const changes = ["a", "b", "c"].map((name) => toPlace(h, single(name)));
    const [a] = changes;
    assert.ok(a?.kind === "place");
    if (kind === "refused") writeFileSync(join(h.bin, "a"), "mine");
    else for (const { digest } of a.installation.files) h.blobs.remove(digest);
    const failAlong = (failures: ReadonlyMap<string, PkgError>) =>
      new Map(failures.has("a") ? [["b", new PkgError("STATE_CHANGED", "Cannot install b: a failed")]] : []);
    const results = outcomes(h.profile.apply(changes, { force: false, failAlong }));
    const code = kind === "refused" ? "PATH_CONFLICT" : "STATE_CHANGED";
    assert.deepEqual(results, [code, "STATE_CHANGED", "placed"], kind);
    assert.deepEqual(
      h.installations.list().map(({ name }) => name),
      ["c"],
    );
    assert.equal(existsSync(join(h.bin, "b")), false);
  }
});

test("apply() marks a package: its record and its links change, and its files stay", (t) => {
  const h = tempProfile(t);
  placePackage(h, single("a", "a", {}));
  const before = readTree(h.packages);
  const installed = h.installations.get("a") ?? assert.fail();
  const asked = { ...installed, links: [{ path: "a", target: "a", kind: "link" as const }], dependencies: ["b"] };
  assert.deepEqual(outcomes(h.profile.apply([{ kind: "mark", installation: asked }], { force: false })), ["placed"]);
  assert.equal(run(join(h.bin, "a")), "a");
  const { evidence } = h.installations.get("a") ?? assert.fail();
  assert.deepEqual(h.installations.get("a"), { ...asked, evidence });
  assert.deepEqual(evidence, installed.evidence);
  assert.deepEqual(readTree(h.packages), before);
  const needed = { ...asked, links: [], isDependency: true };
  h.profile.apply([{ kind: "mark", installation: needed }], { force: false });
  assert.equal(existsSync(join(h.bin, "a")), false);
  assert.deepEqual(h.journal.open(), []);
  assert.deepEqual(h.installations.get("a"), needed);
  writeFileSync(join(h.bin, "a"), "mine");
  assert.deepEqual(outcomes(h.profile.apply([{ kind: "mark", installation: asked }], { force: false })), [
    "PATH_CONFLICT",
  ]);
});
