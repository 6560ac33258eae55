import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import type { BlobStream } from "../../src/oci/content.ts";
import { type Answer, at, calm, connect, digestOf, type LocalServer, type Reply, serve } from "./local-registry.ts";

const BYTES = Buffer.from("0123456789");
const DIGEST = digestOf(BYTES);
const ETAG = '"v1"';

interface Ask {
  readonly size?: number | null;
  readonly offset?: number;
  readonly validator?: string | null;
}

function ask(server: LocalServer, { size = BYTES.length, offset = 0, validator = null }: Ask = {}) {
  return { reference: at(server, "a/b"), digest: DIGEST, size, offset, validator, signal: calm };
}

async function read(stream: BlobStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Serves BYTES with ranges, as RFC 9110 has it. */
function ranged(headers: Readonly<Record<string, unknown>>): Reply {
  const match = /^bytes=(\d+)-(\d*)$/.exec(String(headers["range"] ?? ""));
  const fits = headers["if-range"] === undefined || headers["if-range"] === ETAG;
  if (match === null || !fits) return { headers: { etag: ETAG, "content-length": "10" }, body: BYTES };
  const body = BYTES.subarray(Number(match[1]));
  const range = `bytes ${match[1]}-${BYTES.length - 1}/${BYTES.length}`;
  return { status: 206, headers: { etag: ETAG, "content-range": range, "content-length": `${body.length}` }, body };
}

test("openBlob() opens a whole blob with one plain request", async (t) => {
  const server = await serve(t, ({ headers }) => ranged(headers));
  const { client, http } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server));
  assert.deepEqual([stream.offset, stream.size, stream.validator], [0, 10, ETAG]);
  assert.equal(await read(stream), "0123456789");
  assert.equal(server.seen[0]?.path, `/v2/a/b/blobs/${DIGEST}`);
  assert.equal(server.seen[0]?.headers.range, undefined);
  assert.equal(http.requestCount, 1);
});

/** What a proxy that compresses everything answers, and a file server that announces the form of what it has. */
const ENCODINGS: readonly (readonly [string, Reply])[] = [
  ["encoded on the way", { headers: { "content-encoding": "gzip", etag: ETAG }, body: gzipSync(BYTES) }],
  ["announced as encoded, though it is the blob itself", { headers: { "content-encoding": "gzip" }, body: BYTES }],
];

for (const [name, reply] of ENCODINGS) {
  test(`openBlob(), fetchBlob() and headBlob() read a blob that is ${name}`, async (t) => {
    const server = await serve(t, ({ headers }) => (headers.range === undefined ? reply : { ...reply, status: 206 }));
    const { client } = connect(t, { trust: [server] });
    for (const offset of [0, 4]) {
      const stream = await client.openBlob(ask(server, { offset }));
      assert.deepEqual([stream.offset, await read(stream)], [0, "0123456789"]);
    }
    const asked = { reference: at(server, "a/b"), digest: DIGEST, size: BYTES.length, signal: calm };
    assert.deepEqual(await client.fetchBlob({ ...asked, maxBytes: 100 }), BYTES);
    assert.deepEqual(await client.headBlob(asked), { size: BYTES.length });
  });
}

test("openBlob() learns the size from the server when it is not known", async (t) => {
  const server = await serve(t, ({ headers }) => ranged(headers));
  const { client } = connect(t, { trust: [server] });
  for (const offset of [0, 4]) {
    const stream = await client.openBlob(ask(server, { size: null, offset }));
    assert.equal(stream.size, 10);
    await read(stream);
  }
});

test("openBlob() resumes with a closed range and the validator", async (t) => {
  const server = await serve(t, ({ headers }) => ranged(headers));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server, { offset: 4, validator: ETAG }));
  assert.deepEqual([stream.offset, stream.size, stream.validator], [4, 10, ETAG]);
  assert.equal(await read(stream), "456789");
  assert.equal(server.seen[0]?.headers.range, "bytes=4-9");
  assert.equal(server.seen[0]?.headers["if-range"], ETAG);
});

test("openBlob() leaves the range open when the size is unknown", async (t) => {
  const server = await serve(t, ({ headers }) => ranged(headers));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server, { offset: 4, size: null }));
  assert.equal(await read(stream), "456789");
  assert.equal(server.seen[0]?.headers.range, "bytes=4-");
});

test("openBlob() starts over when the blob's validator has changed", async (t) => {
  const server = await serve(t, ({ headers }) => ranged(headers));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server, { offset: 4, validator: '"v0"' }));
  assert.equal(stream.offset, 0);
  assert.equal(await read(stream), "0123456789");
});

