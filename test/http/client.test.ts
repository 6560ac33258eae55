import assert from "node:assert/strict";
import { once } from "node:events";
import { createSecureServer, type ServerHttp2Stream } from "node:http2";
import { createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { makeCertificate } from "./certificate.ts";
import { calm, client, type LocalServer, listen, serve, serveRaw } from "./local-server.ts";

test("request() answers with status, headers and bytes, and counts what it sent", async (t) => {
  const server = await serve(t, (request, response) => {
    response
      .writeHead(201, { "X-Found": ["a", "b"], "content-type": "text/plain" })
      .end(`${request.method} ${request.url}`);
  });
  const http = client(t, { trusted: [server.origin] });
  const response = await http.request({ url: new URL("/a?b=c", server.origin), signal: calm });
  assert.equal(response.status, 201);
  assert.equal(response.header("x-FOUND"), "a, b");
  assert.equal(response.header("constructor"), null);
  assert.equal(response.header("absent"), null);
  assert.equal((await response.readBytes(100)).toString(), "GET /a?b=c");
  assert.equal(http.requestCount, 1);
});

test("request() asks for bytes without encoding, under its own name", async (t) => {
  const server = await serve(t, (request, response) => void response.end(JSON.stringify(request.headers)));
  const http = client(t, { trusted: [server.origin] });
  const response = await http.request({ url: new URL(server.origin), headers: { Accept: "x/y" }, signal: calm });
  const headers: Record<string, string> = JSON.parse((await response.readBytes(10_000)).toString());
  assert.equal(headers["accept-encoding"], "identity");
  assert.equal(headers["user-agent"], "pkg/test");
  assert.equal(headers["accept"], "x/y");
});

test("request() gives the body as it was sent, whatever its content encoding", async (t) => {
  const bytes = gzipSync("the bytes that are hashed");
  const server = await serve(t, (_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(bytes);
  });
  const response = await client(t, { trusted: [server.origin] }).request({ url: new URL(server.origin), signal: calm });
  assert.deepEqual(Buffer.concat(await Array.fromAsync(response.body)), bytes);
});

test("request() sends a body, of text or bytes", async (t) => {
  const server = await serve(t, async (request, response) => {
    const chunks = await request.toArray();
    response.end(`${request.method} ${request.headers["content-length"]} ${Buffer.concat(chunks)}`);
  });
  const http = client(t, { trusted: [server.origin] });
  const url = new URL(server.origin);
  const text = await http.request({ url, method: "POST", body: "abc", signal: calm });
  assert.equal((await text.readBytes(100)).toString(), "POST 3 abc");
  const bytes = await http.request({ url, method: "PUT", body: Buffer.from("xabcdx").subarray(1, 5), signal: calm });
  assert.equal((await bytes.readBytes(100)).toString(), "PUT 4 abcd");
});

test("request() uses one connection again when bodies were read or given up", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("short"));
  const http = client(t, { trusted: [server.origin] });
  for (let count = 0; count < 5; count += 1) {
    const response = await http.request({ url: new URL(server.origin), signal: calm });
    if (count % 2 === 0) await response.readBytes(100);
    else await response.discard();
  }
  assert.equal(http.requestCount, 5);
  assert.equal(server.connections(), 1);
});

test("request() opens no more connections to an origin than it may", async (t) => {
  let together = 0;
  let most = 0;
  const server = await serve(t, (_request, response) => {
    together += 1;
    most = Math.max(most, together);
    setImmediate(() => {
      together -= 1;
      response.end("x");
    });
  });
  const http = client(t, { trusted: [server.origin], connectionsPerOrigin: 3 });
  const one = async () => (await http.request({ url: new URL(server.origin), signal: calm })).readBytes(10);
  await Promise.all(Array.from({ length: 20 }, one));
  assert.equal(server.connections(), 3);
  assert.ok(most <= 3);
});

test("request() refuses a private or loopback address that nobody named, without connecting", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("secret"));
  const http = client(t);
  for (const host of ["127.0.0.1", "2130706433", "localhost", "[::1]", "[::ffff:127.0.0.1]"]) {
    for (const scheme of ["http", "https"]) {
      const url = new URL(`${scheme}://${host}:${server.port}/`);
      await assert.rejects(http.request({ url, signal: calm }), { code: "ADDRESS_FORBIDDEN" }, url.href);
    }
  }
  assert.equal(server.connections(), 0);
  assert.equal(http.requestCount, 0);
});

