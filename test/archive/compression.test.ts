import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { setImmediate, setTimeout } from "node:timers/promises";
import { gunzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type Compression, compress, decompress } from "../../src/archive/compression.ts";

/** Compressible text: a little over two of zstd's blocks, and as little as a small directory has. */
const CONTENTS = [600, 40].map((lines) =>
  Buffer.concat(Array.from({ length: lines }, (_, index) => Buffer.alloc(512, `line ${index} `))),
);

type Pace = () => Promise<void>;
const PACES: readonly Pace[] = [
  async () => {},
  async () => setImmediate(),
  // The end comes long after the last chunk.
  async () => setTimeout(1),
];

async function* inPieces(content: Buffer, sizes: readonly number[], pace: Pace): AsyncGenerator<Uint8Array> {
  for (let at = 0, index = 0; at < content.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield content.subarray(at, at + size);
    at += size;
    await pace();
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(source));
}

describe("compress()", () => {
  for (const kind of ["zstd", "gzip"] as const satisfies readonly Compression[]) {
    it(`gives the same bytes of ${kind} however the input comes, and however fast`, async () => {
      for (const content of CONTENTS) {
        const found = new Set<string>();
        for (const sizes of [[content.length], [512], [512, 7000, 9], [65_536]]) {
          for (const pace of PACES) {
            const packed = await collect(compress(inPieces(content, sizes, pace), kind));
            found.add(packed.toString("base64"));
          }
        }
        assert.equal(found.size, 1);
        const [packed = ""] = found;
        const unpack = kind === "zstd" ? zstdDecompressSync : gunzipSync;
        assert.deepEqual(unpack(Buffer.from(packed, "base64")), content);
      }
    });

    it(`fails with what the source failed with, for ${kind}`, async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(100_000, "x");
        throw new Error("the disk is gone");
      }
      await assert.rejects(collect(compress(failing(), kind)), /the disk is gone/);
    });

    it(`ends its source when nobody reads on, for ${kind}`, async () => {
      const ended = Promise.withResolvers<void>();
      async function* endless(): AsyncGenerator<Uint8Array> {
        try {
          for (let index = 0; ; index += 1) yield Buffer.alloc(70_000, String(index));
        } finally {
          ended.resolve();
        }
      }
      for await (const chunk of compress(endless(), kind)) {
        assert.ok(chunk.length > 0);
        break;
      }
      await ended.promise;
    });
  }
});

it("decompress() reads zstd that begins with frames to skip, and says when it would take too much memory or a dictionary", async () => {
  const skipped = Buffer.from("502a4d180400000061626364", "hex");
  const read = async (bytes: Buffer) => Buffer.concat(await Array.fromAsync(decompress(Readable.from([bytes]), 250)));
  assert.equal(String(await read(Buffer.concat([skipped, zstdCompressSync("words"), skipped]))), "words");
  const window = Buffer.from("28b52ffd00a8010000", "hex");
  await assert.rejects(read(window), { code: "ARCHIVE_INVALID", message: /needs more than 128 MiB of memory/ });
  const frame = Buffer.from("KLUv/SfJvqsbElUAAAACPNUAAbfjBwK90JyI", "base64");
  await assert.rejects(read(frame), { code: "ARCHIVE_INVALID", message: /was compressed with a dictionary/ });
});
