import assert from "node:assert/strict";
import { test } from "node:test";
import { createChunkCollector } from "../../src/http/collect-chunks.ts";

const MEBIBYTE = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** The most bytes that chunks held at one time while so many bytes arrived and were released. */
function mostHeld(bytes: number, collect: (bytes: number) => void): number {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let come = 0; come < bytes; come += CHUNK_BYTES) {
    Buffer.allocUnsafeSlow(CHUNK_BYTES);
    collect(CHUNK_BYTES);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  return most;
}

test("createChunkCollector() keeps chunks that nobody holds any more from piling up", () => {
  const unbounded = mostHeld(256 * MEBIBYTE, () => {});
  const bounded = mostHeld(256 * MEBIBYTE, createChunkCollector());
  // 12 MiB before the first collection, then 4 before each.
  assert.ok(bounded < 20 * MEBIBYTE, `${bounded} bytes`);
  assert.ok(unbounded > bounded, `${unbounded} bytes without it: it has become needless`);
});