test("request() refuses link-local addresses even when they are named", async (t) => {
  const origins = ["http://169.254.169.254", "https://169.254.169.254", "https://[fe80::1]", "http://0.0.0.0"];
  const http = client(t, { trusted: origins });
  for (const origin of origins) {
    await assert.rejects(http.request({ url: new URL(origin), signal: calm }), { code: "ADDRESS_FORBIDDEN" }, origin);
  }
});

test("request() refuses a name that resolves to an address it may not use", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("secret"));
  for (const address of ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "fd00::1"]) {
    const http = client(t, {
      resolve: (_hostname, _options, done) => done(null, [{ address, family: address.includes(":") ? 6 : 4 }]),
    });
    const url = new URL(`https://rebound.example:${server.port}/`);
    await assert.rejects(http.request({ url, signal: calm }), { code: "ADDRESS_FORBIDDEN" }, address);
  }
  assert.equal(server.connections(), 0);
});

test("request() refuses a named origin whose name resolves to a link-local address", async (t) => {
  const http = client(t, {
    trusted: ["http://metadata.example"],
    resolve: (_hostname, _options, done) => done(null, [{ address: "169.254.169.254", family: 4 }]),
  });
  const url = new URL("http://metadata.example/");
  await assert.rejects(http.request({ url, signal: calm }), { code: "ADDRESS_FORBIDDEN" });
});

test("request() keeps to the allowed ones of a name's addresses", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("ours"));
  const origin = `http://mixed.example:${server.port}`;
  const addresses = [
    { address: "169.254.169.254", family: 4 },
    { address: "127.0.0.1", family: 4 },
  ];
  const http = client(t, { trusted: [origin], resolve: (_hostname, _options, done) => done(null, addresses) });
  const response = await http.request({ url: new URL(origin), signal: calm });
  assert.equal((await response.readBytes(10)).toString(), "ours");
});

test("request() refuses plain http to a name that the config does not name", async (t) => {
  const resolve = () => assert.fail("nothing may be resolved");
  const url = new URL("http://registry.example/v2/");
  await assert.rejects(client(t, { resolve }).request({ url, signal: calm }), { code: "ADDRESS_FORBIDDEN" });
});

test("request() refuses other schemes", async (t) => {
  for (const url of ["ftp://registry.example/x", "file:///etc/passwd"]) {
    await assert.rejects(client(t).request({ url: new URL(url), signal: calm }), { code: "ADDRESS_FORBIDDEN" });
  }
});

test("request() fails with NETWORK_FAILED when nobody listens, and when the name is unknown", async (t) => {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  await new Promise((resolve) => server.close(resolve));
  const origin = `http://127.0.0.1:${address.port}`;
  await assert.rejects(client(t, { trusted: [origin] }).request({ url: new URL(origin), signal: calm }), {
    code: "NETWORK_FAILED",
  });
  const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
  const http = client(t, { resolve: (_hostname, _options, done) => done(unknown, []) });
  const url = new URL("https://unknown.example/");
  await assert.rejects(http.request({ url, signal: calm }), { code: "NETWORK_FAILED", message: /unknown\.example/ });
});

test("request() fails with NETWORK_FAILED when the server hangs up or speaks something else", async (t) => {
  const hangUp = await serveRaw(t, (socket) => void socket.end());
  const other = await serveRaw(t, (socket) => void socket.end("220 smtp.example ESMTP\r\n"));
  for (const { origin } of [hangUp, other]) {
    const url = new URL(origin);
    await assert.rejects(client(t, { trusted: [origin] }).request({ url, signal: calm }), { code: "NETWORK_FAILED" });
  }
});

