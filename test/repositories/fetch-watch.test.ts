import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { DEFAULT_RETRY_POLICY } from "../../src/base/retry.ts";
import { PkgError } from "../../src/errors.ts";
import { createFetchWatch, type FetchWatch, syncPatience } from "../../src/repositories/fetch-watch.ts";

const PATIENCE = { answerMs: 10_000, progressMs: 15_000, attempts: 1, askedMs: 60_000 };

/** Work that goes on until it is given up, and the watch over it. */
function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const watch = createFetchWatch(new AbortController().signal, PATIENCE, 'sync "tools"');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  watch.signal.addEventListener("abort", () => reject(new Error("aborted")));
  const result = watch
    .during(() => promise)
    .then(
      () => "done",
      (error: Error) => error.message,
    );
  const after = async (ms: number) => {
    t.mock.timers.tick(ms);
    await setImmediate();
  };
  return { watch, resolve, result, after };
}

const CASES: Readonly<
  Record<
    string,
    { readonly told: (watch: FetchWatch) => void; readonly waits: readonly number[]; readonly message: string }
  >
> = {
  "without an answer": { told: () => {}, waits: [9_999, 1], message: "no answer within 10 s" },
  "that only says what an earlier run left": {
    told: (watch) => watch.received(100_000),
    waits: [10_000],
    message: "no answer within 10 s",
  },
  "that falls silent after its answer": {
    told: (watch) => watch.answered(),
    waits: [14_999, 1],
    message: "it sent next to nothing for 15 s",
  },
  "that trickles": {
    told: (watch) => {
      watch.answered();
      for (let bytes = 0; bytes < 15_000; bytes += 1000) watch.received(bytes);
    },
    waits: [15_000],
    message: "it sent next to nothing for 15 s",
  },
};

for (const [what, { told, waits, message }] of Object.entries(CASES)) {
  test(`FetchWatch.during() gives up on a server ${what}`, async (t) => {
    const { watch, result, after } = watched(t);
    told(watch);
    for (const ms of waits) {
      assert.equal(watch.signal.aborted, false);
      await after(ms);
    }
    assert.equal(await result, `Cannot sync "tools": ${message}`);
  });
}

test("FetchWatch.during() waits as long as there is progress, and not when nothing is under way", async (t) => {
  const { watch, resolve, result, after } = watched(t);
  for (let bytes = 0; bytes <= 10 * 16_000; bytes += 16_000) {
    watch.received(bytes);
    await after(9_000);
  }
  resolve();
  assert.equal(await result, "done");
  await after(1_000_000);
  assert.equal(watch.signal.aborted, false);
});

test("FetchWatch.during() says why the last try failed, if one had, and waits as long as the server asks", async (t) => {
  const { watch, result, after } = watched(t);
  watch.failed(new PkgError("SERVER_BUSY", "It answered 429", { retryAfterMs: 30_000 }), 31_000);
  await after(40_000);
  assert.equal(watch.signal.aborted, false);
  watch.failed(new PkgError("SERVER_BUSY", "It answered 429 again", { retryAfterMs: 30_000 }), 31_000);
  await after(10_000);
  assert.equal(await result, "It answered 429 again");
});

test("syncPatience() bounds what an explicit sync waits, but not below what a person asks for", () => {
  const waits = [1000, 60_000, 300_000].map(
    (patienceMs) => syncPatience({ ...DEFAULT_RETRY_POLICY, patienceMs }).progressMs,
  );
  assert.deepEqual(waits, [30_000, 30_000, 300_000]);
});
