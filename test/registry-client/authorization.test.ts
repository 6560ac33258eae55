import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { hashSync } from "bcryptjs";
import { type Credential, type Credentials, memoryCredentials } from "../../src/credentials/credentials.ts";
import { hasCode } from "../../src/errors.ts";
import { createHttpClient } from "../../src/http/client.ts";
import type { HttpMethod } from "../../src/http/request.ts";
import { type RegistryServer, startRegistry } from "../../src/registry/server.ts";
import type { Endpoint } from "../../src/registry-client/endpoints.ts";
import { RequestSender } from "../../src/registry-client/request-sender.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { type GuardedRegistryOptions, startGuardedRegistry, type Visit } from "../support/token-server.ts";
import { digestOf, MANIFEST_TYPE } from "./local-registry.ts";
import { record } from "./recording-server.ts";

const ALL = ["pull", "push", "delete"];
const USERS = {
  alice: { password: "s3cret", rights: { "a/b": ALL, "a/c": ["pull"], catalog: ["*"] } },
  bob: { password: "b0b", rights: { "a/b": ["pull"] } },
};
const ALICE: Credential = { kind: "basic", username: "alice", password: "s3cret" };
const calm = new AbortController().signal;

const EMPTY = Buffer.from("{}");
const descriptor = (mediaType: string) => ({ mediaType, digest: digestOf(EMPTY), size: EMPTY.length });
const MANIFEST = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: descriptor("application/vnd.oci.empty.v1+json"),
    layers: [descriptor("text/plain")],
  }),
);

let root: string;
let upstream: RegistryServer;
before(async () => {
  root = mkdtempSync(join(tmpdir(), "pkg-authorization-"));
  upstream = await startRegistry({ root, port: 0 });
});
after(async () => {
  await upstream.close();
  rmSync(root, { recursive: true, force: true });
});

