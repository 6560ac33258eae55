import assert from "node:assert/strict";
import { test } from "node:test";
import { Speed, TaskProgress } from "../../src/report/progress.ts";

test("Speed falls when nothing arrives, and is not told once it is next to nothing", () => {
  const speed = new Speed(0);
  speed.count(2_000_000, 1000);
  assert.equal(speed.at(1000), 2_000_000);
  assert.equal(speed.at(3000), 500_000);
  assert.equal(speed.at(60_000), null);
});

test("Speed does not count a download that starts over as negative", () => {
  const speed = new Speed(0);
  speed.count(4_000_000, 1000);
  assert.equal(speed.at(1000), 4_000_000);
  speed.count(0, 2000);
  speed.count(1_000_000, 3000);
  assert.equal(speed.at(3000), 2_500_000);
});

test("TaskProgress.rate() counts only what this run transfers, not what an earlier one left", () => {
  const task = new TaskProgress("big", 104_000_000, 0);
  task.progress({ bytes: 100_000_000, totalBytes: null, resumedBytes: 100_000_000 }, 500);
  assert.equal(task.rate(500), null);
  task.progress({ bytes: 101_000_000, totalBytes: null, resumedBytes: 100_000_000 }, 1500);
  assert.ok(Number(task.rate(1500)) <= 1_000_000, String(task.rate(1500)));
});

test("TaskProgress.rate() is null once the bytes are here", () => {
  const task = new TaskProgress("x", 8_000_000, 0);
  task.progress({ bytes: 8_000_000, totalBytes: null }, 1000);
  assert.equal(task.rate(1000), 8_000_000);
  task.step = "verify";
  assert.equal(task.rate(1000), null);
});
