import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import type { NamedBy, Network, Purpose } from "../../src/network/network.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { makeCertificate } from "../http/certificate.ts";
import { calm, listen, serve } from "../http/local-server.ts";
import { tempHome } from "../support/temp-home.ts";
import { testNetwork } from "./test-network.ts";

const purpose = (namedBy: NamedBy): Purpose => ({ task: "do this", namedBy });

/** Each way to another machine. */
const WAYS: Readonly<Record<string, (network: Network, host: string, by: NamedBy) => Promise<unknown>>> = {
  repository: async (network, host, by) =>
    network.repository(parseReference(`${host}/a/b`), purpose(by)).resolve("1", calm),
  "repository, anonymous": async (network, host, by) =>
    network.repository(parseReference(`${host}/a/b`), { ...purpose(by), anonymous: true }).resolve("1", calm),
  openRegistry: async (network, host, by) => network.openRegistry(host, purpose(by)).client.listCatalog(host, calm),
  checkCredential: (network, host, by) =>
    network.checkCredential(host, { ...purpose(by), credential: { kind: "bearer", token: "x" }, signal: calm }),
  request: (network, host, by) => network.request({ url: new URL(`http://${host}/x`), signal: calm }, purpose(by)),
  download: (network, host, by) =>
    network.download(
      { url: new URL(`http://${host}/x`), size: null, offset: 0, validator: null, signal: calm },
      purpose(by),
    ),
};

test("createNetwork() refuses each way to another machine with --offline, and sends nothing", async (t) => {
  const server = await serve(t, (_request, response) => response.end("{}"));
  const { network } = testNetwork(t, { flags: { offline: true } });
  const host = new URL(server.origin).host;
  assert.equal(network.isOffline, true);
  for (const [name, go] of Object.entries(WAYS)) {
    const message = "Cannot do this: --offline is set";
    await assert.rejects(go(network, host, "person"), { code: "OFFLINE", message, hint: /without --offline/ }, name);
  }
  network.warm(host, "person");
  assert.equal(server.connections(), 0);
});

test("createNetwork() asks a host on this machine when a person named it, not when an index did", async (t) => {
  const server = await serve(t, (_request, response) => response.writeHead(404).end());
  const host = new URL(server.origin).host;
  for (const [name, go] of Object.entries(WAYS)) {
    for (const by of ["index", "config"] as const) {
      const { network } = testNetwork(t);
      await assert.rejects(go(network, host, by), { code: "ADDRESS_FORBIDDEN" }, `${name} ${by}`);
    }
  }
  assert.equal(server.connections(), 0);
  for (const [name, go] of Object.entries(WAYS)) {
    const before = server.connections();
    await go(testNetwork(t).network, host, "person").catch(() => {});
    assert.ok(server.connections() > before, name);
  }
});

test("createNetwork() speaks plain http to another machine only where --plain-http is about it", async (t) => {
  const url = new URL("http://registry.example/x");
  const proxy = await serve(t, (_request, response) => response.end("x"));
  const env = { HTTP_PROXY: proxy.origin };
  const ask = (plainHttp: boolean, by: NamedBy) =>
    testNetwork(t, { env, flags: { plainHttp } }).network.request({ url, signal: calm }, purpose(by));
  await assert.rejects(ask(false, "person"), { code: "ADDRESS_FORBIDDEN" });
  await assert.rejects(ask(true, "index"), { code: "ADDRESS_FORBIDDEN" });
  assert.equal((await ask(true, "person")).status, 200);
});

test("createNetwork() leaves certificates unchecked only where --insecure is about the host", async (t) => {
  const server = await listen(
    t,
    createServer(makeCertificate(), (_request, response) => response.end("x")),
    "https",
  );
  const url = new URL("/x", server.origin);
  const ask = (insecure: boolean) =>
    testNetwork(t, { flags: { insecure } }).network.request({ url, signal: calm }, purpose("person"));
  await assert.rejects(ask(false), { code: "TLS_UNTRUSTED" });
  assert.equal((await ask(true)).status, 200);
});

test("createNetwork() trusts the authorities in SSL_CERT_DIR too, and passes over what is none", async (t) => {
  const certificate = makeCertificate();
  const server = await listen(
    t,
    createServer(certificate, (_request, response) => void response.end("x")),
    "https",
  );
  const [directory, other] = [tempHome(t), tempHome(t)];
  writeFileSync(join(directory, "README"), "no certificate");
  mkdirSync(join(directory, "inner"));
  symlinkSync("nowhere", join(directory, "dangling"));
  writeFileSync(join(directory, "0d69c7e1.0"), certificate.cert);
  const own = join(other, "own.pem");
  writeFileSync(own, makeCertificate().cert);
  const ask = async (env: Readonly<Record<string, string>>) =>
    (await testNetwork(t, { env }).network.request({ url: new URL(server.origin), signal: calm }, purpose("person")))
      .status;
  assert.equal(await ask({ SSL_CERT_DIR: `/nonexistent::${directory}` }), 200);
  assert.equal(await ask({ SSL_CERT_DIR: directory, SSL_CERT_FILE: own }), 200);
  for (const env of [{}, { SSL_CERT_DIR: other }, { SSL_CERT_DIR: "", SSL_CERT_FILE: "" }]) {
    await assert.rejects(ask(env), { code: "TLS_UNTRUSTED" });
  }
});
