import assert from "node:assert/strict";
import { test } from "node:test";
import { once } from "../../src/base/once.ts";
import { Turns } from "../../src/base/turns.ts";

/** Work that has begun when it is in `begun`, and ends when it is told to. */
function heldWork() {
  const begun: number[] = [];
  const holds = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  const work = (number: number) => () => {
    begun.push(number);
    return holds[number]?.promise ?? Promise.resolve();
  };
  return {
    begun,
    work,
    end: (number: number) => holds[number]?.resolve(),
    fail: (number: number) => holds[number]?.reject(new Error("failed")),
  };
}

test("Turns.run() does as many at a time as it may, and the rest in their order", async () => {
  const turns = new Turns(2);
  const { begun, work, end } = heldWork();
  const done = [0, 1, 2, 3].map((number) => turns.run(work(number)));
  assert.deepEqual([begun, turns.waiting], [[0, 1], 2]);
  end(1);
  await done[1];
  assert.deepEqual([begun, turns.waiting], [[0, 1, 2], 1]);
  for (const number of [0, 2, 3]) end(number);
  await Promise.all(done);
  assert.deepEqual([begun, turns.waiting], [[0, 1, 2, 3], 0]);
});

test("Turns.run() continues after work that failed", async () => {
  const turns = new Turns(1);
  const { begun, work, end, fail } = heldWork();
  const [first, second] = [turns.run(work(0)), turns.run(work(1))];
  fail(0);
  await assert.rejects(first, /failed/);
  end(1);
  await second;
  assert.deepEqual(begun, [0, 1]);
});

test("once() makes the value only at the first call, and says whether it was made", async () => {
  let calls = 0;
  const value = once(async () => ++calls);
  assert.equal(await value.made(), undefined);
  assert.deepEqual([await value.get(), await value.get(), await value.made()], [1, 1, 1]);
  const failing = once(() => Promise.reject(new Error("failed")));
  await assert.rejects(failing.get(), /failed/);
  assert.equal(await failing.made(), undefined);
});
