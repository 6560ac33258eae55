import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { grouped } from "../../src/base/age.ts";
import { byteCount } from "../../src/base/format-bytes.ts";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatTimeLeft,
} from "../../src/report/units.ts";

const BYTES: readonly (readonly [number, string])[] = [
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1049, "1.0 kB"],
  [7_800_000, "7.8 MB"],
  [99_940_000, "99.9 MB"],
  [99_960_000, "100 MB"],
  [999_499_999, "999 MB"],
  [999_999_999, "1.0 GB"],
  [152_000_000_000_000, "152 TB"],
  [Number.MAX_SAFE_INTEGER, "9.0 PB"],
  [5e18, "5000 PB"],
];

test("formatCount() has one thing, and several", () => {
  assert.deepEqual(
    [0, 1, 2, 1234].map((count) => formatCount(count, "blob")),
    ["0 blobs", "1 blob", "2 blobs", "1,234 blobs"],
  );
  assert.equal(formatCount(2, "repository"), "2 repositories");
  assert.deepEqual([999, 1000, 1234567, 12345678].map(grouped), ["999", "1,000", "1,234,567", "12,345,678"]);
});

test("formatBytes() counts in thousands", async (t) => {
  for (const [bytes, text] of BYTES) await t.test(text, () => assert.equal(formatBytes(bytes), text));
});

const DURATIONS: readonly (readonly [number, string])[] = [
  [3.2, "3 ms"],
  [900, "0.9 s"],
  [9_940, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 00 s"],
  [65_000, "1 min 05 s"],
  [3_599_900, "1 h 00 min"],
  [3_720_000, "1 h 02 min"],
];

test("formatDuration() uses the unit people would", async (t) => {
  for (const [ms, text] of DURATIONS) await t.test(text, () => assert.equal(formatDuration(ms), text));
});

test("formatTimeLeft() counts whole seconds, and never says none is left", () => {
  assert.deepEqual([1, 1500, 59_000, 61_000].map(formatTimeLeft), ["1 s", "2 s", "59 s", "1 min 01 s"]);
});

test("formatRate() is bytes a second", () => assert.equal(formatRate(8_600_000), "8.6 MB/s"));

test("formatAge() counts what has passed, and never nothing", () => {
  const minute = 60_000;
  const ages: readonly (readonly [ms: number, shown: string])[] = [
    [-5 * minute, "dated in the future"],
    [-1, "just now"],
    [59_999, "just now"],
    [minute, "1 minute old"],
    [59.9 * minute, "59 minutes old"],
    [60 * minute, "1 hour old"],
    [6.5 * 60 * minute, "6 hours old"],
    [24 * 60 * minute, "1 day old"],
    [49 * 60 * minute, "2 days old"],
  ];
  for (const [ms, shown] of ages) assert.equal(formatAge(ms), shown);
});

test("byteCount() is exact, and has the right noun", () => {
  assert.deepEqual([0, 1, 2, 1_048_576, 1n].map(byteCount), [
    "0 bytes",
    "1 byte",
    "2 bytes",
    "1048576 bytes",
    "1 byte",
  ]);
});

test("no number of bytes is put into words by hand", () => {
  const source = join(import.meta.dirname, "../../src");
  for (const path of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".ts") || path === join("base", "format-bytes.ts")) continue;
    // A limit that is a constant, and so never one, may be written out.
    const byHand = readFileSync(join(source, path), "utf8").match(
      /\$\{(?![A-Z_ +]+\})[^{}]*\} (bytes|entries)\b(?! a second)/g,
    );
    assert.equal(byHand, null, `${path}: use byteCount() or formatCount()`);
  }
});
