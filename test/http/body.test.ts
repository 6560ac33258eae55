import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { HttpResponse } from "../../src/http/request.ts";
import { begun, calm, client, patiently, serve, serveRaw, type TestClientOptions } from "./local-server.ts";

const KIB = 1024;

async function rawResponse(
  t: TestContext,
  answer: (socket: Socket) => void,
  options: TestClientOptions = {},
  signal = calm,
): Promise<HttpResponse> {
  const server = await serveRaw(t, answer);
  return client(t, { ...options, trusted: [server.origin] }).request({ url: new URL(server.origin), signal });
}

/** The bytes that came, and the error that ended them. */
async function consume(response: HttpResponse): Promise<{ bytes: number; error: unknown }> {
  let bytes = 0;
  try {
    for await (const chunk of response.body) bytes += chunk.length;
    return { bytes, error: null };
  } catch (error) {
    return { bytes, error };
  }
}

async function assertEnds(response: HttpResponse, code: string, bytes: number): Promise<void> {
  const found = await consume(response);
  assert.equal(found.bytes, bytes);
  assert.ok(found.error instanceof Error && "code" in found.error, String(found.error));
  assert.equal(found.error.code, code);
}

test("body streams every byte of a large answer in order", async (t) => {
  const piece = Buffer.alloc(64 * KIB, "0123456789abcdef");
  const pieces = 256;
  const server = await serve(t, async (_request, response) => {
    response.writeHead(200, { "content-length": piece.length * pieces });
    for (let index = 0; index < pieces; index += 1) {
      if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  });
  const response = await client(t, { trusted: [server.origin] }).request({ url: new URL(server.origin), signal: calm });
  const [found, expected] = [createHash("sha256"), createHash("sha256")];
  for await (const chunk of response.body) found.update(chunk);
  for (let index = 0; index < pieces; index += 1) expected.update(piece);
  assert.equal(found.digest("hex"), expected.digest("hex"));
});

test("body holds the server back while the consumer is busy", async (t) => {
  const piece = Buffer.alloc(64 * KIB);
  let sent = 0;
  const stalled = Promise.withResolvers<void>();
  const server = await serve(t, async (_request, response) => {
    while (sent < 64 * KIB * KIB && !response.destroyed) {
      sent += piece.length;
      if (response.write(piece)) continue;
      const drained = new Promise<boolean>((resolve) => response.once("drain", () => resolve(true)));
      const idle = new Promise<boolean>((resolve) => setTimeout(resolve, 200, false).unref());
      if (!(await Promise.race([drained, idle]))) break;
    }
    stalled.resolve();
  });
  const response = await client(t, { trusted: [server.origin] }).request({ url: new URL(server.origin), signal: calm });
  await stalled.promise;
  assert.ok(sent < 32 * KIB * KIB, `${sent} bytes were taken`);
  await response.discard();
});

test("body continues after the server was held back", async (t) => {
  const size = 4 * KIB * KIB;
  const server = await serve(t, (_request, response) => void response.end(Buffer.alloc(size)));
  const response = await client(t, { trusted: [server.origin] }).request({ url: new URL(server.origin), signal: calm });
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await consume(response), { bytes: size, error: null });
});

