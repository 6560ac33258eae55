import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import { isExempt, proxyFor, proxyFromEnvironment } from "../../src/http/proxy.ts";
import { makeCertificate } from "./certificate.ts";
import { calm, client, type LocalServer, listen } from "./local-server.ts";

const certificate = makeCertificate();

interface Proxy extends LocalServer {
  /** What was asked of the proxy, with the credentials it was given. */
  readonly asked: string[];
}

/** A proxy that leads every tunnel to `target`, whatever the client requested. */
async function serveProxy(t: TestContext, target: number): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("through the proxy");
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? "none"}`);
    const onward = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    socket.on("error", () => onward.destroy()).on("close", () => onward.destroy());
    onward.on("error", () => socket.destroy());
  });
  return { ...(await listen(t, server)), asked };
}

function serveSecure(t: TestContext): Promise<LocalServer> {
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) => {
    response.end(`${request.httpVersion} ${request.headers["proxy-authorization"] ?? "none"}`);
  });
  return listen(t, server, "https");
}

test("request() tunnels https through the proxy, whose credentials go no further", async (t) => {
  const server = await serveSecure(t);
  const proxy = await serveProxy(t, server.port);
  const https = `http://user:p%40ss@127.0.0.1:${proxy.port}`;
  const http = client(t, { proxy: { http: null, https, noProxy: "" }, ca: certificate.cert });
  const response = await http.request({ url: new URL("https://registry.example/v2/"), signal: calm });
  assert.equal((await response.readBytes(100)).toString(), "2.0 none");
  const credentials = Buffer.from("user:p@ss").toString("base64");
  assert.deepEqual(proxy.asked, [`CONNECT registry.example:443 Basic ${credentials}`]);
});

