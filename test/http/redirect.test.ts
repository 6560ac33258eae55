import assert from "node:assert/strict";
import type { IncomingMessage, RequestListener } from "node:http";
import { test } from "node:test";
import { type Hop, nextHop } from "../../src/http/redirect.ts";
import { calm, client, serve } from "./local-server.ts";

function to(location: string, status = 302): RequestListener {
  return (_request, response) => void response.writeHead(status, { location }).end("moved");
}

const hop: Hop = {
  url: new URL("https://a.example/x"),
  method: "GET",
  headers: { authorization: "Bearer t", cookie: "c", "proxy-authorization": "p", accept: "x/y", range: "bytes=1-2" },
  body: null,
};

const originCases: readonly (readonly [string, boolean])[] = [
  ["/other", true],
  ["https://a.example:443/other", true],
  ["https://A.example/other", true],
  ["https://a.example:444/other", false],
  ["https://b.example/other", false],
  ["https://a.example.b.example/other", false],
  ["//b.example/other", false],
];

for (const [location, kept] of originCases) {
  test(`nextHop() ${kept ? "keeps" : "drops"} credentials on the way to "${location}"`, () => {
    const { headers } = nextHop(hop, 307, location);
    const rest = { accept: "x/y", range: "bytes=1-2" };
    assert.deepEqual(headers, kept ? hop.headers : rest);
  });
}

test("nextHop() drops credentials from http to https on the same host", () => {
  const { headers } = nextHop({ ...hop, url: new URL("http://a.example/x") }, 307, "https://a.example/x");
  assert.equal(headers["authorization"], undefined);
});

/** What a server that knows itself by http alone names, behind a proxy that ends TLS; and what is meant. */
const OWN_ADDRESSES: readonly (readonly [from: string, location: string, expected: string])[] = [
  ["https://a.example/x", "http://a.example/y?z=1", "https://a.example/y?z=1"],
  ["https://a.example/x", "http://A.EXAMPLE:443/y", "https://a.example/y"],
  ["https://a.example:5000/x", "http://a.example:5000/y", "https://a.example:5000/y"],
  ["https://a.example:5000/x", "http://a.example/y", "https://a.example:5000/y"],
];

for (const [from, location, expected] of OWN_ADDRESSES) {
  test(`nextHop() takes "${location}" of ${from} for "${expected}"`, () => {
    const next = nextHop({ ...hop, url: new URL(from) }, 307, location);
    assert.equal(next.url.href, expected);
    assert.equal(next.headers["authorization"], hop.headers["authorization"]);
  });
}

for (const location of [
  "http://b.example/x",
  "http://a.example.org/x",
  "http://a.example:8080/x",
  "ftp://a.example/x",
  "file:///etc/passwd",
  "data:,x",
  "https://",
  "http://[",
]) {
  test(`nextHop() refuses "${location}" after https`, () => {
    assert.throws(() => nextHop(hop, 302, location), { code: "REDIRECT_FORBIDDEN" });
  });
}

test("nextHop() leaves user info and fragment behind", () => {
  assert.equal(nextHop(hop, 302, "https://user:pass@b.example/y#z").url.href, "https://b.example/y");
});

const methodCases: readonly (readonly [number, string, string])[] = [
  [301, "POST", "GET"],
  [302, "POST", "GET"],
  [302, "PUT", "PUT"],
  [302, "HEAD", "HEAD"],
  [303, "PUT", "GET"],
  [303, "HEAD", "HEAD"],
  [307, "POST", "POST"],
  [308, "PUT", "PUT"],
];

for (const [status, method, expected] of methodCases) {
  test(`nextHop() makes ${expected} of ${method} after ${status}`, () => {
    const found = nextHop({ ...hop, method, headers: { "content-type": "x/y" }, body: "b" }, status, "/y");
    assert.equal(found.method, expected);
    assert.equal(found.body, expected === method ? "b" : null);
    assert.equal(found.headers["content-type"], expected === method ? "x/y" : undefined);
  });
}

test("request() follows redirects, keeps Range, counts each and says where it ended", async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === "/end") response.end(request.headers.range);
    else response.writeHead(307, { location: request.url === "/start" ? "middle" : "/end" }).end();
  });
  const http = client(t, { trusted: [server.origin] });
  const url = new URL("/start", server.origin);
  const response = await http.request({ url, headers: { Range: "bytes=1-2" }, signal: calm });
  assert.equal((await response.readBytes(100)).toString(), "bytes=1-2");
  assert.equal(response.url.href, `${server.origin}/end`);
  assert.equal(http.requestCount, 3);
  assert.equal(server.connections(), 1);
});

