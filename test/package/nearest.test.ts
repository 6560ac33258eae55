import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "../../src/package/nearest.ts";

test("nearest() gives the closest candidates first, and none that are other words", () => {
  const names = ["trurl", "curl", "turl", "git", "trurls", "TRURL-extra"];
  assert.deepEqual(nearest("trulr", names, 3), ["trurl"]);
  assert.deepEqual(nearest("trur", names, 3), ["trurl"]);
  assert.deepEqual(nearest("zzzzzz", names, 3), []);
});

/** The whole table, as textbooks have it. */
function slowDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(i - 2, j - 2) + 1);
      const row = rows[i];
      if (row !== undefined) row[j] = best;
    }
  }
  return at(a.length, b.length);
}

/** Every word of up to `length` letters. */
function words(length: number): readonly string[] {
  if (length === 0) return [""];
  const shorter = words(length - 1);
  return [...new Set([...shorter, ...shorter.flatMap((word) => ["a", "b", "c"].map((letter) => word + letter))])];
}

test("editDistance() equals the distance of the whole table, or says that it is above the limit", () => {
  const all = words(4);
  for (const limit of [1, 2, 3]) {
    for (const a of all) {
      for (const b of all) {
        assert.equal(editDistance(a, b, limit), Math.min(slowDistance(a, b), limit + 1), `${a} ${b} ${limit}`);
      }
    }
  }
});

/** Counts how often a character of it is looked at. */
function countingText(text: string, count: { reads: number }): string {
  const counted = new Proxy(Object(text), {
    get: (target, key) => {
      if (typeof key === "string" && /^\d+$/.test(key)) count.reads += 1;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(text) : value;
    },
  });
  return counted;
}

test("editDistance() looks only at characters near the diagonal, however alike two long words are", () => {
  const count = { reads: 0 };
  const word = "a".repeat(128);
  editDistance(countingText(`bb${word.slice(4)}bb`, count), word, 4);
  assert.ok(count.reads > 0 && count.reads <= 128 * 9 * 4, `${count.reads} characters were read`);
});

test("nearest() does not compare candidates that are much longer or shorter, nor words that no package can be called", () => {
  const long = "a".repeat(100_000);
  assert.deepEqual(nearest("a".repeat(99_999), [long], 3), []);
  assert.deepEqual(nearest("a".repeat(100), ["a".repeat(95)], 3), []);
  assert.deepEqual(nearest("a".repeat(100), ["a".repeat(96)], 3), ["a".repeat(96)]);
});
