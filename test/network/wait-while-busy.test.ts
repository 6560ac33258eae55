import assert from "node:assert/strict";
import { test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import { waitWhileBusy } from "../../src/network/wait-while-busy.ts";
import { calm } from "../http/local-server.ts";

const busy = () => new PkgError("SERVER_BUSY", "busy", { retryAfterMs: 5000 });

/** Fails with each error in turn, then succeeds; gives the waits too. */
async function run(errors: readonly PkgError[]) {
  const waits: number[] = [];
  const left = [...errors];
  const work = async () => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return "done";
  };
  const sleep = async (ms: number) => void waits.push(ms);
  const policy = { patienceMs: 1000, baseMs: 1, capMs: 1 };
  const value = await waitWhileBusy(work, { policy, signal: calm, random: () => 0, sleep, clock: () => 0 });
  return { value, waits };
}

test("waitWhileBusy() goes on waiting as often as a server says how long", async () => {
  assert.deepEqual(await run([busy(), busy(), busy()]), { value: "done", waits: [5000, 5000, 5000] });
});

test("waitWhileBusy() does not try again after any other failure", async () => {
  for (const error of [new PkgError("SERVER_FAILED", "x"), new PkgError("SERVER_BUSY", "no time")])
    await assert.rejects(run([busy(), error]), (found) => found === error);
});