test("request() tunnels through a proxy that speaks https at an address", async (t) => {
  const server = await serveSecure(t);
  const secureProxy = createHttpsServer(certificate);
  secureProxy.on("connect", (_request, socket) => {
    const onward = connect(server.port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  const { origin } = await listen(t, secureProxy, "https");
  const http = client(t, { proxy: { http: null, https: origin, noProxy: "" }, ca: certificate.cert });
  const response = await http.request({ url: new URL("https://registry.example/v2/"), signal: calm });
  assert.equal((await response.readBytes(100)).toString(), "2.0 none");
});

test("request() sends plain http to the proxy as it is", async (t) => {
  const proxy = await serveProxy(t, 1);
  const http = client(t, {
    trusted: ["http://mirror.example"],
    proxy: { http: `127.0.0.1:${proxy.port}`, https: null, noProxy: "" },
  });
  const response = await http.request({ url: new URL("http://mirror.example/x"), signal: calm });
  assert.equal((await response.readBytes(100)).toString(), "through the proxy");
  assert.deepEqual(proxy.asked, ["GET http://mirror.example/x"]);
});

test("request() goes straight to loopback, and to what NO_PROXY names", async (t) => {
  const server = await serveSecure(t);
  const proxy = await serveProxy(t, server.port);
  const origin = `https://registry.example:${server.port}`;
  const http = client(t, {
    trusted: [server.origin, origin],
    ca: certificate.cert,
    proxy: { http: proxy.origin, https: proxy.origin, noProxy: "registry.example" },
    resolve: (_hostname, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]),
  });
  for (const url of [server.origin, origin]) {
    assert.equal((await http.request({ url: new URL(url), signal: calm })).status, 200);
  }
  assert.deepEqual(proxy.asked, []);
});

test("request() refuses forbidden addresses although a proxy would be asked for them", async (t) => {
  const proxy = await serveProxy(t, 1);
  const http = client(t, { proxy: { http: proxy.origin, https: proxy.origin, noProxy: "" } });
  for (const url of ["https://169.254.169.254/", "https://10.0.0.1/"]) {
    await assert.rejects(http.request({ url: new URL(url), signal: calm }), { code: "ADDRESS_FORBIDDEN" });
  }
  assert.deepEqual(proxy.asked, []);
});

test("request() refuses a redirect to loopback from a server that is not on loopback itself", async (t) => {
  const target = await serveSecure(t);
  const redirecting = createSecureServer({ ...certificate, allowHTTP1: true }, (_request, response) => {
    response.writeHead(302, { location: target.origin }).end();
  });
  const server = await listen(t, redirecting, "https");
  const proxy = await serveProxy(t, server.port);
  const http = client(t, { proxy: { http: null, https: proxy.origin, noProxy: "" }, ca: certificate.cert });
  const url = new URL("https://registry.example/v2/");
  await assert.rejects(http.request({ url, signal: calm }), { code: "ADDRESS_FORBIDDEN" });
  assert.equal(proxy.asked.length, 1);
  assert.equal(target.connections(), 0);
});

test("request() fails with NETWORK_FAILED when the proxy refuses or is not there", async (t) => {
  const refusing = createServer();
  refusing.on("connect", (_request, socket) => void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  const proxy = await listen(t, refusing);
  for (const https of [proxy.origin, "http://127.0.0.1:1"]) {
    const http = client(t, { proxy: { http: null, https, noProxy: "" } });
    const url = new URL("https://registry.example/");
    await assert.rejects(http.request({ url, signal: calm }), { code: "NETWORK_FAILED" }, https);
  }
});

test("request() fails with NETWORK_TIMEOUT when the proxy does not answer", async (t) => {
  const silent = createServer();
  silent.on("connect", () => undefined);
  const proxy = await listen(t, silent);
  const http = client(t, { idleTimeoutMs: 50, proxy: { http: null, https: proxy.origin, noProxy: "" } });
  const url = new URL("https://registry.example/");
  await assert.rejects(http.request({ url, signal: calm }), { code: "NETWORK_TIMEOUT" });
});

test("request() fails with NETWORK_TIMEOUT when the proxy does not answer a request of plain http", {
  timeout: 120_000, // undici would wait for 300 s
}, async (t) => {
  const silent = await listen(
    t,
    createServer(() => undefined),
  );
  const proxy = { http: silent.origin, https: null, noProxy: "" };
  const http = client(t, { idleTimeoutMs: 50, trusted: ["http://mirror.example"], proxy });
  await assert.rejects(http.request({ url: new URL("http://mirror.example/x"), signal: calm }), {
    code: "NETWORK_TIMEOUT",
  });
});

const options = { http: "http://p.example:1", https: "q.example:2", noProxy: "" };

const proxyCases: readonly (readonly [string, string | undefined])[] = [
  ["http://a.example/", "http://p.example:1"],
  ["https://a.example/", "http://q.example:2"],
  ["https://10.0.0.1/", "http://q.example:2"],
  ["https://localhost:5000/", undefined],
  ["https://x.localhost/", undefined],
  ["https://127.0.0.1/", undefined],
  ["https://[::1]/", undefined],
];

for (const [url, expected] of proxyCases) {
  test(`proxyFor() sends ${url} ${expected ?? "straight"}`, () => {
    assert.equal(proxyFor(new URL(url), options)?.url.origin, expected);
  });
}

for (const https of ["socks5://p.example", "://", "http://"]) {
  test(`proxyFor() refuses the proxy "${https}"`, () => {
    assert.throws(() => proxyFor(new URL("https://a.example/"), { ...options, https }), { code: "CONFIG_INVALID" });
  });
}

test("proxyFor() names the variable of a proxy that it refuses, and says that SOCKS is not spoken", () => {
  const env = { all_proxy: "socks5h://127.0.0.1:1080", HTTP_PROXY: "ftp://p.example" };
  const proxies = proxyFromEnvironment(env);
  assert.throws(() => proxyFor(new URL("https://a.example/"), proxies), {
    message: 'Cannot use the proxy "socks5h://127.0.0.1:1080" (all_proxy): it speaks SOCKS, which pkg does not',
    hint: /^Set https_proxy to an http proxy, such as .*; or unset all_proxy/,
  });
  assert.throws(() => proxyFor(new URL("http://a.example/"), proxies), {
    message: 'Cannot use the proxy "ftp://p.example" (HTTP_PROXY): it is not an http or https URL',
    hint: /^Set HTTP_PROXY/,
  });
});

const REFUSALS: readonly (readonly [status: number, code: string, told: RegExp])[] = [
  [
    407,
    "CONFIG_INVALID",
    /through the proxy "127\.0\.0\.1:\d+" \(HTTPS_PROXY\): it wants a user name and a password \(407\)$/,
  ],
  [403, "NETWORK_FAILED", /: it forbids this host \(403\)$/],
  [502, "NETWORK_FAILED", /: it did not get through to the host \(502\)$/],
  [501, "CONFIG_INVALID", /: it answered 501, as a server that is no proxy does$/],
];

for (const [status, code, message] of REFUSALS) {
  test(`request() says what it means when a proxy answers ${status}`, async (t) => {
    const server = createServer();
    server.on("connect", (_request, socket) => void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`));
    const { port } = await listen(t, server);
    const proxy = proxyFromEnvironment({ HTTPS_PROXY: `http://127.0.0.1:${port}` });
    const http = client(t, { proxy });
    const hint = status === 407 ? /^Set HTTPS_PROXY with USER:PASSWORD@ before "127/ : /HTTPS_PROXY|NO_PROXY|later/;
    await assert.rejects(http.request({ url: new URL("https://a.example/"), signal: calm }), { code, message, hint });
  });
}

test("request() says that it is the proxy that cannot be reached", async (t) => {
  const proxy = proxyFromEnvironment({ ALL_PROXY: "127.0.0.1:1" });
  const http = client(t, { proxy, trusted: ["http://a.example"] });
  for (const address of ["https://a.example/", "http://a.example/"]) {
    await assert.rejects(http.request({ url: new URL(address), signal: calm }), {
      code: "NETWORK_FAILED",
      message: /through the proxy "127\.0\.0\.1:1" \(ALL_PROXY\): "127\.0\.0\.1:1" refuses connections \(ECONNREFUSED/,
      hint: /^Check the proxy that ALL_PROXY names/,
    });
  }
});

test("proxyFor() shows no password", () => {
  const https = "socks5://user:secret@p.example";
  assert.throws(
    () => proxyFor(new URL("https://a.example/"), { ...options, https }),
    (error: Error) => !error.message.includes("secret"),
  );
});

const exemptCases: readonly (readonly [string, string, boolean])[] = [
  ["https://a.example/", "", false],
  ["https://a.example/", "*", true],
  ["https://a.example/", "a.example", true],
  ["https://a.example/", "A.Example", true],
  ["https://a.example/", "b.example, a.example", true],
  ["https://a.example/", "b.example a.example", true],
  ["https://a.example/", "example", true],
  ["https://a.example/", ".example", true],
  ["https://a.example/", "*.example", true],
  ["https://a.example/", "xample", false],
  ["https://a.example/", "b.a.example", false],
  ["https://a.example/", "a.example:443", true],
  ["https://a.example/", "a.example:80", false],
  ["http://a.example:81/", "a.example:81", true],
  ["https://10.1.2.3/", "10.1.2.3", true],
  ["https://10.1.2.3/", "2.3", false],
  ["https://10.1.2.3/", "10.0.0.0/8", true],
  ["https://11.1.2.3/", "10.0.0.0/8", false],
  ["https://10.1.2.3/", "10.0.0.0/99", false],
  ["https://10.1.2.3/", "10.0.0.0/", false],
  ["https://a.example/", "10.0.0.0/8", false],
  ["https://[fd00::1]/", "fd00::/8", true],
  ["https://[fd00::1]/", "fd00::1", true],
  ["https://[fd00::1]:444/", "[fd00::1]:444", true],
  ["https://[fd00::1]/", "[fd00::1]:444", false],
];

for (const [url, noProxy, expected] of exemptCases) {
  test(`isExempt() says ${expected} for ${url} with NO_PROXY="${noProxy}"`, () => {
    assert.equal(isExempt(new URL(url), noProxy), expected);
  });
}
