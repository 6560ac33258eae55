import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { invalidArchive } from "../../src/archive/archive-error.ts";
import { ByteReader } from "../../src/archive/byte-reader.ts";
import { decompressStream } from "../../src/archive/decompress-stream.ts";
import { createInPlaceGunzip } from "../../src/archive/gunzip-in-place.ts";

const PIECE_BYTES = 256 * 1024;
const text = Buffer.from("in the same memory again and again\n".repeat(40_000));
const packed = gzipSync(text);
const exact = gzipSync(Buffer.alloc(2 * PIECE_BYTES, "x"));

test("createInPlaceGunzip() finds what it takes in the Node that the program is built with", () => {
  assert.notEqual(createInPlaceGunzip(), null);
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
  test(`decompressStream() says of ${what} in place what it says otherwise`, async () => {
    for (const size of [bytes.length + 1, 13]) {
      const inPlace = await outcome(bytes, size, true);
      assert.deepEqual(inPlace, await outcome(bytes, size, false));
    }
  });
}

test("decompressStream() unpacks into the same memory when each piece is used up before the next", async () => {
  const memories = new Set<ArrayBufferLike>();
  for await (const piece of decompressStream(chunksOf(packed, 100), "gzip", invalidArchive, { isTransient: true }))
    memories.add(piece.buffer);
  assert.equal(memories.size, 1);
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

async function outcome(bytes: Buffer, size: number, isTransient: boolean): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of decompressStream(chunksOf(bytes, size), "gzip", invalidArchive, { isTransient }))
      parts.push(Buffer.from(part));
  } catch (error) {
    return String(error);
  }
  return Buffer.concat(parts).toString("latin1");
}
