import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../src/base/events.ts";
import { TaskBoard } from "../../src/report/task-board.ts";

const MB = 1_000_000;

function boardOf(...events: readonly Event[]): TaskBoard {
  const board = new TaskBoard(
    () => 0,
    (text) => text,
  );
  for (const event of events) board.apply(event);
  return board;
}

const started = (id: string, totalBytes: number | null): Event => ({
  kind: "task-started",
  id,
  title: `${id} 1.0`,
  totalBytes,
});
const progressed = (id: string, bytes: number): Event => ({ kind: "task-progress", id, bytes, totalBytes: null });
const done = (id: string): Event => ({ kind: "task-done", id, summary: "" });

const LEFT: readonly (readonly [string, readonly Event[], string | null])[] = [
  ["nothing where there were no tasks", [], null],
  [
    "what is finished and what is kept",
    [started("a", MB), started("b", MB), started("c", 10 * MB), done("a"), done("b"), progressed("c", 4.2 * MB)],
    "finished a 1.0, b 1.0; kept 4.2 of 10.0 MB of c 1.0",
  ],
  [
    "how many of many are finished",
    [...["a", "b", "c", "d"].flatMap((id) => [started(id, MB), done(id)]), started("e", MB)],
    "finished 4 of 5",
  ],
  [
    "what is complete but not in place",
    [started("a", MB / 2), progressed("a", MB / 2)],
    "nothing was finished; kept all 500 kB of a 1.0",
  ],
  [
    "nothing of what the next run does not find",
    [started("a", 10 * MB), { kind: "task-progress", id: "a", bytes: 5 * MB, totalBytes: null, isKept: false }],
    "nothing was finished",
  ],
  ["nothing of a part too small to be kept", [started("a", MB), progressed("a", MB / 2)], "nothing was finished"],
  [
    "nothing of a part that was given up",
    [started("a", 10 * MB), progressed("a", 5 * MB), progressed("a", 0)],
    "nothing was finished",
  ],
  [
    "a part of what has no known size",
    [started("a", null), progressed("a", 5 * MB)],
    "nothing was finished; kept 5.0 MB of a 1.0",
  ],
];

for (const [what, events, expected] of LEFT) {
  test(`TaskBoard.leftBehind() tells ${what}`, () => {
    assert.equal(boardOf(...events).leftBehind(), expected);
  });
}

test("TaskBoard.totals() counts what is planned from its plan, not with what came before", () => {
  const board = boardOf(started("sync", null), done("sync"), { kind: "tasks-planned", tasks: 3, totalBytes: 30 * MB });
  assert.deepEqual(board.totals(0), { ended: 0, failed: 0, tasks: 3, bytes: 0, totalBytes: 30 * MB, rate: null });
  board.apply(started("a", 10 * MB));
  board.apply(done("a"));
  // It was in the store already: all its bytes are there.
  assert.deepEqual(board.totals(0), { ended: 1, failed: 0, tasks: 3, bytes: 10 * MB, totalBytes: 30 * MB, rate: null });
});

test("TaskBoard.totals() has no total while the size of a task is unknown", () => {
  assert.equal(boardOf(started("a", MB), started("b", null)).totals(0).totalBytes, null);
});

test("TaskBoard.totals() begins its speed with the plan: what came before it transferred nothing", () => {
  let now = 0;
  const board = new TaskBoard(
    () => now,
    (text) => text,
  );
  now = 9000;
  board.apply({ kind: "tasks-planned", tasks: 2, totalBytes: 30 * MB });
  board.apply(started("a", 10 * MB));
  now = 10_000;
  board.apply(progressed("a", 2 * MB));
  assert.equal(board.totals(now).rate, 2 * MB);
});
