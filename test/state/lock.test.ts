import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type LockOptions, tryLock, withLock } from "../../src/state/lock.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { startChild } from "./child-process.ts";

const CHILD = join(import.meta.dirname, "lock-child.ts");

function lockOptions(t: Cleanup, changes: Partial<LockOptions> = {}): LockOptions {
  const path = join(tempDirectory(t), "data/lock.db");
  const { signal } = new AbortController();
  return { path, command: "pkg test", pid: process.pid, signal, onWait: () => {}, ...changes };
}

async function startHolder(t: Cleanup, path: string) {
  const holder = startChild(t, CHILD, [path]);
  assert.equal(await holder.line(), "locked");
  return holder;
}

test("withLock() waits for another process, says who holds the lock, then succeeds", async (t) => {
  const options = lockOptions(t);
  const holder = await startHolder(t, options.path);
  const told: string[] = [];
  const onWait = (text: string) => {
    told.push(text);
    holder.process.stdin.write("free it\n");
  };
  assert.equal(await withLock({ ...options, onWait }, () => "done"), "done");
  assert.deepEqual(told, [`pid ${holder.process.pid} (pkg install trurl)`]);
  assert.equal(await holder.line(), "freed");
});

test("withLock() does not block the event loop while it waits", async (t) => {
  const options = lockOptions(t);
  const holder = await startHolder(t, options.path);
  // Freed by what only runs while the loop turns; were it blocked, the wait would end with LOCKED.
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
    if (turns === 20) holder.process.stdin.write("free it\n");
  }, 5);
  t.after(() => clearInterval(timer));
  assert.equal(await withLock({ ...options, timeoutMs: 10_000 }, () => "done"), "done");
  assert.ok(turns >= 20, `${turns} turns`);
});

test("withLock() names the holder when its time is up", async (t) => {
  const options = lockOptions(t);
  const holder = await startHolder(t, options.path);
  await assert.rejects(
    withLock({ ...options, timeoutMs: 50 }, () => {}),
    { code: "LOCKED", message: new RegExp(`pid ${holder.process.pid} `) },
  );
});

test("withLock() gets the lock of a process that was killed", async (t) => {
  const options = lockOptions(t);
  const holder = await startHolder(t, options.path);
  assert.equal(await tryLock(options, () => "got it"), null);
  holder.process.kill("SIGKILL");
  await holder.ended;
  assert.equal(await tryLock(options, () => "got it"), "got it");
  assert.equal(await withLock(options, () => "again"), "again");
});

test("withLock() throws INTERRUPTED when it is given up", async (t) => {
  const interrupt = new AbortController();
  const options = lockOptions(t, { signal: interrupt.signal, onWait: () => interrupt.abort() });
  await startHolder(t, options.path);
  await assert.rejects(
    withLock(options, () => assert.fail("must not run")),
    { code: "INTERRUPTED" },
  );
});

test("withLock() frees the lock when the work throws", async (t) => {
  const options = lockOptions(t);
  const bug = new Error("in the work");
  await assert.rejects(
    withLock(options, () => {
      throw bug;
    }),
    bug,
  );
  assert.equal(await tryLock(options, () => "free"), "free");
  assert(!existsSync(`${options.path}.holder`));
});

test("withLock() keeps others of the same process out, too", async (t) => {
  const options = lockOptions(t);
  await withLock(options, async () => {
    assert.equal(await tryLock(options, () => "got it"), null);
  });
});

test("withLock() names no process when the holder file is stale or damaged", async (t) => {
  for (const text of [
    '{"pid":999999999,"command":"pkg gone"}',
    "{",
    '{"pid":"1","command":"x"}',
    '{"pid":0,"command":""}',
  ]) {
    const told: string[] = [];
    const interrupt = new AbortController();
    const onWait = (holder: string) => {
      told.push(holder);
      interrupt.abort();
    };
    const options = lockOptions(t, { signal: interrupt.signal, onWait });
    await withLock(options, async () => {
      writeFileSync(`${options.path}.holder`, text);
      await assert.rejects(
        withLock(options, () => {}),
        { code: "INTERRUPTED" },
      );
    });
    assert.deepEqual(told, ["another process"]);
  }
});