test("request() carries Authorization to the same origin and to no other port", async (t) => {
  const seen: (string | undefined)[] = [];
  const note = (request: IncomingMessage) => seen.push(request.headers.authorization);
  const other = await serve(t, (request, response) => {
    note(request);
    response.end();
  });
  const server = await serve(t, (request, response) => {
    note(request);
    response.writeHead(302, { location: request.url === "/1" ? "/2" : other.origin }).end();
  });
  const http = client(t, { trusted: [server.origin, other.origin] });
  const headers = { Authorization: "Bearer t" };
  await (await http.request({ url: new URL("/1", server.origin), headers, signal: calm })).discard();
  assert.deepEqual(seen, ["Bearer t", "Bearer t", undefined]);
});

test("request() does not give Authorization back when a redirect returns", async (t) => {
  const seen: (string | undefined)[] = [];
  const other = await serve(t, (_request, response) => to(`${server.origin}/end`)(_request, response));
  const server = await serve(t, (request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === "/end") response.end();
    else response.writeHead(302, { location: other.origin }).end();
  });
  const http = client(t, { trusted: [server.origin, other.origin] });
  const headers = { authorization: "Bearer t" };
  await (await http.request({ url: new URL("/1", server.origin), headers, signal: calm })).discard();
  assert.deepEqual(seen, ["Bearer t", undefined]);
});

test("request() refuses a loop at once", async (t) => {
  const server = await serve(t, (request, response) => to(request.url === "/a" ? "/b" : "/a")(request, response));
  const http = client(t, { trusted: [server.origin] });
  const url = new URL("/a", server.origin);
  await assert.rejects(http.request({ url, maxRedirects: 1_000, signal: calm }), { code: "REDIRECT_FORBIDDEN" });
  assert.equal(http.requestCount, 2);
});

test("request() refuses more redirects than it may follow", async (t) => {
  let count = 0;
  const server = await serve(t, (request, response) => {
    count += 1;
    if (count > 50) response.end();
    else to(`/${count}`)(request, response);
  });
  const http = client(t, { trusted: [server.origin] });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: calm }), { code: "REDIRECT_FORBIDDEN" });
  assert.equal(http.requestCount, 6);
  const none = http.request({ url: new URL("/x", server.origin), maxRedirects: 0, signal: calm });
  await assert.rejects(none, { code: "REDIRECT_FORBIDDEN" });
  assert.equal(http.requestCount, 7);
});

test("request() takes a redirect without Location, and 304, for an answer", async (t) => {
  for (const status of [302, 304]) {
    const server = await serve(t, (_request, response) => void response.writeHead(status).end());
    const response = await client(t, { trusted: [server.origin] }).request({
      url: new URL(server.origin),
      signal: calm,
    });
    assert.equal(response.status, status);
  }
});

const metadata = [
  "http://169.254.169.254/latest/",
  "http://[fe80::1]/",
  "http://[::ffff:169.254.169.254]/",
  "http://2852039166/",
];

for (const location of metadata) {
  test(`request() refuses a redirect to "${location}", from a server on loopback too`, async (t) => {
    const server = await serve(t, to(location));
    const http = client(t, { trusted: [server.origin, new URL(location).origin] });
    await assert.rejects(http.request({ url: new URL(server.origin), signal: calm }), { code: "ADDRESS_FORBIDDEN" });
    assert.equal(http.requestCount, 1);
  });
}

test("request() follows a redirect from a loopback registry to loopback, which is as near", async (t) => {
  const blobs = await serve(t, (_request, response) => void response.end("blob"));
  const server = await serve(t, to(blobs.origin));
  const response = await client(t, { trusted: [server.origin] }).request({ url: new URL(server.origin), signal: calm });
  assert.equal((await response.readBytes(10)).toString(), "blob");
});

test("request() refuses plain http to a private address that only a server named", async (t) => {
  const server = await serve(t, to("http://10.0.0.1/"));
  const http = client(t, { trusted: [server.origin] });
  await assert.rejects(http.request({ url: new URL(server.origin), signal: calm }), { code: "ADDRESS_FORBIDDEN" });
});

test("request() treats a URL that a server named like a redirect from that server", async (t) => {
  const realm = await serve(t, (_request, response) => void response.end("token"));
  const server = await serve(t, (_request, response) => void response.writeHead(401).end());
  const http = client(t, { trusted: [server.origin] });
  const url = new URL(realm.origin);
  await assert.rejects(http.request({ url, signal: calm }), { code: "ADDRESS_FORBIDDEN" });
  await (await http.request({ url: new URL(server.origin), signal: calm })).discard();
  const response = await http.request({ url, namedBy: new URL(server.origin), signal: calm });
  assert.equal((await response.readBytes(10)).toString(), "token");
  const secure = new URL("https://registry.example/");
  await assert.rejects(http.request({ url, namedBy: secure, signal: calm }), { code: "REDIRECT_FORBIDDEN" });
});