for (const validator of ['W/"v1"', "v1", '"a"\r\nx: y', '"a" "b"']) {
  test(`openBlob() does not send ${JSON.stringify(validator)} as a validator`, async (t) => {
    const server = await serve(t, ({ headers }) => ranged(headers));
    const { client } = connect(t, { trust: [server] });
    await read(await client.openBlob(ask(server, { offset: 4, validator })));
    assert.equal(server.seen[0]?.headers["if-range"], undefined);
  });
}

test("openBlob() gives no weak ETag as a validator", async (t) => {
  const server = await serve(t, () => ({ headers: { etag: 'W/"v1"' }, body: BYTES }));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server));
  assert.equal(stream.validator, null);
  await read(stream);
});

test("openBlob() asks for the whole when a range is refused with 416", async (t) => {
  const server = await serve(t, ({ headers }) => (headers.range ? { status: 416 } : ranged(headers)));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server, { offset: 4, validator: ETAG }));
  assert.equal(stream.offset, 0);
  assert.equal(await read(stream), "0123456789");
  assert.equal(server.seen.length, 2);
});

test("openBlob() does not ask again when the whole is refused with 416", async (t) => {
  const server = await serve(t, () => ({ status: 416 }));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.openBlob(ask(server)), (error) => hasCode(error, "HTTP_UNEXPECTED"));
  await assert.rejects(client.openBlob(ask(server, { offset: 4 })), (error) => hasCode(error, "HTTP_UNEXPECTED"));
  assert.equal(server.seen.length, 3);
});

const part = (range: string | null, body: string, extra: Readonly<Record<string, string>> = {}): Reply => ({
  status: 206,
  headers: { ...(range === null ? {} : { "content-range": range }), ...extra },
  body,
});
/** A head whose length is not that of what follows. */
const headOnly = (status: number, headers: Readonly<Record<string, string>>): Answer => ({
  send: (response) => {
    response.writeHead(status, headers);
    response.flushHeaders();
  },
});

const LIES: readonly (readonly [string, ErrorCode, Ask, Answer])[] = [
  ["a Content-Length over the size", "SIZE_MISMATCH", {}, { body: "0123456789a" }],
  ["a Content-Length under the size", "SIZE_MISMATCH", {}, { body: "012345678" }],
  ["a huge Content-Length", "SIZE_MISMATCH", {}, headOnly(200, { "content-length": "999999999999" })],
  ["a part where the whole was asked for", "HTTP_UNEXPECTED", {}, part("bytes 0-9/10", "0123456789")],
  ["a part from before the offset", "HTTP_UNEXPECTED", { offset: 4 }, part("bytes 3-9/10", "3456789")],
  ["a part from behind the offset", "HTTP_UNEXPECTED", { offset: 4 }, part("bytes 5-9/10", "56789")],
  ["a part that ends behind the size", "HTTP_UNEXPECTED", { offset: 4 }, part("bytes 4-10/*", "456789a")],
  ["a part that ends before it begins", "HTTP_UNEXPECTED", { offset: 4 }, part("bytes 4-3/10", "")],
  ["a part of another whole", "SIZE_MISMATCH", { offset: 4 }, part("bytes 4-9/11", "456789")],
  ["a part without Content-Range", "HTTP_UNEXPECTED", { offset: 4 }, part(null, "456789")],
  ["a part in other units", "HTTP_UNEXPECTED", { offset: 4 }, part("lines 4-9/10", "456789")],
  ["a part that is longer than its range", "HTTP_UNEXPECTED", { offset: 4 }, part("bytes 4-8/10", "456789")],
  [
    "several parts",
    "HTTP_UNEXPECTED",
    { offset: 4 },
    part(null, "--x", { "content-type": "multipart/byteranges; boundary=x" }),
  ],
  ["a web page", "NOT_A_REGISTRY", {}, { body: "<html>", headers: { "content-type": "text/html" } }],
  ["no content", "HTTP_UNEXPECTED", {}, { status: 204 }],
  ["a missing blob", "HTTP_NOT_FOUND", {}, { status: 404, body: '{"errors":[{"code":"BLOB_UNKNOWN"}]}' }],
  ["a busy server, without trying again", "SERVER_BUSY", {}, { status: 429 }],
  ["a failing server, without trying again", "SERVER_FAILED", {}, { status: 500 }],
];

for (const [name, code, asked, answer] of LIES) {
  test(`openBlob() refuses ${name}`, async (t) => {
    const server = await serve(t, () => answer);
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.openBlob(ask(server, asked)), (error) => hasCode(error, code));
    assert.equal(server.seen.length, 1);
  });
}

