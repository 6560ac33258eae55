import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { makeCertificate } from "../http/certificate.ts";
import {
  type Answer,
  at,
  calm,
  connect,
  manifestBytes,
  manifestReply,
  type Reply,
  type Seen,
  serve,
} from "./local-registry.ts";

const BYTES = manifestBytes();
const GHCR = parseReference("ghcr.io/a/b:1");

/** Takes only `Bearer <token>`; else names `realm`. */
function guarded({ headers }: Seen, token: string, challenge: string): Reply {
  if (headers.authorization === `Bearer ${token}`) return manifestReply(BYTES);
  return { status: 401, headers: { "www-authenticate": challenge }, body: '{"errors":[{"code":"UNAUTHORIZED"}]}' };
}

const authorizations = (seen: readonly Seen[]) =>
  seen.map(({ path, headers }) => `${path} ${headers.authorization ?? "-"}`);

test("ghcr.io is sent its public token at once: one request", async (t) => {
  const server = await serve(t, (request) => guarded(request, "QQ==", "Bearer"));
  const { client } = connect(t, { trust: [server], addressOf: () => new URL(server.origin) });
  await client.fetchManifest(GHCR, calm);
  assert.deepEqual(authorizations(server.seen), ["/v2/a/b/manifests/1 Bearer QQ=="]);
});

test("no other registry is sent the public token of ghcr.io", async (t) => {
  const server = await serve(t, () => manifestReply(BYTES));
  const { client } = connect(t, { trust: [server], addressOf: () => new URL(server.origin) });
  await client.fetchManifest(parseReference("ghcr.io.example.org/a/b:1"), calm);
  assert.deepEqual(authorizations(server.seen), ["/v2/a/b/manifests/1 -"]);
});

for (const status of [401, 403]) {
  test(`ghcr.io falls back to a token when ${status} answers its public one, without a challenge too`, async (t) => {
    const server = await serve(t, ({ path, headers }) => {
      if (path.startsWith("/token")) return { body: '{"token":"real"}' };
      return headers.authorization === "Bearer real" ? manifestReply(BYTES) : { status };
    });
    const { client } = connect(t, { trust: [server], addressOf: () => new URL(server.origin) });
    await client.fetchManifest(GHCR, calm);
    assert.deepEqual(authorizations(server.seen), [
      "/v2/a/b/manifests/1 Bearer QQ==",
      "/token?service=127.0.0.1&scope=repository%3Aa%2Fb%3Apull -",
      "/v2/a/b/manifests/1 Bearer real",
    ]);
    await client.fetchManifest(GHCR, calm);
    assert.equal(authorizations(server.seen).at(-1), "/v2/a/b/manifests/1 Bearer real");
    assert.equal(server.seen.length, 4);
  });
}

test("a token that is refused is renewed once, not for ever", async (t) => {
  const server = await serve(t, ({ path }) => {
    if (path.startsWith("/token")) return { body: '{"token":"useless"}' };
    return { status: 401, headers: { "www-authenticate": `Bearer realm="${server.origin}/token"` } };
  });
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.fetchManifest(at(server, "a/b:1"), calm), (error) => hasCode(error, "HTTP_UNAUTHORIZED"));
  assert.equal(server.seen.length, 3);
});

for (const [name, challenge, requests] of [
  ["a real token was sent, for its challenge", { "www-authenticate": 'Bearer realm="/token"' }, 3],
  ["none was sent, and it has no challenge", {}, 1],
] as const) {
  test(`a 403 is a refusal if ${name}`, async (t) => {
    const server = await serve(t, ({ path }) =>
      path.startsWith("/token") ? { body: '{"token":"t"}' } : { status: 403, headers: challenge },
    );
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchManifest(at(server, "a/b:1"), calm), (error) => hasCode(error, "HTTP_FORBIDDEN"));
    assert.equal(server.seen.length, requests);
  });
}

test("the Bearer challenge is found among several, and its parameters are asked with", async (t) => {
  const server = await serve(t, (request) => {
    if (request.path.startsWith("/auth")) return { body: '{"access_token":"t","expires_in":300}' };
    const bearer = `Bearer realm="${server.origin}/auth?account=x",service="s, t",scope="repository:other:pull"`;
    return guarded(request, "t", `Negotiate, Basic realm="x, Bearer realm=\\"y\\"", ${bearer}`);
  });
  const { client } = connect(t, { trust: [server] });
  await client.fetchManifest(at(server, "a/b:1"), calm);
  assert.equal(server.seen[1]?.path, "/auth?account=x&service=s%2C+t&scope=repository%3Aother%3Apull");
  assert.equal(server.seen[1]?.headers.authorization, undefined);
});