interface Request {
  readonly method?: HttpMethod;
  readonly name?: string;
  readonly path: string | URL;
  readonly mountFrom?: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ClientOptions {
  readonly credentials?: Credentials;
  readonly now?: () => number;
  /** What references call it; its host unless given. */
  readonly registry?: string;
  readonly presetToken?: string;
}

/** A client of a registry; `ask` returns the status, and discards the body. */
function client(t: TestContext, url: string, options: ClientOptions) {
  const { registry = null, presetToken = null, ...authorization } = options;
  const base = new URL(url);
  const http = createHttpClient({
    userAgent: "pkg/test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: 4,
    trustedOrigins: new Set([base.origin]),
    proxy: { http: null, https: null, noProxy: "" },
    ca: null,
  });
  t.after(() => http.close());
  const exchange = new RequestSender({ http, now: Date.now, ...authorization });
  const endpoint: Endpoint = { kind: "registry", base, presetToken };
  const send = ({ name = "a/b", ...request }: Request) => {
    const reference = { registry: registry ?? base.host, name, tag: null, digest: null };
    return exchange.send({ headers: {}, ...request, endpoint, reference, signal: calm });
  };
  const ask = async (request: Request) => {
    const response = await send(request);
    await response.discard();
    return response.status;
  };
  return { send, ask };
}

type Options = Partial<Omit<GuardedRegistryOptions, "upstream">>;

async function guarded(t: TestContext, options: Options & { readonly credential?: Credential | null } = {}) {
  const { credential = ALICE, ...rest } = options;
  const registry = await startGuardedRegistry({ upstream: upstream.url, users: USERS, ...rest });
  t.after(() => registry.close());
  const credentials = memoryCredentials(credential === null ? {} : { [registry.host]: credential });
  const connection = client(t, registry.url, { credentials, ...(rest.now === undefined ? {} : { now: rest.now }) });
  const tokens = () => registry.visits.filter(({ server }) => server === "token");
  return { ...connection, registry, tokens };
}

const scopesOf = (visits: readonly Visit[]) => visits.map(({ scopes }) => scopes.join(" "));

const refusals = (visits: readonly Visit[]) => visits.filter(({ status }) => status === 401).length;

/** Puts the blob and the manifest that names it. */
async function push({ send, ask }: ReturnType<typeof client>): Promise<void> {
  const begun = await send({ method: "POST", path: "blobs/uploads/" });
  assert.equal(begun.status, 202);
  const path = new URL(begun.header("location") ?? "", begun.url);
  await begun.discard();
  path.searchParams.set("digest", digestOf(EMPTY));
  assert.equal(await ask({ method: "PUT", path, body: EMPTY }), 201);
  const headers = { "content-type": MANIFEST_TYPE };
  assert.equal(await ask({ method: "PUT", path: "manifests/1", body: MANIFEST, headers }), 201);
}

test("send() gets a token with the password, for pushing when it pushes, and keeps it", async (t) => {
  const { send, ask, tokens } = await guarded(t);
  await push({ send, ask });
  assert.equal(await ask({ path: "manifests/1" }), 200);
  assert.deepEqual(scopesOf(tokens()), ["repository:a/b:pull,push"]);
  assert.equal(tokens()[0]?.user, "alice");
});

test("send() requests its old scopes together with the new ones, and alternates between them with one token", async (t) => {
  const { send, ask, registry, tokens } = await guarded(t);
  assert.notEqual(await ask({ path: "tags/list" }), 401);
  await push({ send, ask });
  assert.equal(await ask({ method: "DELETE", path: "manifests/1" }), 202);
  for (const path of ["tags/list", "manifests/1"]) await ask({ path });
  await push({ send, ask });
  assert.deepEqual(scopesOf(tokens()), [
    "repository:a/b:pull",
    "repository:a/b:pull,push",
    "repository:a/b:pull,push,delete",
  ]);
  assert.equal(refusals(registry.visits), 1);
});

test("send() also requests the scope of the repository that it mounts from", async (t) => {
  const { ask, send, registry, tokens } = await guarded(t);
  await push({ send, ask });
  const from = `blobs/uploads/?mount=${digestOf(EMPTY)}&from=a%2Fc`;
  assert.ok([201, 202].includes(await ask({ method: "POST", path: from, mountFrom: "a/c" })));
  assert.deepEqual(tokens().at(-1)?.scopes, ["repository:a/b:pull,push", "repository:a/c:pull"]);
  assert.equal(refusals(registry.visits), 1);
});

test("send() requests the catalog scope if no repository is meant", async (t) => {
  const { ask, registry, tokens } = await guarded(t);
  assert.notEqual(await ask({ name: "", path: new URL("/v2/_catalog", registry.url) }), 401);
  assert.deepEqual(scopesOf(tokens()), ["registry:catalog:*"]);
});

test("send() reads public content with an anonymous token when there is no credential", async (t) => {
  const { ask, tokens } = await guarded(t, { credential: null, anonymous: { "a/b": ["pull"] } });
  assert.notEqual(await ask({ path: "manifests/1" }), 401);
  assert.deepEqual(
    tokens().map(({ authorization }) => authorization),
    [null],
  );
});

test("send() gives up after one token that is not enough", async (t) => {
  const bob: Credential = { kind: "basic", username: "bob", password: "b0b" };
  const { ask, registry, tokens } = await guarded(t, { credential: bob });
  assert.equal(await ask({ method: "POST", path: "blobs/uploads/" }), 401);
  assert.equal(tokens().length, 1);
  assert.equal(registry.visits.length, 3);
});

test("send() ends with HTTP_UNAUTHORIZED and a hint for a wrong password, which is sent once", async (t) => {
  const wrong: Credential = { kind: "basic", username: "alice", password: "wr0ng" };
  const { ask, registry, tokens } = await guarded(t, { credential: wrong });
  await assert.rejects(ask({ path: "manifests/1" }), (error) => {
    assert.ok(hasCode(error, "HTTP_UNAUTHORIZED"));
    assert.match(error.hint ?? "", new RegExp(`pkg login ${registry.host}`));
    assert.doesNotMatch(JSON.stringify([error.message, error.hint, String(error.cause)]), /wr0ng/);
    return true;
  });
  // The other one is for reading without it, which is refused as well.
  assert.deepEqual(
    tokens().map(({ authorization }) => authorization !== null),
    [true, false],
  );
});

test("send() gets a new token when the one it has runs out, without another refusal", async (t) => {
  let now = 0;
  const { ask, registry, tokens } = await guarded(t, { now: () => now, lifetimeSeconds: 300 });
  await ask({ path: "manifests/1" });
  now = 299_000;
  await ask({ path: "manifests/1" });
  assert.equal(tokens().length, 2);
  assert.equal(registry.visits.filter(({ status }) => status === 401).length, 1);
});

test("send() gets a new token when the one it has is revoked", async (t) => {
  const { ask, registry, tokens } = await guarded(t);
  await ask({ path: "manifests/1" });
  registry.revoke();
  assert.notEqual(await ask({ path: "manifests/1" }), 401);
  assert.equal(tokens().length, 2);
});

test("send() exchanges an identity token", async (t) => {
  const credential: Credential = { kind: "identity-token", token: "id-of-alice" };
  const { send, ask, tokens } = await guarded(t, { credential, identityTokens: { "id-of-alice": "alice" } });
  await push({ send, ask });
  assert.deepEqual(
    tokens().map(({ method, authorization, user }) => [method, authorization, user]),
    [["POST", null, "alice"]],
  );
});

test("send() ends with HTTP_UNAUTHORIZED and a hint for an identity token that is not taken", async (t) => {
  const { ask, tokens } = await guarded(t, { credential: { kind: "identity-token", token: "old" } });
  await assert.rejects(ask({ path: "manifests/1" }), (error) => {
    return hasCode(error, "HTTP_UNAUTHORIZED") && (error.hint ?? "").includes("pkg login");
  });
  assert.deepEqual(
    tokens().map(({ method }) => method),
    ["POST", "GET"],
  );
});

test("send() posts the password if the token service refuses GET", async (t) => {
  const { ask, tokens } = await guarded(t, { methods: ["POST"] });
  assert.notEqual(await ask({ path: "manifests/1" }), 401);
  assert.deepEqual(
    tokens().map(({ method, status }) => `${method} ${status}`),
    ["GET 405", "POST 200"],
  );
});

test("send() sends a registry's own token as it is", async (t) => {
  const server = await record(t, ({ headers }) =>
    headers.authorization === "Bearer own"
      ? { body: "{}" }
      : { status: 401, headers: { "www-authenticate": 'Bearer realm="http://127.0.0.1:1/token"' } },
  );
  const credentials = memoryCredentials({ [new URL(server.origin).host]: { kind: "bearer", token: "own" } });
  const { ask } = client(t, server.origin, { credentials });
  assert.equal(await ask({ path: "manifests/1" }), 200);
  assert.equal(await ask({ path: "manifests/2", name: "c" }), 200);
  assert.equal(server.seen.length, 3);
});

// Look-ups.

test("send() looks no credential up while everything is answered", async (t) => {
  const asked: string[] = [];
  const server = await record(t, () => ({ body: "{}" }));
  const { ask } = client(t, server.origin, { credentials: counting(asked, ALICE) });
  for (const method of ["GET", "HEAD", "POST"] as const) assert.equal(await ask({ method, path: "manifests/1" }), 200);
  assert.deepEqual(asked, []);
});

test("send() looks a credential up once for each repository, however many requests are refused", async (t) => {
  const asked: string[] = [];
  const registry = await startGuardedRegistry({ upstream: upstream.url, users: USERS });
  t.after(() => registry.close());
  const { ask } = client(t, registry.url, { credentials: counting(asked, ALICE) });
  await Promise.all(Array.from({ length: 10 }, (_, index) => ask({ path: `manifests/${index}` })));
  await ask({ method: "POST", path: "blobs/uploads/" });
  assert.deepEqual(asked, [`${registry.host}/a/b`]);
});

test("send() looks a credential up again after a look-up that failed", async (t) => {
  const answers: (() => Promise<Credential | null>)[] = [() => Promise.reject(new Error("locked")), async () => ALICE];
  const credentials: Credentials = { credentialsFor: () => answers.shift()?.() ?? Promise.resolve(null) };
  const registry = await startGuardedRegistry({ upstream: upstream.url, users: USERS });
  t.after(() => registry.close());
  const { ask } = client(t, registry.url, { credentials });
  await assert.rejects(ask({ path: "manifests/1" }), /locked/);
  assert.notEqual(await ask({ path: "manifests/1" }), 401);
});

function counting(asked: string[], credential: Credential): Credentials {
  return {
    credentialsFor: async (location) => {
      asked.push(location);
      return credential;
    },
  };
}

// Basic.

const BASIC = `Basic ${Buffer.from("alice:s3cret").toString("base64")}`;
const basicOnly = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) =>
  headers["authorization"] === BASIC
    ? { body: "{}" }
    : { status: 401, headers: { "www-authenticate": 'Basic realm="r"' }, body: '{"errors":[{"code":"UNAUTHORIZED"}]}' };

