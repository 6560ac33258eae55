import assert from "node:assert/strict";
import { test } from "node:test";
import type { IndexedPackage } from "../../src/package/metadata.ts";
import { selectPackage } from "../../src/package/select.ts";
import { parseNamedSpec } from "../../src/package/spec.ts";
import { MACHINE, makeIndexed } from "../support/entries.ts";

/** As in a real index: builds of commits, several of which share the version that they follow. */
const DVC = makeIndexed("tools", {
  name: "dvc",
  version: "HEAD-75083cc-250627T212740",
  snapshots: [
    { tag: "HEAD-1d6ea68-250209T121653-x86_64-linux", version: "3.59.1" },
    { tag: "HEAD-28b7c8b-250306T182114-x86_64-linux", version: "3.59.1" },
    { tag: "HEAD-415d4bc-250506T083923-x86_64-linux", version: "3.59.2" },
  ],
});

function selected(text: string, ...candidates: readonly IndexedPackage[]) {
  const { version, snapshot } = selectPackage(parseNamedSpec(text), candidates, MACHINE);
  return [version, snapshot?.tag ?? null];
}

test("selectPackage() takes the build of a commit by its tag, with and without the platform", () => {
  const expected = ["HEAD-1d6ea68-250209T121653", "HEAD-1d6ea68-250209T121653-x86_64-linux"];
  assert.deepEqual(selected("dvc@HEAD-1d6ea68-250209T121653", DVC), expected);
  assert.deepEqual(selected("dvc@HEAD-1d6ea68-250209T121653-x86_64-linux", DVC), expected);
  assert.throws(() => selected("dvc@head-1d6ea68-250209t121653", DVC), { code: "VERSION_NOT_FOUND" });
});

test("selectPackage() takes a snapshot by a tag that is not its version", () => {
  const entry = makeIndexed("tools", { snapshots: [{ tag: "stable-3-x86_64-linux", version: "0.9" }] });
  assert.deepEqual(selected("trurl@stable-3", entry), ["0.9", "stable-3-x86_64-linux"]);
});

test("selectPackage() takes the newest of several builds of one version", () => {
  assert.deepEqual(selected("dvc@3.59.1", DVC)[0], "HEAD-28b7c8b-250306T182114");
  assert.deepEqual(selected("dvc@^3.59", DVC)[0], "HEAD-415d4bc-250506T083923");
});

test("selectPackage() takes the entry if no version is requested, and prefers it to a snapshot of the same version", () => {
  assert.deepEqual(selected("dvc", DVC), ["HEAD-75083cc-250627T212740", null]);
  const snapshots = [
    { tag: "1.0.0-x86_64-linux", version: "1.0.0" },
    { tag: "2.0.0-x86_64-linux", version: "2.0.0" },
  ];
  const entry = makeIndexed("tools", { version: "1.0.0", snapshots });
  assert.deepEqual(selected("trurl@1.0.0", entry), ["1.0.0", null]);
  assert.deepEqual(selected("trurl", entry), ["1.0.0", null]);
});

test("selectPackage() lets a version narrow that only one package of the name has", () => {
  const stable = makeIndexed("tools", { name: "rustdesk", id: "stable", version: "1.3.7" });
  const nightly = makeIndexed("tools", { name: "rustdesk", id: "nightly", version: "250204T131430" });
  assert.deepEqual(selected("rustdesk@1.3.7", stable, nightly), ["1.3.7", null]);
  assert.throws(() => selected("rustdesk@9.9.9", stable, nightly), { code: "PACKAGE_AMBIGUOUS" });
});

test("selectPackage() takes the newest version that may be installed, and refuses one that may not", () => {
  const old = makeIndexed("tools", { version: "1.0.0" });
  const disabled = makeIndexed("tools", { version: "2.0.0", disabled: true });
  assert.deepEqual(selected("trurl", old, disabled), ["1.0.0", null]);
  assert.throws(() => selected("trurl@2.0.0", old, disabled), { code: "PACKAGE_UNINSTALLABLE", message: /disabled/ });
  assert.throws(() => selected("trurl@3.0.0", old, disabled), { code: "VERSION_NOT_FOUND", message: /found 1\.0\.0$/ });
});

test("selectPackage() lists at most ten versions", () => {
  const versions = Array.from({ length: 14 }, (_, index) => makeIndexed("tools", { version: `1.${index}.0` }));
  assert.throws(() => selected("trurl@9", ...versions), { message: /found 1\.13\.0, .*1\.4\.0 and 4 more$/ });
});
