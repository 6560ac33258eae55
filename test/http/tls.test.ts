import assert from "node:assert/strict";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer } from "node:https";
import { type TestContext, test } from "node:test";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { begun, calm, client, type LocalServer, listen, patiently, serve } from "./local-server.ts";

const certificate: Certificate = makeCertificate();
const { cert: ca } = certificate;

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Speaks HTTP/2, and HTTP/1.1 to those who want it. */
function serveHttp2(t: TestContext, listener: Listener): Promise<LocalServer> {
  return listen(t, createSecureServer({ ...certificate, allowHTTP1: true }, listener), "https");
}

const loopback = (
  _hostname: string,
  _options: unknown,
  done: (error: null, addresses: { address: string; family: number }[]) => void,
) => done(null, [{ address: "127.0.0.1", family: 4 }]);

test("request() speaks HTTP/2 where it is offered, many requests on one connection", async (t) => {
  const server = await serveHttp2(t, (request, response) => void response.end(`${request.httpVersion} ${request.url}`));
  const http = client(t, { trusted: [server.origin], ca });
  const get = async (index: number) => {
    const response = await http.request({ url: new URL(`/${index}`, server.origin), signal: calm });
    return (await response.readBytes(100)).toString();
  };
  const found = await Promise.all(Array.from({ length: 20 }, (_, index) => get(index)));
  assert.deepEqual(
    found,
    Array.from({ length: 20 }, (_, index) => `2.0 /${index}`),
  );
  assert.equal(server.connections(), 1);
  assert.equal(http.requestCount, 20);
});

test("request() speaks HTTP/1.1 to a TLS server that offers nothing else", async (t) => {
  const server = await listen(
    t,
    createServer(certificate, (request, response) => void response.end(request.httpVersion)),
    "https",
  );
  const response = await client(t, { trusted: [server.origin], ca }).request({
    url: new URL(server.origin),
    signal: calm,
  });
  assert.equal((await response.readBytes(100)).toString(), "1.1");
});

test("request() refuses a certificate of an authority it does not know, with TLS_UNTRUSTED", async (t) => {
  const server = await serveHttp2(t, (_request, response) => void response.end());
  const http = client(t, { trusted: [server.origin] });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: calm }), { code: "TLS_UNTRUSTED" });
});

test("request() refuses a certificate of another name", async (t) => {
  const server = await serveHttp2(t, (_request, response) => void response.end());
  const origin = `https://other.invalid:${server.port}`;
  const http = client(t, { trusted: [origin], ca, resolve: loopback });
  await assert.rejects(http.request({ url: new URL(origin), signal: calm }), { code: "TLS_UNTRUSTED" });
});

test("request() refuses CA certificates that are none", async (t) => {
  const http = client(t, {
    trusted: ["https://127.0.0.1:1"],
    ca: "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----",
  });
  await assert.rejects(http.request({ url: new URL("https://127.0.0.1:1"), signal: calm }), { code: "CONFIG_INVALID" });
});

test("request() asks for the CA certificates once, for its first connection with TLS", async (t) => {
  const plain = await serve(t, (_request, response) => void response.end("plain"));
  const server = await serveHttp2(t, (_request, response) => void response.end("secret"));
  let asked = 0;
  const given = () => {
    asked += 1;
    return ca;
  };
  const http = client(t, { trusted: [server.origin, plain.origin], ca: given });
  for (const [origin, count] of [
    [plain.origin, 0],
    [server.origin, 1],
    [server.origin, 1],
  ] as const) {
    await (await http.request({ url: new URL(origin), signal: calm })).discard();
    assert.equal(asked, count);
  }
});

test("request() refuses a redirect from https to http, even to an origin the config names", async (t) => {
  const plain = await serve(t, (_request, response) => void response.end("plain"));
  const server = await serveHttp2(
    t,
    (_request, response) => void response.writeHead(302, { location: plain.origin }).end(),
  );
  const http = client(t, { trusted: [server.origin, plain.origin], ca });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: calm }), { code: "REDIRECT_FORBIDDEN" });
  assert.equal(plain.connections(), 0);
});

