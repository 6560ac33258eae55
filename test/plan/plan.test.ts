import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256Digest } from "../../src/oci/digest.ts";
import { artifactOrigin } from "../../src/plan/origin.ts";
import { type InstalledState, makePlan } from "../../src/plan/plan.ts";
import type { Resolution } from "../../src/plan/resolution.ts";

const OLD = sha256Digest("a".repeat(64));
const NEW = sha256Digest("b".repeat(64));

function resolution(name: string, version: string, blob: typeof OLD | null = NEW): Resolution {
  return {
    requested: name,
    name,
    version,
    ...{ packageName: name, wish: null },
    repository: "tools",
    owner: null,
    packageId: name,
    family: "",
    type: "static",
    origin: artifactOrigin(
      { kind: "registry", reference: { registry: "ghcr.io", name, tag: version, digest: null } },
      { blob, manifest: null },
    ),
    provides: [],
    aliases: [],
    expected: { sha256: null, blake3: null, sizeBytes: 100 },
    policy: { require: ["digest"], keys: [], allowLegacy: false, provenance: null, skip: [] },
    indexSigned: true,
    publisherKey: null,
    facts: null,
    isOtherVersion: false,
    ...{ dependencies: [], isDependency: false, keg: null, image: null },
  };
}

/** `a` 1 of the same repository. */
function state(programDigest: typeof OLD): InstalledState {
  return {
    name: "a",
    version: "1",
    ...{ wish: null, isPinned: false },
    repository: "tools",
    owner: null,
    packageId: "a",
    programDigest,
    manifestDigest: null,
    publisherKey: null,
    signedAs: null,
    ...{ dependencies: [], isDependency: false, requested: "a", keg: null, image: null },
  };
}

const installed = (state: InstalledState | null) => () => state;
const kinds = (plan: ReturnType<typeof makePlan>) => plan.steps.map((step) => step.kind);

test("makePlan() installs what is missing and counts its bytes", () => {
  const plan = makePlan([resolution("a", "1"), resolution("b", "1")], installed(null), { reinstall: false });
  assert.deepEqual(kinds(plan), ["install", "install"]);
  assert.equal(plan.bytes, 200);
});

test("makePlan() keeps a version that is spelled in another way", () => {
  const plan = makePlan([resolution("a", "v1")], installed(state(NEW)), { reinstall: false });
  assert.deepEqual(kinds(plan), ["keep"]);
});

test("makePlan() keeps what is already installed", () => {
  const plan = makePlan([resolution("a", "1")], installed(state(NEW)), { reinstall: false });
  assert.deepEqual(kinds(plan), ["keep"]);
  assert.equal(plan.bytes, 0);
});

test("makePlan() changes another version, and the same version with other bytes", () => {
  const from = state(OLD);
  assert.deepEqual(kinds(makePlan([resolution("a", "2")], installed(from), { reinstall: false })), ["change"]);
  assert.deepEqual(kinds(makePlan([resolution("a", "1")], installed(from), { reinstall: false })), ["change"]);
  assert.deepEqual(kinds(makePlan([resolution("a", "1", null)], installed(from), { reinstall: false })), ["keep"]);
});

test("makePlan() places again what is already installed when asked to", () => {
  const from = state(NEW);
  assert.deepEqual(kinds(makePlan([resolution("a", "1")], installed(from), { reinstall: true })), ["change"]);
});

test("makePlan() does not treat another repository's package as installed, even with the same bytes", () => {
  const from = { ...state(NEW), repository: "other" };
  assert.deepEqual(kinds(makePlan([resolution("a", "1")], installed(from), { reinstall: false })), ["change"]);
  const direct = { ...resolution("a", "1"), repository: null, packageId: "ghcr.io/me/a" };
  const elsewhere = { ...state(NEW), repository: null, packageId: "ghcr.io/you/a" };
  assert.deepEqual(kinds(makePlan([direct], installed(elsewhere), { reinstall: false })), ["change"]);
  const same = { ...state(NEW), repository: null, packageId: "ghcr.io/me/a" };
  assert.deepEqual(kinds(makePlan([direct], installed(same), { reinstall: false })), ["keep"]);
});

test("makePlan() plans a package that is named twice once", () => {
  assert.equal(
    makePlan([resolution("a", "1"), resolution("a", "2")], installed(null), { reinstall: false }).steps.length,
    1,
  );
});

test("makePlan() marks what was a dependency and is asked for now, and what needs something else now", () => {
  const dependency = { ...state(NEW), isDependency: true, dependencies: ["b"] };
  const asked = { ...resolution("a", "1"), dependencies: ["b"] };
  assert.deepEqual(kinds(makePlan([asked], installed(dependency), { reinstall: false })), ["mark"]);
  const other = { ...resolution("a", "1"), dependencies: ["c"], isDependency: true };
  assert.deepEqual(kinds(makePlan([other], installed(dependency), { reinstall: false })), ["mark"]);
  assert.deepEqual(kinds(makePlan([{ ...other, dependencies: ["b"] }], installed(dependency), { reinstall: false })), [
    "keep",
  ]);
});

test("makePlan() places again what was named, and not what that needs", () => {
  const again = { reinstall: true, needed: new Set(["a"]) };
  assert.deepEqual(kinds(makePlan([resolution("a", "1")], installed(state(NEW)), again)), ["keep"]);
});
