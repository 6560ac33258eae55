import assert from "node:assert/strict";
import { test } from "node:test";
import { giveBack, PIECE_BYTES, Pieces, piecesOf } from "../../src/pour/pieces.ts";

test("piecesOf() fills pieces with what comes in any portions, and uses memory again that was given back", async () => {
  const whole = Buffer.alloc(3 * PIECE_BYTES + 5, "0123456789 ");
  const found: Buffer[] = [];
  const memories = new Set<ArrayBuffer>();
  for await (const piece of piecesOf(chunksOf(whole, 100_003))) {
    found.push(Buffer.from(piece));
    memories.add(piece.buffer);
    giveBack(piece.buffer);
  }
  assert.deepEqual(
    found.map(({ length }) => length),
    [PIECE_BYTES, PIECE_BYTES, PIECE_BYTES, 5],
  );
  assert.ok(Buffer.concat(found).equals(whole));
  assert.ok(memories.size <= 2, `${memories.size} pieces of memory`);
});

test("Pieces.all() gives memory back when a piece was read, and keeps the last piece, which may be looked at again", async () => {
  const given: (number | null)[] = [];
  const pieces = new Pieces((spare) => given.push(spare?.byteLength ?? null));
  pieces.add(new Uint8Array(PIECE_BYTES));
  pieces.add(new Uint8Array(PIECE_BYTES).subarray(0, 7));
  pieces.add(null);
  for await (const piece of pieces.all()) assert.equal(given.length, piece.byteLength === 7 ? 1 : 0);
  assert.deepEqual(given, [PIECE_BYTES, null]);
});

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