const LIFETIMES: readonly (readonly [string, string, number, number])[] = [
  ["60 s when expires_in is missing", '{"token":"t"}', 53, 61],
  ["60 s when expires_in is no number", '{"token":"t","expires_in":"300"}', 53, 61],
  ["60 s when expires_in is negative", '{"token":"t","expires_in":-5}', 53, 61],
  ["as long as expires_in says, less a margin", '{"token":"t","expires_in":300}', 289, 291],
];

for (const [name, body, fresh, stale] of LIFETIMES) {
  test(`a token is kept ${name}; then a new one is fetched without another refusal`, async (t) => {
    const server = await serve(t, (request) =>
      request.path.startsWith("/token") ? { body } : guarded(request, "t", `Bearer realm="${server.origin}/token"`),
    );
    let seconds = 0;
    const { client } = connect(t, { trust: [server], now: () => seconds * 1000 });
    const paths = async (at_: number) => {
      seconds = at_;
      const before = server.seen.length;
      await client.fetchManifest(at(server, "a/b:1"), calm);
      return server.seen.slice(before).map(({ path }) => (path.startsWith("/token") ? "token" : "manifest"));
    };
    assert.deepEqual(await paths(0), ["manifest", "token", "manifest"]);
    assert.deepEqual(await paths(fresh), ["manifest"]);
    assert.deepEqual(await paths(stale), ["token", "manifest"]);
  });
}

test("each repository has a token of its own", async (t) => {
  const server = await serve(t, (request) => {
    if (request.path.startsWith("/token"))
      return { body: JSON.stringify({ token: new URLSearchParams(request.path.split("?")[1]).get("scope") }) };
    const name = request.path.split("/")[2];
    return guarded(request, `repository:${name}:pull`, `Bearer realm="${server.origin}/token"`);
  });
  const { client } = connect(t, { trust: [server] });
  await client.fetchManifest(at(server, "a:1"), calm);
  await client.fetchManifest(at(server, "b:1"), calm);
  await client.fetchManifest(at(server, "a:1"), calm);
  assert.equal(server.seen.filter(({ path }) => path.startsWith("/token")).length, 2);
});

test("requests that are refused together share one token", async (t) => {
  const count = 12;
  const allRefused = Promise.withResolvers<void>();
  let refused = 0;
  const server = await serve(t, async (request) => {
    if (request.path.startsWith("/token")) {
      await allRefused.promise;
      return { body: '{"token":"t"}' };
    }
    const reply = guarded(request, "t", `Bearer realm="${server.origin}/token"`);
    refused += reply.status === 401 ? 1 : 0;
    if (refused === count) allRefused.resolve();
    return reply;
  });
  // More requests than connections: refusals that kept theirs would leave none for the token.
  const { client } = connect(t, { trust: [server] });
  await Promise.all(Array.from({ length: count }, () => client.fetchManifest(at(server, "a/b:1"), calm)));
  assert.equal(server.seen.filter(({ path }) => path.startsWith("/token")).length, 1);
  assert.equal(server.seen.length, 2 * count + 1);
});

test("a caller that gives up does not cancel the token request that others share", async (t) => {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const server = await serve(t, async (request) => {
    if (!request.path.startsWith("/token")) return guarded(request, "t", `Bearer realm="${server.origin}/token"`);
    asked.resolve();
    await released.promise;
    return { body: '{"token":"t"}' };
  });
  const { client } = connect(t, { trust: [server] });
  const controller = new AbortController();
  const first = client.fetchManifest(at(server, "a/b:1"), controller.signal);
  await asked.promise;
  const second = client.fetchManifest(at(server, "a/b:1"), calm);
  const ended = assert.rejects(first, (error) => hasCode(error, "INTERRUPTED"));
  controller.abort();
  await ended;
  released.resolve();
  assert.equal((await second).kind, "manifest");
});

test("a token service that fails is asked again with the request, and its failure is not kept", async (t) => {
  const answers: Answer[] = [{ status: 503 }, { body: '{"token":"t"}' }];
  const server = await serve(t, (request) =>
    request.path.startsWith("/token")
      ? (answers.shift() ?? { status: 500 })
      : guarded(request, "t", `Bearer realm="${server.origin}/token"`),
  );
  const { client, waits } = connect(t, { trust: [server] });
  await client.fetchManifest(at(server, "a/b:1"), calm);
  assert.equal(waits.length, 1);
});

