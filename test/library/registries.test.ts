import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import {
  DEFAULT_RETRY,
  dockerCredentials,
  fetchBytes,
  hasCode,
  memoryCredentials,
  openRegistries,
  type PkgError,
  packManifest,
  pushBytes,
  type Registries,
  type RegistriesOptions,
} from "../../src/library.ts";
import { createAccess } from "../../src/registry/access.ts";
import { listen, serve } from "../http/local-server.ts";
import { htpasswdFile } from "../registry/htpasswd-file.ts";
import { openRegistry } from "../registry/registry-client.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const TYPE = "application/vnd.example.notes";
const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

function open(t: Cleanup, options: RegistriesOptions = {}): Registries {
  const registries = openRegistries(options);
  t.after(() => registries.close());
  return registries;
}

/** A port at which a registry of our own listens. */
async function startAt(t: TestContext, host: string, allowHosts: readonly string[] = []): Promise<number> {
  return (await openRegistry(t, { host, allowHosts })).server.port;
}

for (const [name, host] of [
  ["127.0.0.1", "127.0.0.1"],
  ["localhost", "127.0.0.1"],
  ["LocalHost", "127.0.0.1"],
  ["[::1]", "::1"],
] as const) {
  const isThere = host !== "::1" || HAS_IPV6;
  test(`openRegistries() speaks plain http with ${name} unasked`, { skip: !isThere && "no IPv6 here" }, async (t) => {
    const port = await startAt(t, host);
    const repository = open(t).repository(`${name}:${port}/a/b`);
    const layer = await pushBytes(repository, "hello");
    await packManifest(repository, { artifactType: TYPE, layers: [layer], tag: "v1" });
    assert.deepEqual(await repository.listTags(), ["v1"]);
    assert.equal((await fetchBytes(repository, layer)).toString(), "hello");
  });
}

test("listRepositories() gives the names of a registry's repositories", async (t) => {
  const port = await startAt(t, "127.0.0.1");
  const registries = open(t);
  for (const name of ["one/a", "two"]) await pushBytes(registries.repository(`127.0.0.1:${port}/${name}`), "x");
  for (const name of ["one/a", "two"]) {
    await packManifest(registries.repository(`127.0.0.1:${port}/${name}`), { artifactType: TYPE, tag: "v1" });
  }
  assert.deepEqual(await registries.listRepositories(`127.0.0.1:${port}`), ["one/a", "two"]);
  await assert.rejects(registries.listRepositories("a/b"), (error) => hasCode(error, "REFERENCE_INVALID"));
});

/** A proxy that sends every request to a registry of our own. */
async function startProxy(t: TestContext) {
  const port = await startAt(t, "127.0.0.1", ["registry.test"]);
  const asked = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const { host, pathname, search } = new URL(incoming.url ?? "");
    asked.add(host);
    const onward = request(
      { port, path: `${pathname}${search}`, method: incoming.method, headers: { ...incoming.headers, host } },
      (answer) => answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers)),
    );
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket) => {
    asked.add(incoming.url ?? "");
    const onward = connect(port, "127.0.0.1", () => socket.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
    socket.on("close", () => onward.destroy());
  });
  return { ...(await listen(t, server)), registryPort: port, asked };
}

const PLAIN = {
  plainHttp: ["registry.test:8080"],
  retry: { ...DEFAULT_RETRY, policy: { patienceMs: 0, baseMs: 1, capMs: 1 } },
};

test("openRegistries() goes through the proxy that it is given, but for registries on this machine", async (t) => {
  const proxy = await startProxy(t);
  for (const given of [proxy.origin, { http: proxy.origin }]) {
    const registries = open(t, { ...PLAIN, proxy: given });
    const repository = registries.repository("registry.test:8080/a/b");
    assert.equal((await fetchBytes(repository, await pushBytes(repository, "hello"))).toString(), "hello");
    await pushBytes(registries.repository(`127.0.0.1:${proxy.registryPort}/a/b`), "other");
  }
  assert.deepEqual([...proxy.asked], ["registry.test:8080"]);
});

test("openRegistries() uses https for a registry that is not listed in plainHttp", async (t) => {
  const proxy = await startProxy(t);
  const repository = open(t, { ...PLAIN, proxy: proxy.origin }).repository("other.test:8080/a/b");
  await assert.rejects(repository.listTags(), (error) => hasCode(error, "NETWORK_FAILED", "HTTP_FORBIDDEN"));
  assert.deepEqual([...proxy.asked], ["other.test:8080"]);
});

test("openRegistries() takes the proxy of the environment, unless it is given one or none", async (t) => {
  const proxy = await startProxy(t);
  setEnvironment(t, { HTTP_PROXY: proxy.origin, HTTPS_PROXY: proxy.origin, NO_PROXY: "exempt.test" });
  const ask = async (registry: string, options: RegistriesOptions) => {
    proxy.asked.clear();
    const repository = open(t, { ...PLAIN, plainHttp: () => true, ...options }).repository(`${registry}:8080/a/b`);
    // This host can be reached only through the proxy.
    await pushBytes(repository, "x").catch(() => {});
    return [...proxy.asked];
  };
  assert.deepEqual(await ask("registry.test", {}), ["registry.test:8080"]);
  assert.deepEqual(await ask("exempt.test", {}), []);
  assert.deepEqual(await ask("registry.test", { proxy: null }), []);
});