test("send() answers a Basic challenge once, then sends the password unasked to that registry", async (t) => {
  const server = await record(t, basicOnly);
  const credentials = memoryCredentials({ [new URL(server.origin).host]: ALICE });
  const { ask } = client(t, server.origin, { credentials });
  for (const name of ["a", "b", "c/d"]) assert.equal(await ask({ name, path: "manifests/1" }), 200);
  assert.deepEqual(
    server.seen.map(({ headers }) => headers.authorization),
    [undefined, BASIC, BASIC, BASIC],
  );
});

test("send() sends no repository the password of another", async (t) => {
  const server = await record(t, ({ headers }) =>
    headers.authorization === undefined ? basicOnly({ headers }) : { body: "{}" },
  );
  const { host } = new URL(server.origin);
  const bob: Credential = { kind: "basic", username: "bob", password: "b0b" };
  const { ask } = client(t, server.origin, {
    credentials: memoryCredentials({ [`${host}/a`]: ALICE, [`${host}/b`]: bob }),
  });
  for (const name of ["a/x", "a/y", "b/x"]) await ask({ name, path: "manifests/1" });
  assert.equal(await ask({ name: "c", path: "manifests/1" }), 401);
  const ofBob = `Basic ${Buffer.from("bob:b0b").toString("base64")}`;
  const sent = server.seen.map(({ path, headers }) => `${path.split("/")[2]} ${headers.authorization}`);
  assert.deepEqual(sent, ["a undefined", `a ${BASIC}`, `a ${BASIC}`, "b undefined", `b ${ofBob}`, "c undefined"]);
});

