import assert from "node:assert/strict";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { type TestContext, test } from "node:test";
import { openDownload } from "../../src/http/download.ts";
import { calm, client, serve } from "./local-server.ts";

const BYTES = Buffer.from("0123456789");
const PART = { etag: '"v1"', "content-range": "bytes 4-9/10" };

/** A server that answers each request for a part with `part`, or the whole where that is null. */
async function downloads(t: TestContext, part: OutgoingHttpHeaders | null) {
  const asked: IncomingHttpHeaders[] = [];
  const { origin } = await serve(t, ({ headers }, response) => {
    asked.push(headers);
    if (headers.range === undefined || part === null) response.writeHead(200, { etag: '"v2"' }).end(BYTES);
    else response.writeHead(206, part).end(BYTES.subarray(4));
  });
  const http = client(t, { trusted: [origin] });
  const open = async (validator: string | null) => {
    const { body, ...download } = await openDownload(http, {
      ...{ url: new URL(`${origin}/x`), size: null, offset: 4, validator, signal: calm },
    });
    return { ...download, bytes: Buffer.concat(await Array.fromAsync(body)).toString() };
  };
  return { asked, open };
}

test("openDownload() asks for the rest of the version that a strong ETag names", async (t) => {
  const { asked, open } = await downloads(t, PART);
  assert.deepEqual(await open('"v1"'), { offset: 4, size: 10, validator: '"v1"', bytes: "456789" });
  assert.partialDeepStrictEqual(asked, [{ range: "bytes=4-", "if-range": '"v1"' }]);
});

test("openDownload() takes the whole where the server sends it", async (t) => {
  const { open } = await downloads(t, null);
  assert.deepEqual(await open('"v1"'), { offset: 0, size: null, validator: '"v2"', bytes: "0123456789" });
});

for (const validator of [null, 'W/"v1"', "v1", '"a"\r\nx: y']) {
  test(`openDownload() asks for the whole where the ETag is ${JSON.stringify(validator)}`, async (t) => {
    const { asked, open } = await downloads(t, PART);
    assert.partialDeepStrictEqual(await open(validator), { offset: 0, bytes: "0123456789" });
    assert.deepEqual([asked[0]?.range, asked[0]?.["if-range"]], [undefined, undefined]);
  });
}

const REFUSED: readonly (readonly [name: string, part: OutgoingHttpHeaders])[] = [
  ["another version", { ...PART, etag: '"v2"' }],
  ["a version with a weak ETag", { ...PART, etag: 'W/"v1"' }],
  ["an unnamed version", { "content-range": PART["content-range"] }],
  ["another place", { ...PART, "content-range": "bytes 3-8/10" }],
  ["a whole of unknown length", { ...PART, "content-range": "bytes 4-9/*" }],
  ["no place that it names", { etag: '"v1"' }],
];

for (const [name, part] of REFUSED) {
  test(`openDownload() refuses a part of ${name}`, async (t) => {
    const { open } = await downloads(t, part);
    await assert.rejects(open('"v1"'), { code: "HTTP_UNEXPECTED" });
  });
}
