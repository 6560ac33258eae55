import assert from "node:assert/strict";
import { test } from "node:test";
import { TaskProgress } from "../../src/report/progress.ts";
import { createStyle } from "../../src/report/style.ts";

const STYLE = createStyle(false);

function fetching(totalBytes: number | null): TaskProgress {
  const task = new TaskProgress("trurl 8.14.1", totalBytes, 0);
  task.step("fetch");
  return task;
}

test("TaskProgress.line() shows title, step, bytes, speed and time left", () => {
  const task = fetching(8_000_000);
  task.progress(2_000_000, null, 1000);
  assert.equal(task.line(STYLE, 1000), "trurl 8.14.1   fetch   2.0 MB of 8.0 MB   2.0 MB/s   3 s left");
});

test("TaskProgress.line() shows no remaining time while the total is unknown, even if it becomes known late", () => {
  const task = fetching(null);
  assert.equal(task.line(STYLE, 0), "trurl 8.14.1   fetch");
  task.progress(2_000_000, null, 1000);
  assert.equal(task.line(STYLE, 1000), "trurl 8.14.1   fetch   2.0 MB   2.0 MB/s");
  task.progress(2_000_000, 4_000_000, 1000);
  assert.match(task.line(STYLE, 1000), /2\.0 MB of 4\.0 MB/);
});

test("TaskProgress.line() lets the speed fall when nothing arrives", () => {
  const task = fetching(8_000_000);
  task.progress(2_000_000, null, 1000);
  assert.match(task.line(STYLE, 3000), /500 kB\/s {3}12 s left$/);
  assert.equal(task.line(STYLE, 60_000), "trurl 8.14.1   fetch   2.0 MB of 8.0 MB");
});

test("TaskProgress.line() does not count a download that starts over against its speed", () => {
  const task = fetching(8_000_000);
  task.progress(4_000_000, null, 1000);
  task.progress(0, null, 2000);
  task.progress(1_000_000, null, 3000);
  assert.match(task.line(STYLE, 3000), /2\.5 MB\/s {3}3 s left$/);
});

test("TaskProgress.line() leaves speed out once the bytes are here", () => {
  const task = fetching(8_000_000);
  task.progress(8_000_000, null, 1000);
  task.step("verify");
  assert.equal(task.line(STYLE, 1000), "trurl 8.14.1   verify   8.0 MB of 8.0 MB");
});
