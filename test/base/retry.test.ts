import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_RETRY_POLICY, retry, sleep } from "../../src/base/retry.ts";
import { type ErrorCode, PkgError } from "../../src/errors.ts";

const { signal } = new AbortController();

/** Options whose sleep only notes the waits. */
function noting(random: number, waits: number[] = []) {
  const sleepNoting = async (ms: number) => void waits.push(ms);
  return { policy: DEFAULT_RETRY_POLICY, signal, random: () => random, sleep: sleepNoting, clock: () => 0, waits };
}

function failing(code: ErrorCode, retryAfterMs?: number) {
  return new PkgError(code, `Cannot go on: "${code}"`, retryAfterMs === undefined ? {} : { retryAfterMs });
}

for (const code of ["NETWORK_FAILED", "NETWORK_TIMEOUT", "SERVER_BUSY", "SERVER_FAILED", "BODY_TRUNCATED"] as const) {
  test(`retry() tries for a minute on ${code} and then throws it`, async () => {
    const options = noting(0.5);
    const attempts: number[] = [];
    const work = async (attempt: number) => {
      attempts.push(attempt);
      throw failing(code);
    };
    await assert.rejects(retry(work, options), { code });
    assert.deepEqual(options.waits, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000, 7300]);
    assert.deepEqual(
      attempts,
      [...options.waits.keys(), 12].map((tries) => tries + 1),
    );
  });
}

for (const code of [
  "HTTP_UNAUTHORIZED",
  "HTTP_FORBIDDEN",
  "HTTP_NOT_FOUND",
  "DIGEST_MISMATCH",
  "TLS_UNTRUSTED",
] as const) {
  test(`retry() throws ${code} without retrying`, async () => {
    let attempts = 0;
    const work = async () => {
      attempts += 1;
      throw failing(code);
    };
    await assert.rejects(retry(work, noting(0.5)), { code });
    assert.equal(attempts, 1);
  });
}

test("retry() throws anything but a PkgError without retrying", async () => {
  let attempts = 0;
  const work = async () => {
    attempts += 1;
    throw new TypeError("a bug");
  };
  await assert.rejects(retry(work, noting(0.5)), TypeError);
  assert.equal(attempts, 1);
});

test("retry() returns what the first success returns", async () => {
  const options = noting(0.5);
  const work = async (attempt: number) => {
    if (attempt < 3) throw failing("NETWORK_FAILED");
    return `attempt ${attempt}`;
  };
  assert.equal(await retry(work, options), "attempt 3");
  assert.equal(options.waits.length, 2);
});

test("retry() draws its waits from the whole of [0, base doubled each time), capped", async () => {
  const policy = { attempts: 6, patienceMs: 60_000, baseMs: 100, capMs: 450 };
  const waitsFor = async (random: number) => {
    const options = { ...noting(random), policy };
    await assert.rejects(
      retry(() => Promise.reject(failing("SERVER_FAILED")), options),
      { code: "SERVER_FAILED" },
    );
    return options.waits;
  };
  assert.deepEqual(await waitsFor(0), [0, 0, 0, 0, 0]);
  assert.deepEqual(await waitsFor(0.5), [50, 100, 200, 225, 225]);
  assert.deepEqual(
    (await waitsFor(0.999)).map((ms) => Math.round(ms)),
    [100, 200, 400, 450, 450],
  );
});

test("retry() waits at least as long as the server asked for", async () => {
  const options = noting(0.25);
  const work = async (attempt: number) => {
    if (attempt === 1) throw failing("SERVER_BUSY", 7_000);
  };
  await retry(work, options);
  assert.deepEqual(options.waits, [7_050]);
});

test("retry() gives up when the server asks for more than a minute", async () => {
  const options = noting(0.5);
  const work = () => Promise.reject(failing("SERVER_BUSY", 60_001));
  await assert.rejects(retry(work, options), { code: "SERVER_BUSY", retryAfterMs: 60_001 });
  assert.deepEqual(options.waits, []);
});