test("request() drops Authorization when a redirect goes to another host name", async (t) => {
  const seen: string[] = [];
  const server = await serveHttp2(t, (request, response) => {
    seen.push(`${request.authority} ${request.headers.authorization ?? "none"}`);
    if (request.url === "/end") response.end();
    else response.writeHead(302, { location: `https://b.example:${server.port}/end` }).end();
  });
  const trusted = ["a", "b"].map((name) => `https://${name}.example:${server.port}`);
  const http = client(t, { trusted, ca, resolve: loopback });
  const headers = { authorization: "Bearer t" };
  await (await http.request({ url: new URL(trusted[0] ?? ""), headers, signal: calm })).discard();
  assert.deepEqual(seen, [`a.example:${server.port} Bearer t`, `b.example:${server.port} none`]);
});

test("warm() opens a TLS connection that HTTP/2 then uses, its settings read late", async (t) => {
  const server = await serveHttp2(t, (request, response) => void response.end(request.httpVersion));
  const http = client(t, { trusted: [server.origin], ca });
  http.warm(new URL(server.origin));
  for (let turn = 0; turn < 2_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const response = await http.request({ url: new URL(server.origin), signal: calm });
  assert.equal((await response.readBytes(10)).toString(), "2.0");
  assert.equal(server.connections(), 1);
});

test("warm() opens further TLS connections only to a server that does not speak HTTP/2", async (t) => {
  const both = await serveHttp2(t, (_request, response) => void response.end("x"));
  const old = await listen(
    t,
    createServer(certificate, (_request, response) => void response.end("x")),
    "https",
  );
  for (const { server, expected } of [
    { server: both, expected: 1 },
    { server: old, expected: 3 },
  ]) {
    const http = client(t, { trusted: [server.origin], ca });
    http.warm(new URL(server.origin), 3);
    const get = async () => (await http.request({ url: new URL(server.origin), signal: calm })).readBytes(10);
    await get();
    for (let turn = 0; turn < 2_000 && server.connections() < expected; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([get(), get(), get()]);
    assert.equal(server.connections(), expected);
  }
});

test("body over HTTP/2 ends with BODY_TRUNCATED when the stream is reset or the connection cut", async (t) => {
  const server = await serveHttp2(t, (request, response) => {
    response.writeHead(200, { "content-length": 10 });
    response.write("four");
    setImmediate(() => (request.url === "/reset" ? response.stream.close(2) : response.stream.session?.destroy()));
  });
  const http = client(t, { trusted: [server.origin], ca });
  for (const path of ["/reset", "/cut"]) {
    const response = await http.request({ url: new URL(path, server.origin), signal: calm });
    await assert.rejects(response.readBytes(100), { code: "BODY_TRUNCATED" }, path);
  }
});

test("body over HTTP/2 ends with NETWORK_TIMEOUT when the server falls silent", async (t) => {
  const server = await serveHttp2(t, (_request, response) => void response.write("four"));
  const response = await patiently((idleTimeoutMs) => {
    const http = client(t, { trusted: [server.origin], ca, idleTimeoutMs });
    return begun(http.request({ url: new URL(server.origin), signal: calm }));
  });
  await assert.rejects(response.readBytes(100), { code: "NETWORK_TIMEOUT" });
});

test("readBytes() over HTTP/2 leaves the connection to its other streams", async (t) => {
  const server = await serveHttp2(t, (request, response) => {
    if (request.url === "/long") response.write(Buffer.alloc(100_000));
    else response.end("short");
  });
  const http = client(t, { trusted: [server.origin], ca });
  const get = (path: string) => http.request({ url: new URL(path, server.origin), signal: calm });
  await assert.rejects((await get("/long")).readBytes(1_000), { code: "BODY_TOO_LARGE" });
  assert.equal((await (await get("/short")).readBytes(10)).toString(), "short");
  assert.equal(server.connections(), 1);
});

test("request() over HTTP/2 ends with INTERRUPTED when it is aborted", async (t) => {
  const abort = new AbortController();
  const server = await serveHttp2(t, () => abort.abort());
  const http = client(t, { trusted: [server.origin], ca });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: abort.signal }), { code: "INTERRUPTED" });
});