test("request() waits for the answer that follows an interim one", async (t) => {
  const server = await serveRaw(t, (socket) => {
    socket.end("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
  });
  const http = client(t, { trusted: [server.origin] });
  const response = await http.request({ url: new URL(server.origin), signal: calm });
  assert.equal(response.status, 200);
  assert.equal((await response.readBytes(10)).toString(), "x");
});

test("request() refuses informational answers without end", async (t) => {
  const hint = "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n";
  // As many as one may send, and then one more for each that is taken, for ever.
  const endless = await serveRaw(t, (socket) => {
    const send = () => void (socket.destroyed || socket.write(hint, () => setImmediate(send)));
    send();
  });
  const some = await serveRaw(t, (socket) => {
    socket.end(`${hint.repeat(16)}HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx`);
  });
  const http = client(t, { trusted: [endless.origin, some.origin] });
  await assert.rejects(http.request({ url: new URL(endless.origin), signal: calm }), {
    code: "HTTP_UNEXPECTED",
    message: `Cannot reach "${endless.origin}/": expected an answer, found more than 16 informational ones, the last 103`,
  });
  assert.equal((await http.request({ url: new URL(some.origin), signal: calm })).status, 200);
});

test("request() waits no longer for an answer when informational ones come before it", async (t) => {
  const slow = await serveRaw(t, (socket) => {
    const send = () => void (socket.destroyed || socket.write("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"));
    const timer = setInterval(send, 20);
    socket.on("close", () => clearInterval(timer));
  });
  const http = client(t, { trusted: [slow.origin], idleTimeoutMs: 50 });
  await assert.rejects(http.request({ url: new URL(slow.origin), signal: calm }), {
    code: "NETWORK_TIMEOUT",
    message: `Cannot reach "${slow.origin}/": expected an answer, found nothing but informational ones for 0.05 s, the last 103`,
  });
});

test("request() refuses informational answers without end over HTTP/2", async (t) => {
  const { cert, key } = makeCertificate();
  const server = createSecureServer({ cert, key });
  server.on("stream", (stream: ServerHttp2Stream) => {
    const send = () => {
      if (stream.destroyed || stream.closed) return;
      stream.additionalHeaders({ ":status": 103, link: "x" });
      setImmediate(send);
    };
    stream.on("error", () => undefined);
    send();
  });
  const { origin } = await listen(t, server, "https");
  const http = client(t, { trusted: [origin], ca: cert });
  await assert.rejects(http.request({ url: new URL(origin), signal: calm }), {
    code: "HTTP_UNEXPECTED",
    message: /found more than 16 informational ones, the last 103$/,
  });
});

test("request() fails with NETWORK_TIMEOUT when no answer arrives", async (t) => {
  const server = await serveRaw(t, () => undefined);
  const http = client(t, { trusted: [server.origin], idleTimeoutMs: 50 });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: calm }), { code: "NETWORK_TIMEOUT" });
});

test("request() fails with NETWORK_TIMEOUT when the connection is not made in time", async (t) => {
  const server = await listen(t, createServer());
  // Silent during the TLS handshake: until that is complete, there is no connection.
  const origin = `https://127.0.0.1:${server.port}`;
  const http = client(t, { trusted: [origin], connectTimeoutMs: 50 });
  await assert.rejects(http.request({ url: new URL(origin), signal: calm }), { code: "NETWORK_TIMEOUT" });
});

test("request() refuses an invalid header", async (t) => {
  const server = await serve(t, (_request, response) => void response.end());
  const http = client(t, { trusted: [server.origin] });
  const headers = { authorization: "Bearer a\r\nx-injected: b" };
  await assert.rejects(http.request({ url: new URL(server.origin), headers, signal: calm }), {
    code: "HTTP_UNEXPECTED",
  });
  assert.equal(server.connections(), 0);
});

test("request() sends nothing when it is aborted already", async (t) => {
  const server = await serve(t, (_request, response) => void response.end());
  const http = client(t, { trusted: [server.origin] });
  const signal = AbortSignal.abort();
  await assert.rejects(http.request({ url: new URL(server.origin), signal }), { code: "INTERRUPTED" });
  assert.equal(server.connections(), 0);
});

test("request() ends with INTERRUPTED when it is aborted before the answer, and drops the connection", async (t) => {
  const abort = new AbortController();
  const closed = Promise.withResolvers<void>();
  const server = await serveRaw(t, (socket) => {
    socket.on("close", () => closed.resolve());
    abort.abort();
  });
  const http = client(t, { trusted: [server.origin] });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: abort.signal }), { code: "INTERRUPTED" });
  await closed.promise;
});

test("request() never sends what was aborted while it waited for a connection", async (t) => {
  const paths: string[] = [];
  const release = Promise.withResolvers<void>();
  const server = await serve(t, async (request, response) => {
    paths.push(request.url ?? "");
    if (request.url === "/first") await release.promise;
    response.end("x");
  });
  const http = client(t, { trusted: [server.origin], connectionsPerOrigin: 1 });
  const get = (path: string, signal: AbortSignal) => http.request({ url: new URL(path, server.origin), signal });
  const abort = new AbortController();
  const first = get("/first", calm);
  const second = assert.rejects(get("/second", abort.signal), { code: "INTERRUPTED" });
  setImmediate(() => abort.abort());
  await second;
  release.resolve();
  await (await first).readBytes(10);
  await (await get("/third", calm)).readBytes(10);
  assert.deepEqual(paths, ["/first", "/third"]);
  assert.equal(http.requestCount, 2);
});

