import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import type { BlobPosition, Source } from "../../src/oci/content.ts";
import { verifiedBlob } from "../../src/oci/verified-blob.ts";
import { memoryRepository } from "../../src/oci-layout/memory.ts";
import { calm, chunks, collect, digestOf, RETRY, upload } from "./sample-graph.ts";

const BYTES = Buffer.from(Array.from({ length: 1000 }, (_, position) => position % 251));
const ADDRESS = { digest: digestOf(BYTES), size: BYTES.length };

interface Step {
  /** Bytes of this stream; from its beginning. */
  readonly gives: number;
  readonly fails?: ErrorCode;
  /** Begins at 0, whatever offset is requested. */
  readonly ignoresOffset?: boolean;
  readonly bytes?: Buffer;
  readonly size?: number | null;
}

/** A source whose streams are `steps`, one after the other; records the offset requested for each. */
function scripted(steps: readonly Step[]) {
  const asked: BlobPosition[] = [];
  let closed = 0;
  const openBlob: Source["openBlob"] = async (_blob, position) => {
    const step = steps[asked.length];
    asked.push(position);
    if (step === undefined) throw new Error("one stream too many");
    const offset = step.ignoresOffset ? 0 : position.offset;
    const body = async function* () {
      try {
        yield* chunks((step.bytes ?? BYTES).subarray(offset, offset + step.gives), 100);
        if (step.fails !== undefined) throw new PkgError(step.fails, "cut");
      } finally {
        closed += 1;
      }
    };
    return {
      offset,
      size: step.size === undefined ? BYTES.length : step.size,
      validator: `"${asked.length}"`,
      body: body(),
    };
  };
  // A registry is not a local place.
  const { isLocal: _, ...repository } = memoryRepository();
  return { source: { ...repository, openBlob }, asked, closed: () => closed };
}

const options = { retry: RETRY, signal: calm };
const code =
  (...codes: readonly ErrorCode[]) =>
  (error: unknown) =>
    hasCode(error, ...codes);

test("verifiedBlob() resumes where a stream broke off, with its validator", async () => {
  const { source, asked } = scripted([
    { gives: 300, fails: "NETWORK_FAILED" },
    { gives: 200 },
    { gives: 1000, ignoresOffset: true },
  ]);
  assert.deepEqual(await collect(verifiedBlob(source, ADDRESS, options)), BYTES);
  assert.deepEqual(asked, [
    { offset: 0, validator: null },
    { offset: 300, validator: '"1"' },
    { offset: 500, validator: '"2"' },
  ]);
});

test("verifiedBlob() holds the last chunk back when the bytes are others", async () => {
  const other = Buffer.from(BYTES);
  other[0] = 99;
  const { source } = scripted([{ gives: 1000, bytes: other }]);
  const got: Uint8Array[] = [];
  const read = async () => {
    for await (const chunk of verifiedBlob(source, ADDRESS, options)) got.push(chunk);
  };
  await assert.rejects(read(), code("DIGEST_MISMATCH"));
  assert.equal(Buffer.concat(got).length, 900);
});

test("verifiedBlob() refuses more bytes than the blob has, and fewer when the stream ends", async () => {
  const { source } = scripted([{ gives: 1100, bytes: Buffer.alloc(1100) }]);
  await assert.rejects(collect(verifiedBlob(source, ADDRESS, options)), code("SIZE_MISMATCH"));
  const short = scripted([1, 2, 3, 4].map(() => ({ gives: 100 })));
  await assert.rejects(collect(verifiedBlob(short.source, ADDRESS, options)), code("BODY_TRUNCATED"));
  assert.equal(short.asked.length, 4);
});

test("verifiedBlob() takes the size from the source if none is known", async () => {
  const { source, asked } = scripted([{ gives: 300 }, { gives: 700 }]);
  assert.deepEqual(await collect(verifiedBlob(source, { ...ADDRESS, size: null }, options)), BYTES);
  assert.equal(asked.length, 2);
  const unknown = scripted([{ gives: 300, size: null }]);
  await assert.rejects(
    collect(verifiedBlob(unknown.source, { ...ADDRESS, size: null }, options)),
    code("DIGEST_MISMATCH"),
  );
});

test("verifiedBlob() does not try again what no other try can change", async () => {
  const { source, asked } = scripted([{ gives: 100, fails: "HTTP_FORBIDDEN" }]);
  await assert.rejects(collect(verifiedBlob(source, ADDRESS, options)), code("HTTP_FORBIDDEN"));
  assert.equal(asked.length, 1);
});