test("retry() reports each retry with its error and wait", async () => {
  const told: [string, number][] = [];
  const onRetry = (error: PkgError, waitMs: number) => void told.push([error.code, waitMs]);
  const work = async (attempt: number) => {
    if (attempt === 1) throw failing("NETWORK_TIMEOUT");
  };
  await retry(work, { ...noting(0.5), onRetry });
  assert.deepEqual(told, [["NETWORK_TIMEOUT", 100]]);
});

test("retry() does no work when the signal is aborted already", async () => {
  let attempts = 0;
  const work = async () => {
    attempts += 1;
  };
  await assert.rejects(retry(work, { ...noting(0.5), signal: AbortSignal.abort() }), { code: "INTERRUPTED" });
  assert.equal(attempts, 0);
});

test("retry() ends with INTERRUPTED when the work fails after an abort", async () => {
  const abort = new AbortController();
  const options = { ...noting(0.5), signal: abort.signal };
  const work = async () => {
    abort.abort();
    throw failing("NETWORK_FAILED");
  };
  await assert.rejects(retry(work, options), { code: "INTERRUPTED" });
  assert.deepEqual(options.waits, []);
});

test("retry() ends its wait with INTERRUPTED when the signal is aborted", async () => {
  const abort = new AbortController();
  const policy = { attempts: 2, patienceMs: 3_600_000, baseMs: 3_600_000, capMs: 3_600_000 };
  const onRetry = () => setImmediate(() => abort.abort());
  const work = () => Promise.reject(failing("NETWORK_FAILED"));
  const options = { policy, signal: abort.signal, random: () => 0.99, sleep, onRetry };
  await assert.rejects(retry(work, options), { code: "INTERRUPTED" });
});

test("retry() counts the time that the tries take", async () => {
  let nowMs = 0;
  const options = { ...noting(0.5), clock: () => nowMs };
  let attempts = 0;
  const work = async () => {
    attempts += 1;
    nowMs += 30_000;
    throw failing("NETWORK_TIMEOUT");
  };
  await assert.rejects(retry(work, options), { code: "NETWORK_TIMEOUT" });
  assert.equal(attempts, 2);
});

test("retry() starts counting time and attempts again after progress", async () => {
  const options = { ...noting(0.5), policy: { ...DEFAULT_RETRY_POLICY, attempts: 2 } };
  const work = async (attempt: number, progress: () => void) => {
    if (attempt < 9) progress();
    throw failing("BODY_TRUNCATED");
  };
  await assert.rejects(retry(work, options), { code: "BODY_TRUNCATED" });
  assert.deepEqual(options.waits, Array(8).fill(100));
});

test("retry() tries once when it is to be patient for no time at all", async () => {
  const options = { ...noting(0.5), policy: { ...DEFAULT_RETRY_POLICY, patienceMs: 0 } };
  await assert.rejects(
    retry(() => Promise.reject(failing("SERVER_BUSY", 1000)), options),
    { code: "SERVER_BUSY" },
  );
  assert.deepEqual(options.waits, []);
});

test("retry() waits as long as the server asks for even when the time would be up", async () => {
  const options = noting(0.5);
  const work = async (attempt: number) => {
    if (attempt < 3) throw failing("SERVER_BUSY", 45_000);
  };
  await retry(work, options);
  assert.deepEqual(options.waits, [45_100, 45_000]);
});

test("retry() goes on while every step is asked to wait, for ten minutes of such waits", async () => {
  const steps = noting(0.5);
  const work = async (attempt: number) => {
    if (attempt <= 15) throw failing("SERVER_BUSY", 30_000);
  };
  await retry(work, steps);
  assert.equal(steps.waits.length, 15);
  const endless = noting(0.5);
  const busy = () => Promise.reject(failing("SERVER_BUSY", 60_000));
  await assert.rejects(retry(busy, endless), { code: "SERVER_BUSY" });
  assert.equal(endless.waits.length, 10);
});

test("retry() counts waits of less than a second that a server asks for as its own", async () => {
  const options = noting(0.5);
  await assert.rejects(
    retry(() => Promise.reject(failing("SERVER_BUSY", 10)), options),
    { code: "SERVER_BUSY" },
  );
  const total = options.waits.reduce((sum, wait) => sum + wait, 0);
  assert.ok(total >= 60_000 && total <= 60_100, String(total));
  assert.ok(options.waits.length < 20);
});
