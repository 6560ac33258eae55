import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteBudget } from "../../src/base/byte-budget.ts";

test("ByteBudget.run() holds no more than its limit at a time, in the order of the calls", async () => {
  const budget = new ByteBudget(10);
  let [held, most] = [0, 0];
  const order: number[] = [];
  const work = (bytes: number) =>
    budget.run(bytes, async () => {
      order.push(bytes);
      held += Math.min(bytes, 10);
      most = Math.max(most, held);
      await new Promise(setImmediate);
      held -= Math.min(bytes, 10);
    });
  await Promise.all([4, 6, 3, 100, 1, 9].map(work));
  assert.deepEqual([order, most, held], [[4, 6, 3, 100, 1, 9], 10, 0]);
});

test("ByteBudget.run() lets the next one in when the work before it failed", async () => {
  const budget = new ByteBudget(1);
  const failed = budget.run(1, () => Promise.reject(new Error("no")));
  const next = budget.run(1, async () => "yes");
  await assert.rejects(failed, /no/);
  assert.equal(await next, "yes");
});