function setEnvironment(t: Cleanup, values: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  for (const name of ["http_proxy", "https_proxy", "all_proxy", "no_proxy", "ALL_PROXY"]) delete process.env[name];
  Object.assign(process.env, values);
  t.after(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

async function startGuarded(t: TestContext): Promise<string> {
  const { path } = htpasswdFile(t, { alice: "secret" });
  const access = await createAccess({ htpasswd: path, anonymousPull: false, onProblem: () => {} });
  return `127.0.0.1:${(await openRegistry(t, { access })).server.port}`;
}

test("openRegistries() asks anonymously unless it is given credentials", async (t) => {
  const host = await startGuarded(t);
  const push = (options: RegistriesOptions) => pushBytes(open(t, options).repository(`${host}/a/b`), "x");
  await assert.rejects(push({}), (error) => hasCode(error, "HTTP_UNAUTHORIZED"));
  await push({ credentials: memoryCredentials({ [host]: { kind: "basic", username: "alice", password: "secret" } }) });
});

test("dockerCredentials() reads the config.json in DOCKER_CONFIG", async (t) => {
  const host = await startGuarded(t);
  const directory = tempDirectory(t);
  const auth = Buffer.from("alice:secret").toString("base64");
  writeFileSync(join(directory, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
  const credentials = dockerCredentials({ env: { DOCKER_CONFIG: directory } });
  await pushBytes(open(t, { credentials }).repository(`${host}/a/b`), "x");
  assert.equal(await credentials.credentialsFor("other.example", new AbortController().signal), null);
  assert.deepEqual(Object.keys(credentials), ["credentialsFor"]);
});

test("dockerCredentials() takes this process's environment unless it is given another", async (t) => {
  const directory = tempDirectory(t);
  const auth = Buffer.from("bob:x").toString("base64");
  writeFileSync(join(directory, "config.json"), JSON.stringify({ auths: { "r.example": { auth } } }));
  setEnvironment(t, { DOCKER_CONFIG: directory });
  delete process.env["REGISTRY_AUTH_FILE"];
  const found = await dockerCredentials().credentialsFor("r.example", new AbortController().signal);
  assert.deepEqual(found, { kind: "basic", username: "bob", password: "x" });
});

test("dockerCredentials() asks the helper that the config names, and continues without one that is missing", async (t) => {
  const host = await startGuarded(t);
  const directory = tempDirectory(t);
  const helper = join(directory, "docker-credential-test");
  writeFileSync(helper, '#!/bin/sh\ncat > /dev/null\necho \'{"Username":"alice","Secret":"secret"}\'\n');
  chmodSync(helper, 0o755);
  const credHelpers = { [host]: "test", "other.example": "missing" };
  writeFileSync(join(directory, "config.json"), JSON.stringify({ credHelpers }));
  const warnings: string[] = [];
  const env = { DOCKER_CONFIG: directory, PATH: [directory, "/usr/bin", "/bin"].join(delimiter) };
  const credentials = dockerCredentials({ env, onWarning: (message) => warnings.push(message) });
  await pushBytes(open(t, { credentials }).repository(`${host}/a/b`), "x");
  assert.deepEqual(warnings, []);
  assert.equal(await credentials.credentialsFor("other.example", new AbortController().signal), null);
  assert.equal(warnings.length, 1);
});

test("a repository refuses keys that are neither a tag nor a digest, before any request", async (t) => {
  const { server } = await openRegistry(t);
  const host = new URL(server.url).host;
  const registries = open(t);
  const victim = registries.repository(`${host}/victim`);
  await packManifest(victim, { artifactType: TYPE, tag: "v1" });
  const repository = registries.repository(`${host}/a/b`);
  const key = "../../../victim/manifests/v1";
  const works = [
    () => repository.resolve(key),
    () => repository.fetchManifest(key),
    () => repository.fetchDocument(key),
    () => repository.deleteManifest(key),
    async () => {
      const document = await victim.fetchDocument("v1");
      await repository.pushManifest({ ...document, tag: key });
    },
  ];
  for (const work of works) await assert.rejects(work(), (error) => hasCode(error, "REFERENCE_INVALID"));
  assert.deepEqual(await victim.listTags(), ["v1"]);
});

test("openRegistries() retries requests as configured, and reports each retry", async (t) => {
  let refusals = 2;
  const server = await serve(t, (_request, response) => {
    refusals -= 1;
    if (refusals >= 0) response.writeHead(503).end();
    else response.setHeader("content-type", "application/json").end('{"name":"a/b","tags":["v1"]}');
  });
  const told: string[] = [];
  const retry = { ...DEFAULT_RETRY, sleep: async () => {}, onRetry: ({ code }: PkgError) => told.push(code) };
  const repository = open(t, { retry }).repository(`127.0.0.1:${server.port}/a/b`);
  assert.deepEqual(await repository.listTags(), ["v1"]);
  assert.deepEqual(told, ["SERVER_FAILED", "SERVER_FAILED"]);
});
