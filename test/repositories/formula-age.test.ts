import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY_MS, HOUR_MS } from "../../src/base/duration.ts";
import { unchangedNotice } from "../../src/repositories/formula-age.ts";

const SINCE = Date.parse("2026-03-01T00:00:00Z");

const CASES: readonly (readonly [format: string, ageMs: number, syncIntervalMs: number | null, isTold: boolean])[] = [
  ["homebrew", 7 * DAY_MS, 6 * HOUR_MS, false],
  ["homebrew", 7 * DAY_MS + 1, 6 * HOUR_MS, true],
  ["homebrew", 30 * DAY_MS, null, false],
  ["homebrew", 20 * DAY_MS, DAY_MS, false],
  ["g3", 300 * DAY_MS, 6 * HOUR_MS, false],
];

test("unchangedNotice() tells formulae that are the same for 28 intervals", () => {
  for (const [format, ageMs, syncIntervalMs, isTold] of CASES) {
    const cap = { config: { syncIntervalMs }, now: () => SINCE + ageMs };
    const notice = unchangedNotice(cap, "homebrew", { format, syncedAtMs: SINCE });
    assert.equal(notice !== null, isTold, `${format} ${ageMs}`);
    if (isTold) assert.match(notice ?? "", /the same since 2026-03-01T00:00:00Z.*`pkg sync --force homebrew`/);
  }
});
