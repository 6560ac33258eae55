import assert from "node:assert/strict";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { PkgError } from "../../src/errors.ts";
import { openContainer } from "../../src/index/container.ts";
import { pack } from "../archive/pack.ts";
import { tempDirectory } from "../support/temp-home.ts";

const JSON_TEXT = JSON.stringify(Array.from({ length: 200 }, (_, index) => ({ index, text: `entry ${index * 7919}` })));
const PLAIN = Buffer.from(JSON_TEXT);
const ZSTD = zstdCompressSync(PLAIN);
const GZIP = gzipSync(PLAIN);
const XZ = pack(PLAIN, "xz");
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);

async function* inChunks(bytes: Buffer, size = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpack(source: AsyncIterable<Uint8Array>, maxBytes = 1e8): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openContainer(source, { maxBytes })) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("openContainer()", () => {
  for (const [name, bytes] of [
    ["bare JSON", PLAIN],
    ["zstd", ZSTD],
    ["gzip", GZIP],
    ["xz", XZ],
  ] as const) {
    for (const size of [1, 3, 1000, bytes.length]) {
      it(`gives the document when ${name} comes ${size} bytes at a time`, async () => {
        assert.equal(await unpack(inChunks(bytes, size)), JSON_TEXT);
      });
    }
  }

  for (const [name, bytes] of [
    [
      "two zstd frames",
      Buffer.concat([zstdCompressSync(half(PLAIN)), zstdCompressSync(PLAIN.subarray(PLAIN.length >> 1))]),
    ],
    ["a byte order mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), PLAIN])],
    ["white space first", Buffer.concat([Buffer.from(" \n\t"), PLAIN])],
  ] as const) {
    it(`passes on ${name}`, async () => assert.ok((await unpack(inChunks(bytes))).endsWith(JSON_TEXT)));
  }

  const refused: readonly (readonly [string, Buffer, RegExp])[] = [
    ["nothing", Buffer.alloc(0), /is empty/],
    ["a web page", Buffer.from("\n<!DOCTYPE html><title>Sign in</title>"), /web page/],
    ["words", Buffer.from("404: not found"), /neither JSON nor zstd, gzip or xz/],
    ["the start of xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0, 0, 0]), /xz data is truncated, damaged/],
    ["truncated xz", half(XZ), /xz data is truncated, damaged/],
    ["xz with bytes after it", Buffer.concat([XZ, Buffer.from("more")]), /xz data is truncated, damaged or followed/],
    ["SQLite", Buffer.from("SQLite format 3\0...."), /SQLite.*not supported/],
    ["packed SQLite", zstdCompressSync(Buffer.from("SQLite format 3\0....")), /SQLite.*not supported/],
    ["truncated zstd", half(ZSTD), /zstd data is truncated or damaged/],
    ["zstd short of a byte", ZSTD.subarray(0, -1), /zstd data is truncated or damaged/],
    ["the magic number of zstd alone", ZSTD.subarray(0, 4), /zstd data is truncated or damaged/],
    ["truncated gzip", half(GZIP), /gzip data is truncated or damaged/],
    ["gzip short of a byte", GZIP.subarray(0, -1), /gzip data is truncated or damaged/],
    ["half zstd, half plain", Buffer.concat([half(ZSTD), half(PLAIN)]), /zstd data/],
    ["half gzip, half plain", Buffer.concat([half(GZIP), half(PLAIN)]), /gzip data/],
    ["zstd with other bytes after it", Buffer.concat([ZSTD, Buffer.from("and more")]), /zstd data is followed/],
    ["gzip with other bytes after it", Buffer.concat([GZIP, Buffer.from("and more")]), /gzip data/],
    ["a changed byte in gzip", flip(GZIP, GZIP.length - 6), /gzip data/],
  ];
  it("refuses zstd with one byte after it from a file, read fast or slowly", async () => {
    const file = join(tempDirectory({ after }), "index.zst");
    writeFileSync(file, Buffer.concat([ZSTD, Buffer.from("x")]));
    for (const pause of [false, true]) {
      const read = async () => {
        for await (const _ of openContainer(createReadStream(file), { maxBytes: 1_000_000 })) {
          if (pause) await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await assert.rejects(read(), { code: "INDEX_INVALID", message: /zstd data is followed by other bytes/ });
    }
  });
  for (const [name, bytes, message] of refused) {
    for (const size of [1, 100_000]) {
      it(`refuses ${name} that comes ${size} bytes at a time`, async () => {
        await assert.rejects(unpack(inChunks(bytes, size)), (error) => {
          assert.ok(error instanceof PkgError);
          assert.equal(error.code, "INDEX_INVALID");
          assert.match(error.message, size === 1 && name.includes("after it") ? /data/ : message);
          return true;
        });
      });
    }
  }

  it("stops at the limit when a small file unpacks to a large one", async () => {
    const bomb = zstdCompressSync(Buffer.alloc(20_000_000, " "));
    assert.ok(bomb.length < 10_000);
    await assert.rejects(unpack(inChunks(bomb), 1_000_000), { code: "INDEX_TOO_LARGE" });
  });

  it("stops at the limit when the document is not packed", async () => {
    await assert.rejects(unpack(inChunks(PLAIN), 1000), { code: "INDEX_TOO_LARGE" });
  });

  for (const [name, bytes] of [
    ["plain", PLAIN],
    ["zstd", ZSTD],
  ] as const) {
    it(`passes on the source's own error when it fails in the middle of ${name}`, async () => {
      const failure = new PkgError("BODY_TRUNCATED", "Cannot download: the connection was lost");
      const source = (async function* () {
        yield bytes.subarray(0, 100);
        throw failure;
      })();
      await assert.rejects(unpack(source), failure);
    });

    it(`closes the source when reading of ${name} is given up`, async () => {
      let closed = false;
      const source = (async function* () {
        try {
          for (;;) yield* inChunks(bytes);
        } finally {
          closed = true;
        }
      })();
      for await (const _ of openContainer(source, { maxBytes: 1e8 })) break;
      await new Promise(setImmediate);
      assert.ok(closed);
    });
  }
});

function flip(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