test("body ends with BODY_TRUNCATED when it is shorter than its Content-Length", async (t) => {
  const response = await rawResponse(
    t,
    (socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour"),
  );
  await assertEnds(response, "BODY_TRUNCATED", 4);
});

test("body ends with BODY_TRUNCATED when the connection is reset in its middle", async (t) => {
  const sent = Promise.withResolvers<Socket>();
  const response = await rawResponse(t, (socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour", () => sent.resolve(socket));
  });
  const iterator = response.body[Symbol.asyncIterator]();
  assert.equal((await iterator.next()).value?.length, 4);
  (await sent.promise).resetAndDestroy();
  await assert.rejects(iterator.next(), { code: "BODY_TRUNCATED" });
});

test("body ends with BODY_TRUNCATED when a chunked one breaks off", async (t) => {
  const head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const response = await rawResponse(t, (socket) => void socket.end(`${head}4\r\nfour\r\n`));
  await assertEnds(response, "BODY_TRUNCATED", 4);
});

test("body accepts no more than the Content-Length", async (t) => {
  const response = await rawResponse(
    t,
    (socket) => void socket.end("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfourteen"),
  );
  assert.deepEqual(await consume(response), { bytes: 4, error: null });
});

test("body ends with NETWORK_TIMEOUT when the server falls silent", async (t) => {
  const answer = (socket: Socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour");
  const response = await patiently((idleTimeoutMs) => begun(rawResponse(t, answer, { idleTimeoutMs })));
  await assertEnds(response, "NETWORK_TIMEOUT", 4);
});

test("body ends with NETWORK_TIMEOUT when it trickles", async (t) => {
  const answer = (socket: Socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
    const timer = setInterval(() => socket.write("x"), 5);
    socket.on("close", () => clearInterval(timer));
  };
  const { bytes, error } = await patiently(async (throughputWindowMs) => {
    const found = await consume(await rawResponse(t, answer, { minBytesPerSecond: 10_000, throughputWindowMs }));
    return found.bytes === 0 ? null : found;
  });
  assert.ok(bytes > 0 && bytes < 1_000);
  assert.ok(error instanceof Error && "code" in error && error.code === "NETWORK_TIMEOUT", String(error));
});

test("body ends with INTERRUPTED at once when the signal is aborted, and drops the connection", async (t) => {
  const abort = new AbortController();
  const closed = Promise.withResolvers<void>();
  const answer = (socket: Socket) => {
    socket.on("close", () => closed.resolve());
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour");
  };
  const response = await rawResponse(t, answer, {}, abort.signal);
  const iterator = response.body[Symbol.asyncIterator]();
  await iterator.next();
  const pending = assert.rejects(iterator.next(), { code: "INTERRUPTED" });
  abort.abort();
  await pending;
  await closed.promise;
});

test("body that its consumer leaves early drops the connection", async (t) => {
  const closed = Promise.withResolvers<void>();
  const response = await rawResponse(t, (socket) => {
    socket.on("close", () => closed.resolve());
    endless(socket);
  });
  for await (const chunk of response.body) {
    assert.ok(chunk.length > 0);
    break;
  }
  await closed.promise;
});

test("readBytes() stops an endless body at its limit and drops the connection", async (t) => {
  const closed = Promise.withResolvers<void>();
  const response = await rawResponse(t, (socket) => {
    socket.on("close", () => closed.resolve());
    endless(socket);
  });
  await assert.rejects(response.readBytes(100 * KIB), { code: "BODY_TOO_LARGE" });
  await closed.promise;
});

test("readBytes() refuses a body by its Content-Length before reading it", async (t) => {
  const closed = Promise.withResolvers<void>();
  const response = await rawResponse(t, (socket) => {
    socket.on("close", () => closed.resolve());
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n");
  });
  await assert.rejects(response.readBytes(KIB), { code: "BODY_TOO_LARGE" });
  await closed.promise;
});

test("readBytes() takes a body that is exactly as long as its limit", async (t) => {
  const server = await serve(t, (_request, response) => void response.end(Buffer.alloc(KIB, 7)));
  const http = client(t, { trusted: [server.origin] });
  const get = () => http.request({ url: new URL(server.origin), signal: calm });
  assert.deepEqual(await (await get()).readBytes(KIB), Buffer.alloc(KIB, 7));
  await assert.rejects((await get()).readBytes(KIB - 1), { code: "BODY_TOO_LARGE" });
});

test("readBytes() gives no bytes for an answer without any", async (t) => {
  const server = await serve(t, (_request, response) => void response.writeHead(200, { "content-length": 5 }).end());
  const http = client(t, { trusted: [server.origin] });
  const response = await http.request({ url: new URL(server.origin), method: "HEAD", signal: calm });
  assert.equal(response.header("content-length"), "5");
  assert.equal((await response.readBytes(10)).length, 0);
});

test("discard() drops the connection of a body that turns out to be long", async (t) => {
  const written = Promise.withResolvers<number>();
  const response = await rawResponse(t, (socket) => {
    socket.on("close", () => written.resolve(socket.bytesWritten));
    endless(socket);
  });
  await response.discard();
  // Nothing but what the system's buffers hold.
  assert.ok((await written.promise) < 32 * KIB * KIB);
});

test("discard() drops the connection of a short body that does not arrive", async (t) => {
  const closed = Promise.withResolvers<void>();
  const answer = (socket: Socket) => {
    socket.on("close", () => closed.resolve());
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour");
  };
  const response = await rawResponse(t, answer, { idleTimeoutMs: 60_000 });
  await response.discard();
  await closed.promise;
});

/** Writes chunks until the peer hangs up. */
function endless(socket: Socket): void {
  const chunk = `10000\r\n${"x".repeat(64 * KIB)}\r\n`;
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", more);
  socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  more();
}