test("warm() opens the connection that the first request uses", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("x"));
  const http = client(t, { trusted: [server.origin] });
  http.warm(new URL(server.origin));
  http.warm(new URL("/again", server.origin));
  await waitFor(() => server.connections() === 1);
  assert.equal(http.requestCount, 0);
  await (await http.request({ url: new URL(server.origin), signal: calm })).readBytes(10);
  assert.equal(server.connections(), 1);
});

test("warm() opens as many connections as requests are expected, and no more than one server may have", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("x"));
  const http = client(t, { trusted: [server.origin], connectionsPerOrigin: 3 });
  const url = new URL(server.origin);
  http.warm(url, 5);
  await waitFor(() => server.connections() === 3);
  const get = async () => (await http.request({ url, signal: calm })).readBytes(10);
  await Promise.all([get(), get(), get()]);
  assert.equal(server.connections(), 3);
});

test("warm() does nothing for an address that is refused, and nothing loud for one that fails", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("x"));
  client(t).warm(new URL(server.origin));
  const failing = client(t, { resolve: (_hostname, _options, done) => done(new Error("no such name"), []) });
  failing.warm(new URL("https://unknown.example"));
  const url = new URL("https://unknown.example");
  await assert.rejects(failing.request({ url, signal: calm }), { code: "NETWORK_FAILED" });
  assert.equal(server.connections(), 0);
});

for (const ending of ["end", "resetAndDestroy"] as const) {
  test(`request() opens another connection when the warm one met ${ending}()`, async (t) => {
    const sockets: Socket[] = [];
    const answering = createServer((socket) => {
      sockets.push(socket);
      socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"));
    });
    const server = await listen(t, answering);
    const http = client(t, { trusted: [server.origin] });
    http.warm(new URL(server.origin));
    await waitFor(() => server.open() === 1);
    await turns(200);
    sockets[0]?.[ending]();
    await waitFor(() => server.open() === 0);
    await turns(200);
    const response = await http.request({ url: new URL(server.origin), signal: calm });
    assert.equal((await response.readBytes(10)).toString(), "x");
    assert.equal(server.connections(), 2);
  });
}

test("request() and warm() send nothing with offline, not even to what is trusted", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("x"));
  const http = client(t, { trusted: [server.origin], offline: true });
  http.warm(new URL(server.origin));
  await assert.rejects(http.request({ url: new URL("/x?token=1", server.origin), signal: calm }), {
    code: "OFFLINE",
    message: `Cannot request "${server.origin}/x": --offline is set`,
  });
  assert.equal(http.requestCount, 0);
  await turns(200);
  assert.equal(server.connections(), 0);
});

test("close() closes every connection, warm ones too", async (t) => {
  const server = await serve(t, (_request, response) => void response.end("x"));
  const other = await serve(t, (_request, response) => void response.end("x"));
  const http = client(t, { trusted: [server.origin, other.origin] });
  http.warm(new URL(other.origin));
  await (await http.request({ url: new URL(server.origin), signal: calm })).readBytes(10);
  await waitFor(() => other.open() === 1);
  await http.close();
  await waitFor(() => server.open() === 0 && other.open() === 0);
});

/** Yields to the event loop until `condition` holds; gives up after a few thousand turns. */
async function waitFor(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !condition(); turn += 1) await turns(1);
  assert.ok(condition());
}

/** Gives this end of a loopback connection the time to see what the other did. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A server that answers HEAD as it is told, and anything else with "found"; it says nothing of keeping connections. */
function answering(t: TestContext, head: string): Promise<LocalServer> {
  const server = createServer((socket) => {
    socket.on("data", (request) => {
      const found = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfound";
      socket.write(request.toString().startsWith("HEAD ") ? head : found);
    });
  });
  return listen(t, server);
}

for (const [what, body, connections] of [
  ["no body, over one connection", "", 1],
  ["a body, which is taken for no answer", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwrong", 5],
] as const) {
  test(`request() sends what follows a HEAD that is answered with ${what}`, async (t) => {
    const server = await answering(t, `HTTP/1.1 404 Not Found\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const http = client(t, { trusted: [server.origin] });
    const url = new URL(server.origin);
    for (let turn = 0; turn < 4; turn++) {
      const head = await http.request({ url, method: "HEAD", signal: calm });
      assert.equal(head.status, 404);
      await head.discard();
      assert.equal((await (await http.request({ url, signal: calm })).readBytes(100)).toString(), "found");
    }
    assert.equal(server.connections(), connections);
  });
}
