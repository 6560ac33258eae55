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

test("ByteBudget.run() lets the next one in once the work before it holds nothing any more", async () => {
  const budget = new ByteBudget(1);
  const end = Promise.withResolvers<void>();
  const first = budget.run(1, (release) => {
    release();
    release();
    return end.promise;
  });
  let [running, most] = [0, 0];
  const others = ["second", "third"].map((name) =>
    budget.run(1, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return name;
    }),
  );
  assert.deepEqual(await Promise.all(others), ["second", "third"]);
  assert.equal(most, 1, "what is released twice counts once");
  end.resolve();
  await first;
});
