import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer, request as send } from "node:http";
import { createServer } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createAccess } from "../../src/registry/access.ts";
import { openUpstream } from "../../src/serve/registry-upstream.ts";
import { makeCertificate } from "../http/certificate.ts";
import { calm, listen } from "../http/local-server.ts";
import { type TestNetworkOptions, testNetwork } from "../network/test-network.ts";
import { htpasswdFile } from "../registry/htpasswd-file.ts";
import { openRegistry, sha256, type TestRegistry } from "../registry/registry-client.ts";
import { tempDirectory } from "../support/temp-home.ts";

const BYTES = Buffer.from("some bytes");
const BLOB = `/v2/a/b/blobs/${sha256(BYTES)}`;
const UPSTREAM = "registry.example";

/** A proxy that passes everything on to `target`, and records the requests. */
async function serveProxy(t: TestContext, target: URL) {
  const asked: string[] = [];
  let [atOnce, most] = [0, 0];
  const server = createPlainServer((request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    response.on("finish", () => {
      atOnce -= 1;
    });
    const { host, pathname, search } = new URL(request.url ?? "", "http://none");
    asked.push(host);
    const { method, headers } = request;
    const options = { host: target.hostname, port: target.port, path: pathname + search, method, headers };
    const onward = send(options, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const onward = connect(Number(target.port), target.hostname, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket).pipe(onward);
    });
    socket.on("error", () => onward.destroy()).on("close", () => onward.destroy());
    onward.on("error", () => socket.destroy());
  });
  return { ...(await listen(t, server)), asked, mostAtOnce: () => most };
}

interface CacheOptions extends TestNetworkOptions {
  readonly login?: boolean;
}

/** A registry that is a cache of `registry.example`, by the network of a run with these flags. */
async function openCache(t: TestContext, { login = false, ...options }: CacheOptions): Promise<TestRegistry> {
  const { network } = testNetwork(t, options);
  const cap = { signal: calm, emit: () => {}, now: Date.now, network: async () => network };
  return openRegistry(t, { upstream: await openUpstream(cap, { registry: UPSTREAM, tagAge: "1m", login }) });
}

test("openUpstream() goes through the proxy", async (t) => {
  const upstream = await openRegistry(t, { allowHosts: [UPSTREAM] });
  await upstream.push("a/b", BYTES);
  const proxy = await serveProxy(t, new URL(upstream.server.url));
  const cache = await openCache(t, { env: { HTTP_PROXY: proxy.origin }, flags: { plainHttp: true } });
  const response = await cache.ask("GET", BLOB);
  assert.deepEqual([response.status, await response.text()], [200, "some bytes"]);
  assert.deepEqual(new Set(proxy.asked), new Set([UPSTREAM]));
});

test("openUpstream() trusts the certificates of --ca-file, through the proxy as well", async (t) => {
  const certificate = makeCertificate();
  const upstream = await openRegistry(t, { allowHosts: [UPSTREAM] });
  await upstream.push("a/b", BYTES);
  const { hostname, port } = new URL(upstream.server.url);
  const secured = createServer(certificate, (request, response) => {
    const { method, url: path, headers } = request;
    send({ hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).end();
  });
  const proxy = await serveProxy(t, new URL((await listen(t, secured, "https")).origin));
  const caFile = join(tempDirectory(t), "ca.pem");
  writeFileSync(caFile, certificate.cert);
  const env = { HTTPS_PROXY: proxy.origin };
  assert.equal((await (await openCache(t, { env })).ask("GET", BLOB)).status, 502);
  const response = await (await openCache(t, { env, flags: { caFile } })).ask("GET", BLOB);
  assert.deepEqual([response.status, await response.text()], [200, "some bytes"]);
  assert.deepEqual(new Set(proxy.asked), new Set([`CONNECT ${UPSTREAM}:443`]));
});

test("openUpstream() sends the credentials that are kept for the upstream with --upstream-login, and not without", async (t) => {
  const { path: htpasswd } = htpasswdFile(t, { ann: "right" });
  const upstream = await openRegistry(t, {
    allowHosts: [UPSTREAM],
    access: await createAccess({ htpasswd, anonymousPull: false, onProblem: () => {} }),
  });
  const authorization = `Basic ${Buffer.from("ann:right").toString("base64")}`;
  const pushed = await upstream.ask("POST", `/v2/a/b/blobs/uploads/?digest=${sha256(BYTES)}`, {
    body: new Uint8Array(BYTES),
    headers: { authorization },
  });
  assert.equal(pushed.status, 201);
  const proxy = await serveProxy(t, new URL(upstream.server.url));
  const home = tempDirectory(t);
  mkdirSync(join(home, ".docker"));
  const auths = { [UPSTREAM]: { auth: Buffer.from("ann:right").toString("base64") } };
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ auths }), { mode: 0o600 });
  const common = { env: { HTTP_PROXY: proxy.origin, HOME: home }, flags: { plainHttp: true } };
  assert.notEqual((await (await openCache(t, common)).ask("GET", BLOB)).status, 200);
  const response = await (await openCache(t, { ...common, login: true })).ask("GET", BLOB);
  assert.deepEqual([response.status, await response.text()], [200, "some bytes"]);
});

test("openUpstream() sends no more at once than --concurrency allows", async (t) => {
  const upstream = await openRegistry(t, { allowHosts: [UPSTREAM] });
  const blobs = Array.from({ length: 40 }, (_, index) => Buffer.from(`blob ${index}`));
  for (const blob of blobs) await upstream.push("a/b", blob);
  const proxy = await serveProxy(t, new URL(upstream.server.url));
  const flags = { plainHttp: true, concurrency: 1 };
  const cache = await openCache(t, { env: { HTTP_PROXY: proxy.origin }, flags });
  const statuses = await Promise.all(
    blobs.map(async (blob) => (await cache.ask("GET", `/v2/a/b/blobs/${sha256(blob)}`)).status),
  );
  assert.deepEqual(new Set(statuses), new Set([200]));
  assert.ok(proxy.mostAtOnce() <= 8, `${proxy.mostAtOnce()} at once`);
});

test("openUpstream() throws OFFLINE with --offline", async (t) => {
  const opening = openCache(t, { flags: { offline: true } });
  await assert.rejects(opening, { code: "OFFLINE", message: /^Cannot be a cache of "registry.example"/ });
});

for (const [registry, origin] of [
  ["registry.example", "https://registry.example"],
  ["https://REGISTRY.example:443/", "https://registry.example"],
  ["registry.example:5000", "https://registry.example:5000"],
] as const) {
  test(`openUpstream() knows the content of "${registry}" as that of ${origin}`, async (t) => {
    const { network } = testNetwork(t, {});
    const cap = { signal: calm, emit: () => {}, now: Date.now, network: async () => network };
    assert.equal((await openUpstream(cap, { registry, tagAge: "1m", login: false })).origin, origin);
  });
}
