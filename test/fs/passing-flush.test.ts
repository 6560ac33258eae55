import assert from "node:assert/strict";
import { test } from "node:test";
import { PassingFlush } from "../../src/fs/passing-flush.ts";

const MIB = 1024 * 1024;

test("PassingFlush flushes every 64 MiB, once at a time", async () => {
  const ends: (() => void)[] = [];
  const flush = new PassingFlush(() => new Promise((end) => ends.push(end)));
  for (let bytes = 0; bytes < 200; bytes += 20) flush.note(20 * MIB);
  assert.equal(ends.length, 1);
  ends[0]?.();
  await flush.finish();
  flush.note(MIB);
  assert.equal(ends.length, 2);
  ends[1]?.();
  await flush.settle();
});

test("PassingFlush.finish() throws what failed in between, however often something succeeded since", async () => {
  let fails = true;
  const flush = new PassingFlush(async () => {
    if (fails) throw new Error("EIO");
  });
  flush.note(64 * MIB);
  await flush.settle();
  fails = false;
  flush.note(64 * MIB);
  await assert.rejects(flush.finish(), /EIO/);
  await flush.settle();
});
