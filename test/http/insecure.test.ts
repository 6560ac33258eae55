import assert from "node:assert/strict";
import { createServer as createPlainServer, type Server } from "node:http";
import { createServer } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import type { HttpClientOptions } from "../../src/http/client.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { calm, client, type LocalServer, listen } from "./local-server.ts";

const certificate = makeCertificate();

/** Insecure origins are handled by the transport; the client passes its options on. */
type Options = Partial<HttpClientOptions> & { readonly insecureOrigins?: ReadonlySet<string> };

function serve(t: TestContext, location: string | null = null, own: Certificate = certificate): Promise<LocalServer> {
  const server = createServer(own, (_request, response) => {
    if (location === null) response.end("secret");
    else response.writeHead(307, { location }).end();
  });
  return listen(t, server, "https");
}

function connect(
  t: TestContext,
  insecure: readonly string[],
  options: Options & { readonly trusted: readonly string[] },
) {
  const given: Options & { readonly trusted: readonly string[] } = { ...options, insecureOrigins: new Set(insecure) };
  const http = client(t, given);
  return async (url: string) => {
    const response = await http.request({ url: new URL(url), signal: calm });
    return (await response.readBytes(100)).toString();
  };
}

test("request() takes any certificate from an origin that is named insecure", async (t) => {
  const server = await serve(t);
  const get = connect(t, [server.origin], { trusted: [server.origin] });
  assert.equal(await get(server.origin), "secret");
});

test("request() takes no unknown certificate from another port of a host that is named insecure", async (t) => {
  const [named, other] = [await serve(t), await serve(t)];
  const get = connect(t, [named.origin], { trusted: [named.origin, other.origin] });
  assert.equal(await get(named.origin), "secret");
  await assert.rejects(get(other.origin), { code: "TLS_UNTRUSTED" });
  assert.equal(await get(named.origin), "secret");
});

test("request() takes no unknown certificate from another name of a server that is named insecure", async (t) => {
  const server = await serve(t);
  const other = `https://localhost:${server.port}`;
  const get = connect(t, [server.origin], { trusted: [server.origin, other] });
  assert.equal(await get(server.origin), "secret");
  await assert.rejects(get(other), { code: "TLS_UNTRUSTED" });
});

test("request() checks the certificate of where an insecure origin redirects to", async (t) => {
  const other = await serve(t);
  const named = await serve(t, other.origin);
  const get = connect(t, [named.origin], { trusted: [named.origin, other.origin] });
  await assert.rejects(get(named.origin), { code: "TLS_UNTRUSTED" });
});

test("request() accepts any certificate only while its origin is named: the set is read for each connection", async (t) => {
  const server = await serve(t);
  const insecure = new Set<string>();
  const given: Options & { readonly trusted: readonly string[] } = {
    trusted: [server.origin],
    insecureOrigins: insecure,
  };
  const http = client(t, given);
  const get = () => http.request({ url: new URL(server.origin), signal: calm });
  await assert.rejects(get(), { code: "TLS_UNTRUSTED" });
  insecure.add(server.origin);
  await (await get()).discard();
});

test("request() still checks an origin that a CA file vouches for", async (t) => {
  const server = await serve(t);
  const foreign = await serve(t, null, makeCertificate());
  const get = connect(t, [], { trusted: [server.origin, foreign.origin], ca: certificate.cert });
  assert.equal(await get(server.origin), "secret");
  await assert.rejects(get(foreign.origin), { code: "TLS_UNTRUSTED" });
});

test("warm() opens a connection to an insecure origin that request() then uses", async (t) => {
  const server = await serve(t);
  const given: Options & { readonly trusted: readonly string[] } = {
    trusted: [server.origin],
    insecureOrigins: new Set([server.origin]),
  };
  const http = client(t, given);
  http.warm(new URL(server.origin));
  await (await http.request({ url: new URL(server.origin), signal: calm })).discard();
  assert.equal(server.connections(), 1);
});

/** A proxy that tunnels every name to this machine. */
function tunnel(): Server {
  const server = createPlainServer();
  server.on("connect", (request, socket: Socket) => {
    const port = Number(request.url?.split(":").at(-1));
    const upstream = connectTcp(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  return server;
}

test("request() through a proxy checks every server but the one that is named insecure", async (t) => {
  const server = await serve(t);
  const proxy = await listen(t, tunnel());
  const [named, other] = ["insecure.example", "checked.example"].map((host) => `https://${host}:${server.port}`);
  assert.ok(named !== undefined && other !== undefined);
  const get = connect(t, [named], { trusted: [named, other], proxy: { http: null, https: proxy.origin, noProxy: "" } });
  assert.equal(await get(named), "secret");
  await assert.rejects(get(other), { code: "TLS_UNTRUSTED" });
});

test("request() checks certificates although NODE_TLS_REJECT_UNAUTHORIZED says otherwise, through a proxy too", async (t) => {
  const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  t.after(() => {
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
  });
  const server = await serve(t);
  await assert.rejects(connect(t, [], { trusted: [server.origin] })(server.origin), { code: "TLS_UNTRUSTED" });
  const named = `https://insecure.example:${server.port}`;
  for (const [proxy, insecure] of [
    [(await listen(t, tunnel())).origin, []],
    [server.origin.replace("127.0.0.1", "localhost"), [named]],
  ] as const) {
    const get = connect(t, insecure, { trusted: [named], proxy: { http: null, https: proxy, noProxy: "" } });
    await assert.rejects(get(named), { code: "TLS_UNTRUSTED" }, `through ${proxy}`);
  }
});