test("verifiedBlob() from an offset asks a registry for the rest, and checks the size of that", async () => {
  const { source, asked } = scripted([{ gives: 600 }]);
  assert.deepEqual(await collect(verifiedBlob(source, ADDRESS, { ...options, offset: 400 })), BYTES.subarray(400));
  assert.equal(asked[0]?.offset, 400);
  const whole = scripted([{ gives: 1000, ignoresOffset: true }]);
  assert.deepEqual(
    await collect(verifiedBlob(whole.source, ADDRESS, { ...options, offset: 950 })),
    BYTES.subarray(950),
  );
});

test("verifiedBlob() from an offset hashes the whole of a source at hand", async () => {
  const source = memoryRepository();
  await source.pushBlob(upload(BYTES), calm);
  assert.deepEqual(await collect(verifiedBlob(source, ADDRESS, { ...options, offset: 400 })), BYTES.subarray(400));
  const forged: Source = {
    ...source,
    openBlob: async (blob, position, signal) => {
      const stream = await source.openBlob(blob, position, signal);
      const body = async function* () {
        for await (const chunk of stream.body) yield Buffer.from(chunk).fill(0, 0, 10);
      };
      return { ...stream, body: body() };
    },
  };
  const got: Uint8Array[] = [];
  const read = async () => {
    for await (const chunk of verifiedBlob(forged, ADDRESS, { ...options, offset: 400 })) got.push(chunk);
  };
  await assert.rejects(read(), code("DIGEST_MISMATCH"));
  assert.equal(got.length, 0);
});

test("verifiedBlob() ends the stream when its reader stops", async () => {
  const { source, closed } = scripted([{ gives: 1000 }]);
  for await (const _chunk of verifiedBlob(source, ADDRESS, options)) break;
  assert.equal(closed(), 1);
});

test("verifiedBlob() reads an empty blob", async () => {
  const source = memoryRepository();
  const empty = Buffer.alloc(0);
  await source.pushBlob(upload(empty), calm);
  assert.deepEqual(await collect(verifiedBlob(source, { digest: digestOf(empty), size: 0 }, options)), empty);
});

test("verifiedBlob() resets the count of attempts after enough progress", async () => {
  const large = Buffer.alloc(8 * 1024 * 1024, "0123456");
  const address = { digest: digestOf(large), size: large.length };
  const part = 1024 * 1024 + 100;
  const steps = Array.from({ length: 8 }, () => ({ gives: part, fails: "NETWORK_FAILED", bytes: large }) as const);
  const { source, asked } = scripted(steps);
  assert.equal((await collect(verifiedBlob(source, address, options))).compare(large), 0);
  assert.equal(asked.length, 8);
});

test("verifiedBlob() gives the right bytes of a source that uses one buffer for all chunks", async () => {
  for (const size of [BYTES.length, null]) {
    const openBlob: Source["openBlob"] = async () => ({ offset: 0, size, validator: null, body: inOneBuffer() });
    const source = { ...memoryRepository(), openBlob };
    const got: Buffer[] = [];
    for await (const chunk of verifiedBlob(source, { ...ADDRESS, size }, options)) got.push(Buffer.from(chunk));
    assert.deepEqual(Buffer.concat(got), BYTES);
  }
});

async function* inOneBuffer(): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(100);
  for (let start = 0; start < BYTES.length; start += 100) {
    BYTES.copy(buffer, 0, start, start + 100);
    yield buffer;
  }
  // What is read ahead comes into the same memory, also after the last chunk.
  buffer.fill(0);
}

test("verifiedBlob() gives up on a source that gets a few bytes further at each try", async () => {
  const steps = Array.from({ length: 100 }, () => ({ gives: 1, fails: "NETWORK_FAILED" }) as const);
  const { source, asked } = scripted(steps);
  const patient = { policy: { patienceMs: 60_000, baseMs: 200, capMs: 20_000 }, random: () => 0.5, clock: () => 0 };
  const retry = { ...patient, sleep: async () => {} };
  await assert.rejects(collect(verifiedBlob(source, ADDRESS, { ...options, retry })), code("NETWORK_FAILED"));
  assert.equal(asked.length, 13);
});

test("verifiedBlob() gives up on a source that starts over without getting further", async () => {
  const large = Buffer.alloc(1024 * 1024, "0123456");
  const address = { digest: digestOf(large), size: large.length };
  const step = { gives: 300_000, fails: "NETWORK_FAILED", ignoresOffset: true, bytes: large } as const;
  const { source, asked } = scripted(Array.from({ length: 10 }, () => step));
  await assert.rejects(collect(verifiedBlob(source, address, options)), code("NETWORK_FAILED"));
  // The first one made progress until it failed; it counts as the first of the four attempts without progress.
  assert.equal(asked.length, 4);
});
