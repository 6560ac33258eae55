import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedTask } from "../../src/base/shared-task.ts";
import { hasCode } from "../../src/errors.ts";

function pending(): {
  readonly task: SharedTask<string>;
  readonly finish: (value: string) => void;
  readonly signal: () => AbortSignal | undefined;
} {
  const { promise, resolve } = Promise.withResolvers<string>();
  let given: AbortSignal | undefined;
  const task = new SharedTask((signal) => {
    given = signal;
    return promise;
  });
  return { task, finish: resolve, signal: () => given };
}

const isInterrupted = (error: unknown) => hasCode(error, "INTERRUPTED");

test("join() gives everyone the one result, also later", async () => {
  const { task, finish } = pending();
  const never = new AbortController().signal;
  const both = Promise.all([task.join(never), task.join(never)]);
  finish("x");
  assert.deepEqual(await both, ["x", "x"]);
  assert.equal(await task.join(never), "x");
  assert.equal(task.abandoned, false);
});

test("join() ends for a caller that gives up, and the work continues for those that stay", async () => {
  const { task, finish, signal } = pending();
  const controller = new AbortController();
  const leaving = task.join(controller.signal);
  const staying = task.join(new AbortController().signal);
  controller.abort();
  await assert.rejects(leaving, isInterrupted);
  assert.equal(signal()?.aborted, false);
  finish("x");
  assert.equal(await staying, "x");
});

test("join() ends the work when the last has given up", async () => {
  const { task, signal } = pending();
  const controllers = [new AbortController(), new AbortController()];
  const joined = controllers.map((controller) => assert.rejects(task.join(controller.signal), isInterrupted));
  for (const controller of controllers) controller.abort();
  await Promise.all(joined);
  assert.equal(signal()?.aborted, true);
  assert.equal(task.abandoned, true);
});

test("join() refuses a signal that is aborted already", async () => {
  const { task } = pending();
  await assert.rejects(task.join(AbortSignal.abort()), isInterrupted);
});
