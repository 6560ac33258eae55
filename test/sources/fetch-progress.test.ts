import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { FetchProgress } from "../../src/sources/fetch-progress.ts";

const [A, B] = [sha256Digest("a".repeat(64)), sha256Digest("b".repeat(64))];

function progressOf(sizeBytes: number | null) {
  const events: Event[] = [];
  const progress = new FetchProgress((event) => events.push(event), { name: "box", expected: { sizeBytes } });
  return { progress, last: () => events.at(-1) };
}

test("FetchProgress sums up the files of a package, with what an earlier run left, and counts only what came now", () => {
  const { progress, last } = progressOf(100);
  progress.of(A)(60, 50);
  progress.of(B)(10);
  assert.deepEqual(last(), { kind: "task-progress", id: "box", bytes: 70, resumedBytes: 50, totalBytes: 100 });
  progress.add(5);
  assert.equal(progress.received, 25);
  // The file was given up.
  progress.of(A)(0);
  assert.deepEqual(progress.held, { bytes: 10, resumedBytes: 0 });
});

test("FetchProgress adds up files that are found to be needed one after the other, each once", () => {
  const { progress } = progressOf(null);
  for (const one of [
    { digest: A, size: 60 },
    { digest: B, size: 40 },
    { digest: A, size: 60 },
  ])
    progress.expectAlso(one);
  assert.equal(progress.totalBytes, 100);
});

test("FetchProgress learns the total of a reference from its manifest", () => {
  const { progress, last } = progressOf(null);
  progress.of(A)(10);
  assert.equal(progress.totalBytes, null);
  progress.expect([{ size: 60 }, { size: 40 }]);
  progress.of(A)(20);
  assert.deepEqual(last(), { kind: "task-progress", id: "box", bytes: 20, resumedBytes: 0, totalBytes: 100 });
  progress.expect([{ size: null }]);
  assert.equal(progress.totalBytes, 100);
});
