import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { bunzip2 } from "../../src/archive/bunzip2.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { blockOf } from "./bzip2-writer.ts";
import { pack } from "./pack.ts";

const skip = skipWithout("bzip2");

async function unpack(bytes: Buffer, pieceBytes = bytes.length): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return Buffer.concat(await Array.fromAsync(bunzip2(pieces())));
}

/** Random bytes that are always the same. */
function noise(size: number): Buffer {
  let state = 1;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state >>> 16;
  };
  return Buffer.from(Uint8Array.from({ length: size }, next));
}

const SAMPLES: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  "one byte": Buffer.from("a"),
  "runs of every length": Buffer.from(
    Array.from({ length: 600 }, (_, length) => "ab"[length % 2]?.repeat(length) ?? "").join(""),
  ),
  "many zeros": Buffer.alloc(3_000_000),
  noise: noise(1_200_000),
  words: Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index * 7919}\n`).join("")),
};

for (const [what, sample] of Object.entries(SAMPLES)) {
  test(`bunzip2() gives back what bzip2 packed: ${what}`, { skip }, async () => {
    const packed = pack(sample, "bzip2");
    assert.ok((await unpack(packed)).equals(sample));
    assert.ok((await unpack(packed, 1_000)).equals(sample));
    assert.ok((await unpack(Buffer.concat([packed, packed]), 77)).equals(Buffer.concat([sample, sample])));
  });
}

test("bunzip2() reads all block sizes", { skip }, async () => {
  for (const level of ["-1", "-5", "-9"]) {
    const packed = spawnSync("bzip2", ["-c", level], { input: SAMPLES["words"] }).stdout;
    assert.ok((await unpack(packed)).equals(SAMPLES["words"] ?? Buffer.alloc(0)));
  }
});

test("bunzip2() refuses every truncation, and never gives other bytes where one is changed", { skip }, async () => {
  const words = Buffer.from("some words, some more words, and some more");
  const packed = pack(words, "bzip2");
  for (let length = 0; length < packed.length; length += 1) {
    if (length > 0)
      await assert.rejects(
        unpack(packed.subarray(0, length)),
        { message: /truncated|damaged|followed|version/ },
        `${length}`,
      );
    const changed = Buffer.from(packed);
    changed[length] = (changed[length] ?? 0) ^ 0x5a;
    // A code that nothing uses may be any.
    const unpacked = await unpack(changed).catch(() => words);
    assert.deepEqual(unpacked, words, `byte ${length}`);
  }
  await assert.rejects(unpack(Buffer.concat([packed, Buffer.from("more")])), { message: "followed by other bytes" });
});

/** Blocks whose lengths lie. */
const LYING: Readonly<Record<string, Buffer>> = {
  "a run that overflows 32 bits": blockOf([...Array.from({ length: 31 }, () => 0), 1, 2]),
  "a run without an end": blockOf(Array.from({ length: 5_000 }, () => 1)),
  "a run longer than a block": blockOf([...Array.from({ length: 24 }, () => 1), 2]),
  "a start outside of the block": blockOf([0, 2], { start: 900_000 }),
  "fewer selectors than symbols": blockOf(
    Array.from({ length: 200 }, () => 0),
    { selectors: 1 },
  ),
  "no selectors": blockOf([0, 2], { selectors: 0 }),
  "a wrong checksum": blockOf([0, 2]),
};

for (const [what, bytes] of Object.entries(LYING)) {
  test(`bunzip2() ends at ${what}`, async () => {
    await assert.rejects(unpack(bytes), { message: /damaged|truncated/ });
  });
}

test("bunzip2() hands a block on in pieces, however much it unpacks to", { skip }, async () => {
  const packed = pack(Buffer.alloc(60_000_000), "bzip2");
  async function* once(): AsyncGenerator<Uint8Array> {
    yield packed;
  }
  for await (const piece of bunzip2(once())) assert.ok(piece.byteLength <= 256 * 1024);
});
