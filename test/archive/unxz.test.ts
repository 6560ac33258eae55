import assert from "node:assert/strict";
import { test } from "node:test";
import { unxz } from "../../src/archive/unxz.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { pack } from "./pack.ts";

const skip = skipWithout("xz");
const STREAM_BYTES = 16 * 1024 * 1024;
const STREAMS = 16;

test("unxz() holds little in memory, however much comes out of few bytes", { skip }, async () => {
  const packed = pack(Buffer.alloc(STREAM_BYTES), "xz");
  let [bytes, largest] = [0, 0];
  for await (const chunk of unxz(repeated(packed, STREAMS))) {
    bytes += chunk.byteLength;
    largest = Math.max(largest, chunk.byteLength);
  }
  assert.equal(bytes, STREAMS * STREAM_BYTES);
  assert.ok(largest <= 1024 * 1024, `${largest} bytes at once`);
});

test("unxz() closes its source when its reader stops, and passes on why the source failed", { skip }, async () => {
  let isClosed = false;
  async function* source(end: () => void): AsyncGenerator<Uint8Array> {
    try {
      yield* repeated(pack(Buffer.alloc(STREAM_BYTES), "xz"), 2);
      end();
    } finally {
      isClosed = true;
    }
  }
  for await (const _first of unxz(source(() => {}))) break;
  assert.ok(isClosed);
  const failure = new Error("the disk is gone");
  const read = async () => {
    for await (const _chunk of unxz(
      source(() => {
        throw failure;
      }),
    ));
  };
  await assert.rejects(read, (error) => error === failure);
});

async function* repeated(bytes: Buffer, times: number): AsyncGenerator<Uint8Array> {
  for (let time = 0; time < times; time += 1) yield bytes;
}
