import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { HashThread } from "../../src/base/hash-thread.ts";
import {
  createMultiHash,
  type HashAlgorithm,
  type Hashes,
  HashThreadLost,
  type StreamHash,
} from "../../src/base/hashes.ts";
import { hashContent, THREAD_BYTES } from "../../src/base/stream-hash.ts";

const ALGORITHMS: readonly HashAlgorithm[] = ["sha256", "sha512", "blake3", "blake2b512"];
const BYTES = randomBytes(3 * 1024 * 1024 + 5);

function plain(bytes: Uint8Array, algorithms = ALGORITHMS): Hashes {
  const hash = createMultiHash(algorithms);
  hash.update(bytes);
  return hash.digest();
}

/** A thread that does nothing but what `code` does with the first numbers of the ring: given, done. */
function threadThat(code: string): HashThread {
  const start = `const numbers = new Int32Array(require("node:worker_threads").workerData.numbers); ${code}`;
  return new HashThread((workerData) => new Worker(start, { eval: true, execArgv: [], workerData }));
}

function begun(thread: HashThread): StreamHash {
  return thread.begin(ALGORITHMS) ?? assert.fail("the thread takes no stream");
}

/** In chunks that end anywhere, whose memory is used again. */
async function update(hash: StreamHash, bytes: Uint8Array): Promise<void> {
  const chunk = Buffer.alloc(700_000);
  for (let start = 0; start < bytes.byteLength; start += chunk.length) {
    const piece = bytes.subarray(start, start + chunk.length);
    chunk.set(piece);
    await hash.update(chunk.subarray(0, piece.byteLength));
    chunk.fill(0);
  }
}

test("HashThread hashes streams that come at the same time, and goes on after one that is given up", async (t) => {
  const thread = new HashThread();
  t.after(() => thread.end());
  const [first, second, given] = [begun(thread), begun(thread), begun(thread)];
  await Promise.all([update(first, BYTES), update(second, BYTES.subarray(1)), given.update(BYTES.subarray(2))]);
  given.close();
  const third = begun(thread);
  await third.update(BYTES.subarray(0, 10));
  assert.deepEqual(await first.digest(), plain(BYTES));
  assert.deepEqual(await second.digest(), plain(BYTES.subarray(1)));
  assert.deepEqual(await third.digest(), plain(BYTES.subarray(0, 10)));
  assert.deepEqual(await begun(thread).digest(), plain(Buffer.alloc(0)));
});

test("HashThread takes as many streams as there is room for, and no more", async (t) => {
  const thread = new HashThread();
  t.after(() => thread.end());
  const streams = Array.from({ length: 17 }, () => thread.begin(["sha256"]));
  assert.deepEqual(
    streams.map((stream) => stream === null),
    [...Array(16).fill(false), true],
  );
  streams[0]?.close();
  assert.notEqual(thread.begin(["sha256"]), null);
});

test("HashThread hashes on this thread what a thread that cannot start was given", async () => {
  const [few, many] = [begun(threadThat("throw new Error()")), begun(threadThat("throw new Error()"))];
  await few.update(BYTES.subarray(0, 10));
  assert.deepEqual(await few.digest(), plain(BYTES.subarray(0, 10)));
  await update(many, BYTES);
  assert.deepEqual(await many.digest(), plain(BYTES));
});

test("HashThread says that a stream is lost when the thread has ended in the middle of it", async () => {
  const thread = threadThat("Atomics.wait(numbers, 0, 0); Atomics.add(numbers, 1, 1);");
  await assert.rejects(update(begun(thread), BYTES), HashThreadLost);
  assert.equal(thread.begin(ALGORITHMS), null);
});

test("hashContent() makes each hash of large content, wherever it is made, and again when the thread is lost", async () => {
  const bytes = THREAD_BYTES;
  const content = Buffer.alloc(bytes, "content");
  const read = async function* () {
    yield content.subarray(0, 5);
    yield content.subarray(5);
  };
  const { endHashThread } = await import("../../src/base/hash-thread.ts");
  for (const algorithms of [["sha256"], ["sha256", "blake3", "blake2b512"]] as const) {
    assert.deepEqual(await hashContent({ bytes, read }, algorithms), plain(content, algorithms));
  }
  let reads = 0;
  const ending = async function* () {
    yield* read();
    if (reads++ === 0) await endHashThread();
  };
  assert.deepEqual(await hashContent({ bytes, read: ending }, ["sha256"]), plain(content, ["sha256"]));
  assert.equal(reads, 2);
});
