import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readPieces } from "../../src/fs/read-pieces.ts";
import { tempDirectory } from "../support/temp-home.ts";

const SIGNAL = new AbortController().signal;
const CONTENT = randomBytes(2_000_000);

test("readPieces() reads from any offset, and leaves a piece as it is until the one after the next is requested", async (t) => {
  const path = join(tempDirectory(t), "file");
  writeFileSync(path, CONTENT);
  const handle = await open(path);
  t.after(() => handle.close());
  for (const start of [0, 1, 1_000_000, CONTENT.length, CONTENT.length + 1]) {
    let position = start;
    let previous: Buffer = Buffer.alloc(0);
    for await (const piece of readPieces(handle, path, SIGNAL, start)) {
      // By the end of a read that began later, what was read ahead has arrived too.
      await handle.read(Buffer.alloc(1), 0, 1, 0);
      const both = Buffer.concat([previous, piece]);
      assert.equal(both.compare(CONTENT, position - previous.length, position + piece.length), 0);
      position += piece.length;
      previous = piece;
    }
    assert.equal(position, Math.max(start, CONTENT.length));
  }
});

test("readPieces() fills each piece but the last, however little a read gives", async (t) => {
  const path = join(tempDirectory(t), "file");
  writeFileSync(path, CONTENT);
  const handle = await open(path);
  t.after(() => handle.close());
  const whole = handle.read.bind(handle) as (...args: readonly unknown[]) => Promise<unknown>;
  t.mock.method(handle, "read", (buffer: Buffer, at: number, length: number, position: number) =>
    whole(buffer, at, Math.min(length, 100_000), position),
  );
  const lengths: number[] = [];
  for await (const piece of readPieces(handle, path, SIGNAL)) lengths.push(piece.length);
  assert.equal(new Set(lengths.slice(0, -1)).size, 1);
  assert.equal(
    lengths.reduce((sum, length) => sum + length, 0),
    CONTENT.length,
  );
});
