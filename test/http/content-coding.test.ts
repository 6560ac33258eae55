import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { openDownload } from "../../src/http/download.ts";
import { calm, client, serve } from "./local-server.ts";

const TEXT = Buffer.from('{"tags":["1.0","1.1","2.0"]}'.repeat(20));

const CODED: readonly (readonly [string, string, Buffer])[] = [
  ["gzip", "gzip", gzipSync(TEXT)],
  ["gzip by its old name, in capitals", "X-GZIP", gzipSync(TEXT)],
  ["deflate", "deflate", deflateSync(TEXT)],
  ["deflate without its header", "deflate", deflateRawSync(TEXT)],
  ["Brotli", "br", brotliCompressSync(TEXT)],
  ["Zstandard", "zstd", zstdCompressSync(TEXT)],
  ["gzip beside no coding", "gzip, identity", gzipSync(TEXT)],
  ["no coding", "identity", TEXT],
  ["what is announced as gzip and is not", "gzip", TEXT],
  ["a coding that is not known", "aes128gcm", TEXT],
];

/** A server whose every answer is `sent`, announced as `coding`; gives a way to request it. */
async function served(t: TestContext, coding: string, sent: Buffer, name = "x") {
  const { origin } = await serve(t, (request, response) => {
    const length = request.url?.startsWith("/sized") ? { "content-length": sent.length } : {};
    response.writeHead(200, { "content-encoding": coding, etag: '"v"', ...length }).end(sent);
  });
  const http = client(t, { trusted: [origin] });
  const url = new URL(`${origin}/${name}`);
  return { http, url, request: () => http.request({ url, signal: calm }) };
}

for (const [name, coding, sent] of CODED) {
  test(`readBytes() reads ${name}, although it did not ask for it`, async (t) => {
    const { request } = await served(t, coding, sent);
    assert.deepEqual(await (await request()).readBytes(TEXT.length), TEXT);
    await assert.rejects(async () => (await request()).readBytes(TEXT.length - 1), { code: "BODY_TOO_LARGE" });
  });
}

test("readBytes() takes a body of the size that it has to have as it is", async (t) => {
  const sent = gzipSync(TEXT);
  const { request } = await served(t, "gzip", sent);
  assert.deepEqual(await (await request()).readBytes(TEXT.length, sent.length), sent);
});

test("readBytes() stops at its limit, however small what is sent", async (t) => {
  const { request } = await served(t, "gzip", gzipSync(Buffer.alloc(50 * 1024 * 1024)));
  await assert.rejects(async () => (await request()).readBytes(1024 * 1024), { code: "BODY_TOO_LARGE" });
});

async function download(t: TestContext, coding: string, sent: Buffer, name: string, size: number | null = null) {
  const { http, url } = await served(t, coding, sent, name);
  const { body, ...head } = await openDownload(http, { url, size, offset: 0, validator: null, signal: calm });
  return { ...head, bytes: Buffer.concat(await Array.fromAsync(body)) };
}

test("openDownload() decodes what was encoded on the way, and then gives nothing to resume it by", async (t) => {
  for (const [coding, sent] of [
    ["gzip", gzipSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["zstd", zstdCompressSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
  ] as const) {
    assert.deepEqual(await download(t, coding, sent, "index.json"), {
      ...{ offset: 0, size: null, validator: null, bytes: TEXT },
    });
  }
});

test("openDownload() takes a file that is compressed itself as it is", async (t) => {
  const sent = gzipSync(TEXT);
  const { bytes, validator, size } = await download(t, "gzip", sent, "tool.tar.gz");
  assert.deepEqual([bytes, validator, size], [sent, '"v"', null]);
});

test("openDownload() takes what has the size that is expected as it is, whatever it is called", async (t) => {
  const sent = gzipSync(TEXT);
  for (const name of ["sized-f00f", "tool.tar.gz"]) {
    const { bytes, validator } = await download(t, "x-gzip", sent, name, sent.length);
    assert.deepEqual([bytes, validator], [sent, '"v"']);
  }
});

test("openDownload() reports what is damaged in its coding as cut off", async (t) => {
  const sent = gzipSync(TEXT);
  for (const damaged of [sent.subarray(0, -4), Buffer.concat([sent.subarray(0, 20), Buffer.from("damaged")])]) {
    await assert.rejects(download(t, "gzip", damaged, "index.json"), { code: "BODY_TRUNCATED" });
  }
});
