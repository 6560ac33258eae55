import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { PkgError } from "../../src/errors.ts";
import type { BlobUpload } from "../../src/oci/content.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { UploadFeed } from "../../src/registry-client/upload-feed.ts";

const calm = new AbortController().signal;

function blobOf(text: string, open: BlobUpload["open"]): BlobUpload {
  return { digest: parseDigest(`sha256:${"0".repeat(64)}`), size: text.length, open, mountFrom: null };
}

async function* partsOf(text: string, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += length) yield Buffer.from(text.slice(at, at + length));
}

async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(parts)).toString();
}

suite("UploadFeed", { timeout: 120_000 }, () => {
  test("piece() gives one piece after the other out of one reading of the source", async () => {
    const opened: number[] = [];
    const feed = new UploadFeed(
      blobOf("abcdefghij", async (offset) => {
        opened.push(offset);
        return partsOf("abcdefghij".slice(offset), 3);
      }),
      calm,
    );
    assert.equal(await textOf(feed.piece(0, 4).open()), "abcd");
    assert.equal(await textOf(feed.piece(4, 4).open()), "efgh");
    assert.equal(await textOf(feed.piece(8, 2).open()), "ij");
    assert.deepEqual(opened, [0]);
    assert.equal(feed.bytesSent, 10);
  });

  test("piece() reads the source again if a piece other than the next is wanted", async () => {
    const opened: number[] = [];
    const feed = new UploadFeed(
      blobOf("abcdefghij", async (offset) => {
        opened.push(offset);
        return partsOf("abcdefghij".slice(offset), 3);
      }),
      calm,
    );
    assert.equal(await textOf(feed.piece(0, 4).open()), "abcd");
    assert.equal(await textOf(feed.piece(2, 8).open()), "cdefghij");
    assert.deepEqual(opened, [0, 2]);
  });

  test("piece() returns the whole if the previous read still waits for its first bytes", async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    async function* gated(): AsyncGenerator<Buffer> {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      yield* partsOf("abcdef", 4);
    }
    const feed = new UploadFeed(
      blobOf("abcdef", async () => gated()),
      calm,
    );
    // Refused before the source gave anything, and sent again with a token.
    const first = feed.piece(0, 6).open()[Symbol.asyncIterator]();
    const early = first.next();
    while (gates.length < 1) await Promise.resolve();
    const second = textOf(feed.piece(0, 6).open());
    gates[0]?.resolve();
    while (gates.length < 2) await Promise.resolve();
    gates[1]?.resolve();
    assert.equal(await second, "abcdef");
    assert.deepEqual(await early, { done: true, value: undefined });
    assert.equal(feed.bytesSent, 6);
    assert.equal(feed.failure, null);
  });

  test("piece() keeps to itself what a reading that was given up fails with", async () => {
    const gate = Promise.withResolvers<void>();
    let opened = 0;
    const feed = new UploadFeed(
      blobOf("abcdef", async () => {
        opened += 1;
        if (opened > 1) return partsOf("abcdef", 4);
        return (async function* () {
          await gate.promise;
          yield Buffer.from("ab");
        })();
      }),
      calm,
    );
    const early = feed.piece(0, 6).open()[Symbol.asyncIterator]().next();
    const outcome = assert.rejects(early, { code: "NETWORK_FAILED" });
    while (opened < 1) await Promise.resolve();
    const second = textOf(feed.piece(0, 6).open());
    gate.reject(new PkgError("NETWORK_FAILED", "Cannot read the source"));
    await outcome;
    assert.equal(await second, "abcdef");
    assert.equal(feed.failure, null);
  });

  test("piece() throws the error of the source", async () => {
    const failure = new PkgError("FILE_SYSTEM", "Cannot read");
    const feed = new UploadFeed(
      blobOf("abc", async () => Promise.reject(failure)),
      calm,
    );
    await assert.rejects(textOf(feed.piece(0, 3).open()), (error) => error === failure);
    assert.deepEqual(feed.failure, { error: failure });
  });

  test("close() closes the source, and does not mind one that will not be closed", async () => {
    let closed = false;
    async function* stubborn(): AsyncGenerator<Buffer> {
      try {
        yield* partsOf("abcdef", 2);
      } finally {
        closed = true;
        // biome-ignore lint/correctness/noUnsafeFinally: this is what a file that cannot be closed does
        throw new Error("cannot close");
      }
    }
    const feed = new UploadFeed(
      blobOf("abcdef", async () => stubborn()),
      calm,
    );
    assert.equal(await textOf(feed.piece(0, 2).open()), "ab");
    await feed.close();
    assert.ok(closed);
  });
});
