import assert from "node:assert/strict";
import { test } from "node:test";
import Database from "better-sqlite3";
import {
  compareKeys,
  createPageWriter,
  createPostings,
  createPostingTable,
} from "../../src/index-database/posting-pages.ts";

/** More keys than a few pages hold, some of them around those that begin alike; each has a number, and its double far behind. */
const KEYS = [
  ...["a", "too", "top", "z", "é", "\u{1f600}"],
  ...Array.from({ length: 700 }, (_, index) => `tool-${index}`),
].sort(compareKeys);

function tableOf(keys: readonly string[]) {
  const database = new Database(":memory:");
  database.exec(createPostingTable("names"));
  const writer = createPageWriter(database, "names");
  // One list is longer than all before it.
  for (const [index, key] of keys.entries())
    writer.add(key, key === "tool-5" ? Uint32Array.from({ length: 5_000 }, (_, at) => at) : numbersOf(index));
  writer.flush();
  return createPostings(database, "names");
}

function numbersOf(index: number): Uint32Array {
  return Uint32Array.of(index, 100_000 + index * 2);
}

test("eachBeginning() gives the numbers of all keys that begin so, on whatever pages they are", () => {
  const postings = tableOf(KEYS);
  for (const prefix of [
    "",
    "tool",
    "tool-",
    "tool-5",
    "tool-69",
    "tool-699",
    "to",
    "z",
    "é",
    "\u{1f600}",
    "none",
    "zz",
  ]) {
    const found: number[][] = [];
    postings.eachBeginning(prefix, (numbers, count) => found.push([...numbers.subarray(0, count)]));
    const expected = [...postings.beginning(prefix)].map(([, numbers]) => [...numbers]);
    assert.deepEqual(found, expected, prefix);
    assert.equal(found.length, KEYS.filter((key) => key.startsWith(prefix)).length, prefix);
  }
});