test("send() sends a password that a registry refuses once for each request, and says what to do", async (t) => {
  const server = await record(t, basicOnly);
  const { host } = new URL(server.origin);
  const credentials = memoryCredentials({ [host]: { kind: "basic", username: "alice", password: "wr0ng" } });
  const { ask } = client(t, server.origin, { credentials });
  await assert.rejects(ask({ path: "manifests/1" }), (error) => {
    return hasCode(error, "HTTP_UNAUTHORIZED") && (error.hint ?? "").includes(`pkg login ${host}`);
  });
  assert.equal(server.seen.length, 2);
  await assert.rejects(ask({ path: "manifests/1" }), (error) => hasCode(error, "HTTP_UNAUTHORIZED"));
  assert.equal(server.seen.length, 3);
});

test("send() leaves a mount's 401 to its caller: Harbor means that the other repository is not to be had", async (t) => {
  const server = await record(t, (request) =>
    request.path.includes("mount") ? basicOnly({ headers: {} }) : basicOnly(request),
  );
  const credentials = memoryCredentials({ [new URL(server.origin).host]: ALICE });
  const { ask } = client(t, server.origin, { credentials });
  assert.equal(await ask({ method: "POST", path: "blobs/uploads/?mount=x&from=y", mountFrom: "y" }), 401);
});

const CHALLENGES: readonly (readonly [string, string, string])[] = [
  ["a token rather than the password", 'Basic realm="r", Bearer realm="ORIGIN/token"', "Bearer t"],
  ["the password where the token's realm is none", 'Bearer realm="/token", Basic realm="r"', BASIC],
  ["the password among schemes it does not know", 'Negotiate, Digest realm="r", NTLM, Basic realm="r"', BASIC],
];

for (const [name, challenge, expected] of CHALLENGES) {
  test(`send() answers several challenges with ${name}`, async (t) => {
    const server = await record(t, ({ path, headers }) => {
      if (path.startsWith("/token")) return { body: '{"token":"t"}' };
      if (headers.authorization === expected) return { body: "{}" };
      return { status: 401, headers: { "www-authenticate": challenge.replace("ORIGIN", server.origin) } };
    });
    const credentials = memoryCredentials({ [new URL(server.origin).host]: ALICE });
    assert.equal(await client(t, server.origin, { credentials }).ask({ path: "manifests/1" }), 200);
  });
}

test("send() answers 403 with the credential that it has not sent yet", async (t) => {
  const server = await record(t, (request) => ({
    ...basicOnly(request),
    ...(request.headers.authorization === BASIC ? {} : { status: 403 }),
  }));
  const credentials = memoryCredentials({ [new URL(server.origin).host]: ALICE });
  assert.equal(await client(t, server.origin, { credentials }).ask({ path: "manifests/1" }), 200);
});

// GHCR.

const DIRECT = `Bearer ${Buffer.from("ghp_x").toString("base64")}`;
const GHCR = { registry: "ghcr.io", presetToken: "QQ==" };
const GITHUB = memoryCredentials({ "ghcr.io": { kind: "basic", username: "alice", password: "ghp_x" } });

