import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { invalidArchive } from "../../src/archive/archive-error.ts";
import { type ByteInput, ByteReader } from "../../src/archive/byte-reader.ts";
import { decompressStream } from "../../src/archive/decompress-stream.ts";
import { gunzipInPlace } from "../../src/archive/gunzip-in-place.ts";

const PIECE_BYTES = 64 * 1024;
const MAX_RATIO = 1_000_000;
const text = Buffer.from("in the same memory again and again\n".repeat(40_000));
const packed = gzipSync(text);
const exact = gzipSync(Buffer.alloc(2 * PIECE_BYTES, "x"));

test("gunzipInPlace() finds what it takes in the Node that the program is built with", () => {
  assert.notEqual(gunzipInPlace(chunksOf(packed, 100), { maxRatio: MAX_RATIO }), null);
});

for (const [what, bytes] of [
  ["one member", packed],
  ["two members", Buffer.concat([packed, exact])],
  ["an empty member before another", Buffer.concat([gzipSync(""), packed])],
  ["a member that fills the last piece", exact],
  ["nothing", Buffer.alloc(0)],
  ["a member that is cut off", packed.subarray(0, -9)],
  ["a member without its sums", packed.subarray(0, -8)],
  ["a second member that is cut off", Buffer.concat([exact, packed.subarray(0, 100)])],
  ["half a header behind a member", Buffer.concat([exact, packed.subarray(0, 5)])],
  ["a wrong sum", Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 1)])],
  ["zeros behind the end", Buffer.concat([packed, Buffer.alloc(512)])],
  ["other bytes behind the end", Buffer.concat([packed, Buffer.from("something else")])],
  ["one byte behind the end", Buffer.concat([packed, Buffer.from([0x1f])])],
  ["no gzip at all", Buffer.from("something else altogether")],
  ["damage in the middle", Buffer.concat([packed.subarray(0, 40), Buffer.alloc(40), packed.subarray(80)])],
] as const) {
  test(`gunzipInPlace() says of ${what} what decompressStream() says`, async () => {
    for (const size of [bytes.length + 1, 13]) {
      const expected = await outcome(decompressStream(chunksOf(bytes, size), "gzip", invalidArchive));
      for (const wanted of [Number.POSITIVE_INFINITY, 1_000_003, 700])
        assert.equal(await outcome(inPlace(bytes, size, wanted)), expected);
    }
  });
}

test("gunzipInPlace() unpacks into the same memory again and again, and gives it in one piece, whatever was asked for before", async () => {
  const content = Buffer.concat(Array.from({ length: 40 }, (_, index) => Buffer.alloc(200_000, `${index} `)));
  const reader = opened(gzipSync(content), 1000);
  const memories = new Set<ArrayBufferLike>();
  let at = 0;
  for (const size of [512, 300_000, 3, 64 * 1024, 2_000_000, 512, 512 * 1024, 1_500_000, 100_000, 1_900_000, 8, 9]) {
    const bytes = await reader.read(size);
    assert(bytes.equals(content.subarray(at, at + size)), `${size} bytes at ${at}`);
    memories.add(bytes.buffer);
    at += size;
  }
  assert.equal(memories.size, 2);
  assert.equal((await reader.read(content.length)).length, content.length - at);
});

test("gunzipInPlace() refuses what grows more than it may, and closes its source", async () => {
  const zeros = gzipSync(Buffer.alloc(1024 * 1024));
  let isClosed = false;
  async function* source() {
    try {
      for (let count = 0; count < 140; count += 1) yield zeros;
    } finally {
      isClosed = true;
    }
  }
  const reader = gunzipInPlace(source(), { maxRatio: 100 });
  assert(reader);
  await assert.rejects(
    Array.fromAsync(reader.stream(Number.POSITIVE_INFINITY), ({ length }) => length),
    {
      code: "ARCHIVE_INVALID",
      message: /it grows to more than 100 times its size/,
    },
  );
  await reader.close();
  assert(isClosed);
});

test("ByteReader.read() keeps what it has read when the source puts its next chunk into the same memory", async () => {
  const memory = Buffer.alloc(4);
  async function* source() {
    for (const word of ["abcd", "efgh", "ijkl"]) {
      memory.write(word);
      yield memory;
    }
  }
  const reader = new ByteReader(source());
  assert.equal((await reader.read(1)).toString(), "a");
  assert.equal((await reader.read(9)).toString(), "bcdefghij");
  assert.equal((await reader.read(9)).toString(), "kl");
});

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function opened(bytes: Buffer, size: number): ByteInput {
  const reader = gunzipInPlace(chunksOf(bytes, size), { maxRatio: MAX_RATIO });
  assert(reader);
  return reader;
}

/** All of it, so much at a time. */
async function* inPlace(bytes: Buffer, size: number, wanted: number): AsyncGenerator<Uint8Array> {
  const reader = opened(bytes, size);
  if (wanted === Number.POSITIVE_INFINITY) return yield* reader.stream(wanted);
  for (let part = await reader.read(wanted); part.length > 0; part = await reader.read(wanted)) yield part;
}

async function outcome(unpacked: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of unpacked) parts.push(Buffer.from(part));
  } catch (error) {
    return String(error);
  }
  return Buffer.concat(parts).toString("latin1");
}