const BAD_TOKENS: readonly (readonly [string, Reply, string])[] = [
  ["is no JSON", { body: "token" }, "HTTP_UNEXPECTED"],
  ["has no token", { body: "{}" }, "HTTP_UNEXPECTED"],
  ["is a list", { body: '["t"]' }, "HTTP_UNEXPECTED"],
  ["would split the header", { body: '{"token":"a\\r\\nx: y"}' }, "HTTP_UNEXPECTED"],
  ["is empty", { body: '{"token":""}' }, "HTTP_UNEXPECTED"],
  ["is a web page", { body: "<html>", headers: { "content-type": "text/html" } }, "NOT_A_REGISTRY"],
  ["is endless", { body: Buffer.alloc(300_000, "a") }, "BODY_TOO_LARGE"],
  ["is a refusal", { status: 403, body: '{"errors":[{"code":"DENIED"}]}' }, "HTTP_FORBIDDEN"],
];

for (const [name, reply, code] of BAD_TOKENS) {
  test(`a token answer that ${name} ends the request with ${code}`, async (t) => {
    const server = await serve(t, (request) =>
      request.path.startsWith("/token") ? reply : guarded(request, "t", `Bearer realm="${server.origin}/token"`),
    );
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(
      client.fetchManifest(at(server, "a/b:1"), calm),
      (error) =>
        hasCode(error, "HTTP_UNEXPECTED", "NOT_A_REGISTRY", "BODY_TOO_LARGE", "HTTP_FORBIDDEN") && error.code === code,
    );
    assert.equal(server.seen.length, 2);
  });
}

const REALMS: readonly (readonly [string, string, string])[] = [
  ["link-local", "http://169.254.169.254/token", "ADDRESS_FORBIDDEN"],
  ["plain http elsewhere", "http://192.0.2.1/token", "ADDRESS_FORBIDDEN"],
  ["no http", "file:///etc/passwd", "REDIRECT_FORBIDDEN"],
];

for (const [name, realm, code] of REALMS) {
  test(`a realm that is ${name} is not asked`, async (t) => {
    const server = await serve(t, (request) => guarded(request, "t", `Bearer realm="${realm}"`));
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(
      client.fetchManifest(at(server, "a/b:1"), calm),
      (error) => hasCode(error, "ADDRESS_FORBIDDEN", "REDIRECT_FORBIDDEN") && error.code === code,
    );
    assert.equal(server.seen.length, 1);
  });
}

test("a realm that leads from https to http is not asked, though it is trusted", async (t) => {
  const certificate = makeCertificate();
  const realm = await serve(t, () => ({ body: '{"token":"t"}' }));
  const server = createServer(certificate, (_, response) => {
    response.writeHead(401, { "www-authenticate": `Bearer realm="${realm.origin}/token"` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { client } = connect(t, { trust: [realm, { origin }], ca: certificate.cert, addressOf: () => new URL(origin) });
  await assert.rejects(client.fetchManifest(parseReference("r.example/a:1"), calm), (error) =>
    hasCode(error, "REDIRECT_FORBIDDEN"),
  );
  assert.equal(realm.seen.length, 0);
});

test("a challenge without a usable realm is ignored", async (t) => {
  for (const challenge of ["Bearer", 'Bearer service="s"', 'Bearer realm="token"']) {
    const server = await serve(t, (request) => guarded(request, "t", challenge));
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchManifest(at(server, "a/b:1"), calm), (error) =>
      hasCode(error, "HTTP_UNAUTHORIZED"),
    );
    assert.equal(server.seen.length, 1);
  }
});

test("credentials in a realm are not sent", async (t) => {
  const server = await serve(t, (request) =>
    request.path.startsWith("/token")
      ? { body: '{"token":"t"}' }
      : guarded(request, "t", `Bearer realm="http://user:pw@${server.host}/token"`),
  );
  const { client } = connect(t, { trust: [server] });
  await client.fetchManifest(at(server, "a/b:1"), calm);
  assert.equal(server.seen[1]?.headers.authorization, undefined);
});

test("a host that was redirected to does not say where tokens are fetched", async (t) => {
  const thief = await serve(t, (request) => guarded(request, "t", `Bearer realm="${thief.origin}/token"`));
  const server = await serve(t, () => ({ status: 307, headers: { location: `${thief.origin}/x` } }));
  const { client } = connect(t, { trust: [server, thief], addressOf: () => new URL(server.origin) });
  await assert.rejects(client.fetchManifest(GHCR, calm), (error) => hasCode(error, "HTTP_UNAUTHORIZED"));
  assert.deepEqual(authorizations(thief.seen), ["/x -"]);
});