/** Public `a/b`, private `a/p`; takes a GitHub token in base64 where `takesDirect`, else only one of its token service. */
function ghcr(t: TestContext, takesDirect: boolean) {
  return record(t, ({ path, method, headers: { authorization } }) => {
    if (path.startsWith("/token")) return { body: '{"token":"real"}' };
    if (authorization === (takesDirect ? DIRECT : "Bearer real")) return { body: "{}" };
    if (authorization === undefined) return { status: 401 };
    return { status: path.startsWith("/v2/a/b/") && method === "GET" ? 200 : 403, body: "{}" };
  });
}

test("send() reads public content on ghcr.io without looking up a credential", async (t) => {
  const asked: string[] = [];
  const server = await ghcr(t, true);
  const { ask } = client(t, server.origin, { ...GHCR, credentials: counting(asked, ALICE) });
  assert.equal(await ask({ path: "manifests/1" }), 200);
  assert.deepEqual(asked, []);
});

test("send() reads private content on ghcr.io with the base64 of the GitHub token, and remembers for which repository", async (t) => {
  const server = await ghcr(t, true);
  const { ask } = client(t, server.origin, { ...GHCR, credentials: GITHUB });
  for (const name of ["a/p", "a/p", "a/b"]) assert.equal(await ask({ name, path: "manifests/1" }), 200);
  const sent = server.seen.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent, ["Bearer QQ==", DIRECT, DIRECT, "Bearer QQ=="]);
});

test("send() writes to ghcr.io with the base64 of the GitHub token at once", async (t) => {
  const server = await ghcr(t, true);
  const { ask } = client(t, server.origin, { ...GHCR, credentials: GITHUB });
  assert.equal(await ask({ method: "POST", path: "blobs/uploads/" }), 200);
  assert.deepEqual(
    server.seen.map(({ headers }) => headers.authorization),
    [DIRECT],
  );
});

test("send() falls back to the token service of ghcr.io if the base64 is refused, each tried once", async (t) => {
  const server = await ghcr(t, false);
  const { ask } = client(t, server.origin, { ...GHCR, credentials: GITHUB });
  assert.equal(await ask({ method: "POST", path: "blobs/uploads/" }), 200);
  assert.equal(await ask({ method: "PUT", path: "manifests/1" }), 200);
  const basic = `Basic ${Buffer.from("alice:ghp_x").toString("base64")}`;
  assert.deepEqual(
    server.seen.map(({ path, headers }) => `${path} ${headers.authorization}`),
    [
      `/v2/a/b/blobs/uploads/ ${DIRECT}`,
      `/token?service=127.0.0.1&scope=repository%3Aa%2Fb%3Apull%2Cpush ${basic}`,
      "/v2/a/b/blobs/uploads/ Bearer real",
      "/v2/a/b/manifests/1 Bearer real",
    ],
  );
});

test("send() gives ghcr.io up after the public token, the base64 and the token service's", async (t) => {
  const server = await record(t, ({ path }) =>
    path.startsWith("/token") ? { body: '{"token":"t"}' } : { status: 403 },
  );
  const { ask } = client(t, server.origin, { ...GHCR, credentials: GITHUB });
  assert.equal(await ask({ path: "manifests/1" }), 403);
  assert.equal(server.seen.length, 4);
});

// CNCF Distribution with htpasswd.

test("a real registry with htpasswd takes the right password, and refuses the wrong one once", async (t) => {
  const reason = skipWithout("docker-registry");
  if (reason !== false) return t.skip(reason);
  const file = join(root, "htpasswd");
  writeFileSync(file, `alice:${hashSync("s3cret", 4)}\n`);
  const variables = { REGISTRY_AUTH: "htpasswd", REGISTRY_AUTH_HTPASSWD_REALM: "r", REGISTRY_AUTH_HTPASSWD_PATH: file };
  Object.assign(process.env, variables);
  t.after(() => {
    for (const name of Object.keys(variables)) delete process.env[name];
  });
  const registry = await startDockerRegistry();
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  const right = client(t, registry.url, { credentials: memoryCredentials({ [registry.host]: ALICE }) });
  await push(right);
  assert.equal(await right.ask({ path: "manifests/1", headers: { accept: MANIFEST_TYPE } }), 200);
  assert.equal(await client(t, registry.url, {}).ask({ path: "manifests/1" }), 401);
  const wrong: Credential = { kind: "basic", username: "alice", password: "wr0ng" };
  const credentials = memoryCredentials({ [registry.host]: wrong });
  await assert.rejects(client(t, registry.url, { credentials }).ask({ path: "manifests/1" }), (error) =>
    hasCode(error, "HTTP_UNAUTHORIZED"),
  );
});
