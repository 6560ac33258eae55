import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { V1Entry } from "../../src/generated/index-schema.js";
import { diffIndexes } from "../../src/index/diff.ts";
import { v1Entry } from "../support/v1-index.ts";

const KEY_SET = { version: 1, threshold: 1, keys: ["A", "B"] };

function diff(before: readonly V1Entry[], after: readonly V1Entry[]) {
  return diffIndexes({ entries: before, keySet: KEY_SET }, { entries: after, keySet: KEY_SET });
}

const SAME = { added: [], removed: [], newest: [], replaced: [], edited: [], keySetChange: null };
const named = (version: string, more: object = {}) => ({
  ...{ name: "a", id: "registry.example.me.a", version, host: "x86_64-linux", libc: null },
  ...more,
});

describe("diffIndexes()", () => {
  it("finds nothing when the entries are the same in another order, and the key set is", () => {
    const entries = [v1Entry("a"), v1Entry("b"), v1Entry("a", { libc: "musl" })];
    assert.deepEqual(diff(entries, entries.toReversed()), SAME);
    const keys = KEY_SET.keys.toReversed();
    const result = diffIndexes({ entries, keySet: KEY_SET }, { entries, keySet: { ...KEY_SET, keys } });
    assert.equal(result.keySetChange, null);
  });

  it("tells what is new, what is gone and what the newest version is", () => {
    const result = diff(
      [v1Entry("a", { version: "1.9" }), v1Entry("a", { version: "1.8" })],
      [v1Entry("a", { version: "1.10" }), v1Entry("a", { version: "1.9" })],
    );
    assert.deepEqual(result, {
      ...SAME,
      added: [named("1.10")],
      removed: [named("1.8")],
      newest: [{ name: "a", id: "registry.example.me.a", before: "1.9", after: "1.10" }],
    });
  });

  it("takes the newest release as the newest version, and two spellings of a version as one", () => {
    const early = v1Entry("a", { version: "2.0-rc1" });
    const result = diff(
      [v1Entry("a", { version: "v1.0" }), early],
      [v1Entry("a", { version: "1.0" }), v1Entry("a", { version: "1.1" }), early],
    );
    assert.deepEqual(result, {
      ...SAME,
      added: [named("1.1")],
      edited: [{ ...named("1.0"), fields: ["version"] }],
      newest: [{ name: "a", id: "registry.example.me.a", before: "v1.0", after: "1.1" }],
    });
    assert.deepEqual(diff([v1Entry("a", { version: "v1.0" })], [v1Entry("a")]).newest, []);
  });

  it("keeps platforms and C libraries apart", () => {
    const result = diff(
      [v1Entry("a")],
      [v1Entry("a"), v1Entry("a", { libc: "musl" }), v1Entry("a", { host: "riscv64-linux" })],
    );
    assert.deepEqual(result.added, [named("1.0", { host: "riscv64-linux" }), named("1.0", { libc: "musl" })]);
  });

  it("tells other content under the same version from other words about the same content", () => {
    const shasum = "d".repeat(64);
    const before = v1Entry("a", { description: "old", tag: ["x"] });
    const content = { shasum, ghcr_blob: `registry.example/me/a@sha256:${shasum}`, size_raw: 5, bsum: shasum };
    assert.deepEqual(diff([before], [{ ...before, ...content }]), {
      ...SAME,
      replaced: [named("1.0", { before: `sha256:${"a".repeat(64)}`, after: `sha256:${shasum}` })],
    });
    const manifest_digest = `sha256:${"e".repeat(64)}`;
    assert.deepEqual(diff([before], [{ ...before, manifest_digest }]).replaced, [
      named("1.0", { before: `sha256:${"c".repeat(64)}`, after: manifest_digest }),
    ]);
    assert.deepEqual(diff([before], [v1Entry("a", { description: "new", license: ["MIT"] })]), {
      ...SAME,
      edited: [named("1.0", { fields: ["description", "license", "tag"] })],
    });
  });

  it("tells of other keys", () => {
    const after = { version: 2, threshold: 2, keys: ["B", "C"] };
    const result = diffIndexes({ entries: [], keySet: KEY_SET }, { entries: [], keySet: after });
    assert.deepEqual(result, { ...SAME, keySetChange: { before: KEY_SET, after } });
  });
});
