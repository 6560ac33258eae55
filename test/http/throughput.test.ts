import assert from "node:assert/strict";
import { test } from "node:test";
import { ThroughputFloor } from "../../src/http/throughput.ts";

/** Records `bytes` after each of `times` waits of `waitedMs`; the first rate below the floor, and when. */
function trickle(floor: ThroughputFloor, bytes: number, waitedMs: number, times: number) {
  for (let index = 0; index < times; index += 1) {
    const rate = floor.record(bytes, waitedMs);
    if (rate !== null) return { rate, afterMs: (index + 1) * waitedMs };
  }
  return null;
}

test("ThroughputFloor.record() is content with a rate at the floor", () => {
  assert.equal(trickle(new ThroughputFloor(1_024, 30_000), 1_024, 1_000, 600), null);
});

test("ThroughputFloor.record() reports a rate below the floor once a whole window has passed", () => {
  assert.deepEqual(trickle(new ThroughputFloor(1_024, 30_000), 1_000, 1_000, 600), { rate: 1_000, afterMs: 30_000 });
});

test("ThroughputFloor.record() forgets what came before the window", () => {
  const floor = new ThroughputFloor(1_024, 30_000);
  assert.equal(trickle(floor, 10_000_000, 1_000, 60), null);
  const found = trickle(floor, 1, 1_000, 60);
  assert.ok(found !== null && found.afterMs <= 34_000, JSON.stringify(found));
});

test("ThroughputFloor.record() does not count time in which nobody waited", () => {
  assert.equal(trickle(new ThroughputFloor(1_024, 30_000), 1, 0, 100_000), null);
});

test("ThroughputFloor.record() is off with a floor of 0", () => {
  assert.equal(trickle(new ThroughputFloor(0, 30_000), 1, 1_000, 600), null);
});