test("openBlob() accepts a part that ends early: the rest can be requested", async (t) => {
  const server = await serve(t, () => part("bytes 4-6/10", "456"));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server, { offset: 4 }));
  assert.deepEqual([await read(stream), stream.size], ["456", 10]);
});

test("openBlob() follows a redirect to a blob host, which is not shown the token", async (t) => {
  const host = await serve(t, ({ headers }) => ranged(headers));
  const registry = await serve(t, ({ path, headers }) => {
    if (path.startsWith("/token")) return { body: '{"token":"secret"}' };
    if (headers.authorization === undefined)
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${registry.origin}/token"` } };
    return { status: 307, headers: { location: `${host.origin}/data?signed=1` } };
  });
  const { client } = connect(t, { trust: [registry, host] });
  assert.equal(await read(await client.openBlob(ask(registry))), "0123456789");
  assert.equal(registry.seen.at(-1)?.headers.authorization, "Bearer secret");
  assert.deepEqual(
    host.seen.map(({ path, headers }) => [path, headers.authorization]),
    [["/data?signed=1", undefined]],
  );
});

test("openBlob() gives a body that breaks off as an error, not as an end", async (t) => {
  const server = await serve(t, () => ({
    send: (response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("0123", () => response.destroy());
    },
  }));
  const { client } = connect(t, { trust: [server] });
  const stream = await client.openBlob(ask(server));
  await assert.rejects(read(stream), (error) => hasCode(error, "BODY_TRUNCATED"));
});

const fetching = (server: LocalServer, change: { readonly size?: number | null; readonly maxBytes?: number } = {}) => ({
  reference: at(server, "a/b"),
  digest: DIGEST,
  size: 10,
  maxBytes: 100,
  signal: calm,
  ...change,
});

test("fetchBlob() gives a whole verified blob, with or without its size known", async (t) => {
  const server = await serve(t, () => ({ body: BYTES }));
  const { client, http } = connect(t, { trust: [server] });
  assert.deepEqual(await client.fetchBlob(fetching(server)), BYTES);
  assert.deepEqual(await client.fetchBlob(fetching(server, { size: null })), BYTES);
  assert.equal(http.requestCount, 2);
});

test("fetchBlob() tries again after a failing server and a body that broke off", async (t) => {
  const broken: Answer = {
    send: (response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("0123", () => response.destroy());
    },
  };
  const answers: Answer[] = [{ status: 502 }, broken, { body: BYTES }];
  const server = await serve(t, () => answers.shift() ?? { status: 500 });
  const { client, waits } = connect(t, { trust: [server] });
  assert.deepEqual(await client.fetchBlob(fetching(server)), BYTES);
  assert.equal(waits.length, 2);
});

/** A body without Content-Length. */
const chunked = (body: string): Answer => ({
  send: (response) => {
    response.write(body);
    response.end();
  },
});
const endless: Answer = {
  send: (response) => {
    const more = (error?: Error | null): void => {
      if (!error) response.write(Buffer.alloc(65_536), more);
    };
    more();
  },
};

const WRONG: readonly (readonly [string, ErrorCode, number | null, Answer])[] = [
  ["other bytes", "DIGEST_MISMATCH", 10, { body: "0123456780" }],
  ["other bytes of unknown size", "DIGEST_MISMATCH", null, { body: "x" }],
  ["a body that is short", "SIZE_MISMATCH", 10, chunked("012345678")],
  ["a body that is long", "SIZE_MISMATCH", 10, chunked("01234567890")],
  ["an endless body", "SIZE_MISMATCH", 10, endless],
  ["an endless body of unknown size", "BODY_TOO_LARGE", null, endless],
  ["an announced size over the limit", "BODY_TOO_LARGE", null, headOnly(200, { "content-length": "101" })],
  ["a web page", "NOT_A_REGISTRY", 10, { body: "<html>", headers: { "content-type": "text/html" } }],
];

for (const [name, code, size, answer] of WRONG) {
  test(`fetchBlob() refuses ${name} without retrying`, async (t) => {
    const server = await serve(t, () => answer);
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchBlob(fetching(server, { size })), (error) => hasCode(error, code));
    assert.equal(server.seen.length, 1);
  });
}

test("fetchBlob() refuses a size over the limit before any request", async (t) => {
  const server = await serve(t, () => ({ body: BYTES }));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.fetchBlob(fetching(server, { maxBytes: 9 })), (error) =>
    hasCode(error, "BODY_TOO_LARGE"),
  );
  assert.equal(server.seen.length, 0);
});
