import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Credential, memoryCredentials } from "../../src/credentials/credentials.ts";
import { hasCode } from "../../src/errors.ts";
import { createHttpClient } from "../../src/http/client.ts";
import type { Resolve } from "../../src/http/lookup.ts";
import type { HttpMethod, HttpResponse } from "../../src/http/request.ts";
import type { Endpoint } from "../../src/registry-client/endpoints.ts";
import { readPages } from "../../src/registry-client/pages.ts";
import { RequestSender, type RequestToSend } from "../../src/registry-client/request-sender.ts";
import { makeCertificate } from "../http/certificate.ts";
import { type Arrival, type RecordingServer, type Reply, record } from "./recording-server.ts";

const SECRET = "s3cret-of-alice";
const TOKEN = "t0ken-of-alice";
const ALICE: Credential = { kind: "basic", username: "alice", password: SECRET };
const BASIC = `Basic ${Buffer.from(`alice:${SECRET}`).toString("base64")}`;
const CERTIFICATE = makeCertificate();
const calm = new AbortController().signal;

/** Every name is this machine: what a hostile name server would say. */
const everyNameIsLoopback: Resolve = (_hostname, _options, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);

interface Setting {
  /** Where the registry is said to be. */
  readonly base: string;
  readonly kind?: Endpoint["kind"];
  readonly registry?: string;
  readonly credentials?: Readonly<Record<string, Credential>>;
  readonly trusted?: readonly string[];
}

/** Requests to a registry as the program makes them; every origin that a case leads to is one that the user trusts. */
function connect(t: TestContext, setting: Setting) {
  const base = new URL(setting.base);
  const http = createHttpClient({
    userAgent: "pkg/test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: 4,
    trustedOrigins: new Set([base.origin, ...(setting.trusted ?? [])]),
    proxy: { http: null, https: null, noProxy: "" },
    ca: CERTIFICATE.cert,
    resolve: everyNameIsLoopback,
  });
  t.after(() => http.close());
  const registry = setting.registry ?? base.host;
  const credentials = memoryCredentials(setting.credentials ?? { [registry]: ALICE });
  const exchange = new RequestSender({ http, now: () => 0, credentials });
  const endpoint: Endpoint = { kind: setting.kind ?? "registry", base, presetToken: null };
  const reference = { registry, name: "a/b", tag: "1", digest: null };
  const send = (request: Partial<RequestToSend> = {}): Promise<HttpResponse> =>
    exchange.send({ endpoint, reference, path: "manifests/1", headers: {}, signal: calm, ...request });
  return { send, exchange, endpoint, reference };
}

/** Lets only alice in, and answers her as `answer` says. */
function guarded(answer: (request: Arrival) => Reply) {
  return (request: Arrival): Reply => {
    if (request.headers.authorization === BASIC || request.headers.authorization === `Bearer ${TOKEN}`)
      return answer(request);
    return { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };
  };
}

/** Where a request of these servers holds what only the registry may see. */
function leaks(servers: readonly RecordingServer[], isAllowed: (request: Arrival) => boolean): readonly string[] {
  const secrets = [SECRET, TOKEN, BASIC, BASIC.slice("Basic ".length), encodeURIComponent(BASIC)];
  return servers
    .flatMap(({ seen }) => seen)
    .filter((request) => !isAllowed(request))
    .flatMap(({ authority, method, path, headers, body }) => {
      const bare = ["authorization", "cookie", "proxy-authorization"].filter((name) => headers[name] !== undefined);
      const text = JSON.stringify([path, headers, body]);
      const found = [...bare, ...secrets.filter((secret) => text.includes(secret))];
      return found.map((what) => `${method} ${authority}${path}: ${what}`);
    });
}

const reached = (server: RecordingServer, path: string) => server.seen.filter((request) => request.path === path);

// Every status with every method, to another port: the nearest thing to the same server that is another origin.

const METHODS: readonly HttpMethod[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const STATUSES = [301, 302, 303, 307, 308];

for (const method of METHODS) {
  for (const status of STATUSES) {
    test(`no credential follows a ${status} of ${method} to another port`, async (t) => {
      const other = await record(t, () => ({ body: "{}" }));
      const registry = await record(
        t,
        guarded(() => ({ status, headers: { location: `${other.origin}/moved` } })),
      );
      const { send } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
      const body = method === "GET" || method === "HEAD" ? {} : { body: Buffer.from("content") };
      await (await send({ method, ...body, headers: { accept: "a/b" } })).discard();
      assert.equal(reached(other, "/moved").length, 1);
      assert.equal(reached(other, "/moved")[0]?.headers.accept, "a/b");
      assert.deepEqual(
        leaks([other], () => false),
        [],
      );
      assert.equal(registry.seen.at(-1)?.headers.authorization, BASIC);
    });
  }
}

// Names of the same and of other origins. `P` is the registry's port, `Q` another server's.

interface NameCase {
  readonly base: string;
  readonly location: string;
  readonly keeps: boolean;
}

const at127 = "http://127.0.0.1:P/";
const atName = "http://registry.example:P/";
const NAMES: readonly NameCase[] = [
  { base: at127, location: "/moved", keeps: true },
  { base: at127, location: "moved", keeps: true },
  { base: at127, location: "//127.0.0.1:P/moved", keeps: true },
  { base: at127, location: "http://127.0.0.1:P/moved", keeps: true },
  { base: at127, location: "HTTP://127.0.0.1:P/moved", keeps: true },
  { base: at127, location: "http://127.0.0.1.:P/moved", keeps: true },
  { base: at127, location: "http://0x7f.1:P/moved", keeps: true },
  { base: at127, location: "http://2130706433:P/moved", keeps: true },
  { base: at127, location: "http://127.0.0.1:P/moved#fragment", keeps: true },
  { base: at127, location: "http://mallory:pw@127.0.0.1:P/moved", keeps: true },
  { base: at127, location: "http://localhost:P/moved", keeps: false },
  { base: at127, location: "http://LOCALHOST:P/moved", keeps: false },
  { base: at127, location: "http://localhost.:P/moved", keeps: false },
  { base: at127, location: "http://a.localhost:P/moved", keeps: false },
  { base: at127, location: "http://[::ffff:127.0.0.1]:P/moved", keeps: false },
  { base: at127, location: "http://registry.example:P/moved", keeps: false },
  { base: at127, location: "http://127.0.0.1.example:P/moved", keeps: false },
  { base: at127, location: "http://127.0.0.1:P@evil.example:Q/moved", keeps: false },
  { base: at127, location: "http://mallory:pw@localhost:P/moved", keeps: false },
  { base: at127, location: "http://127.0.0.1:Q/moved", keeps: false },
  { base: at127, location: "\\\\evil.example:Q/moved", keeps: false },
  { base: atName, location: "http://registry.example:P/moved", keeps: true },
  { base: atName, location: "http://REGISTRY.Example:P/moved", keeps: true },
  { base: atName, location: "http://registr%79.example:P/moved", keeps: true },
  { base: atName, location: "http://registry.example.:P/moved", keeps: false },
  { base: atName, location: "http://sub.registry.example:P/moved", keeps: false },
  { base: atName, location: "http://example:P/moved", keeps: false },
  { base: atName, location: "http://evilregistry.example:P/moved", keeps: false },
  { base: atName, location: "http://registry.example.evil.example:P/moved", keeps: false },
  { base: atName, location: "http://registry.example@evil.example:P/moved", keeps: false },
  { base: atName, location: "http://registry-example:P/moved", keeps: false },
  { base: atName, location: "http://127.0.0.1:P/moved", keeps: false },
  { base: atName, location: "http://registry.example:Q/moved", keeps: false },
  { base: atName, location: "//evil.example:Q/moved", keeps: false },
  { base: "http://localhost:P/", location: "http://127.0.0.1:P/moved", keeps: false },
  { base: "http://localhost:P/", location: "http://localhost:P/moved", keeps: true },
];

async function nameSetting(t: TestContext, { base, location }: NameCase, answer: (location: string) => Reply) {
  const other = await record(t, () => ({ body: "{}" }));
  const place = (text: string, port: number) => text.replaceAll(":P", `:${port}`).replaceAll(":Q", `:${other.port}`);
  const registry: RecordingServer = await record(
    t,
    guarded(({ path, method }) =>
      path.startsWith("/v2/") && !path.endsWith("moved") && method !== "PUT"
        ? answer(place(location, registry.port))
        : { body: "{}" },
    ),
  );
  const own = new URL(place(base, registry.port));
  const target = new URL(place(location, registry.port), new URL("v2/a/b/manifests/1", own));
  return { ...connect(t, { base: own.href, trusted: [target.origin] }), other, registry, own, target };
}

/** Who saw what: the registry under its own name may see alice's credential, nobody else anything. */
function assertSeen(
  { other, registry, own, target }: { other: RecordingServer; registry: RecordingServer; own: URL; target: URL },
  keeps: boolean,
): void {
  const all = [...other.seen, ...registry.seen];
  const arrived = all.filter(({ path, authority }) => path.startsWith(target.pathname) && authority === target.host);
  assert.equal(arrived.at(-1)?.headers.authorization, keeps ? BASIC : undefined);
  assert.ok(arrived.length > 0, "the target was not reached");
  assert.deepEqual(
    leaks([other, registry], ({ authority }) => authority === own.host),
    [],
  );
}

for (const name of NAMES) {
  const { base, location, keeps } = name;
  test(`a credential ${keeps ? "stays on" : "is left behind on"} a redirect from ${base} to "${location}"`, async (t) => {
    const setting = await nameSetting(t, name, (to) => ({ status: 307, headers: { location: to } }));
    await (await setting.send()).discard();
    assertSeen(setting, keeps);
  });

  test(`an upload's Location "${location}" ${keeps ? "gets" : "does not get"} the credential for ${base}`, async (t) => {
    const setting = await nameSetting(t, name, (to) => ({ status: 202, headers: { location: to } }));
    const begun = await setting.send({ method: "POST", path: "blobs/uploads/" });
    const path = new URL(begun.header("location") ?? "", begun.url);
    await begun.discard();
    if (path.pathname !== setting.target.pathname) path.pathname = setting.target.pathname;
    await (await setting.send({ method: "PUT", path, body: Buffer.from("content") })).discard();
    const all = [...setting.other.seen, ...setting.registry.seen];
    const put = all.filter(({ method, authority }) => method === "PUT" && authority === path.host);
    assert.equal(put.at(-1)?.headers.authorization, keeps ? BASIC : undefined);
    assert.equal(put.at(-1)?.body, "content");
    assert.deepEqual(
      leaks([setting.other, setting.registry], ({ authority }) => authority === setting.own.host),
      [],
    );
  });
}

// Other addresses of this machine, with servers of their own on the same port.

for (const host of ["127.0.0.2", "::1"]) {
  test(`no credential follows a redirect to the same port of ${host}`, async (t) => {
    const registry: RecordingServer = await record(
      t,
      guarded(() => ({ status: 307, headers: { location: `${other.origin}/moved` } })),
    );
    const other = await record(t, () => ({ body: "{}" }), { host, port: registry.port });
    const { send } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
    await (await send()).discard();
    assert.equal(reached(other, "/moved").length, 1);
    assert.deepEqual(
      leaks([other], () => false),
      [],
    );
  });
}

// Schemes.

test("no credential follows a redirect from http to https of the same host", async (t) => {
  const other = await record(t, () => ({ body: "{}" }), { certificate: CERTIFICATE });
  const registry = await record(
    t,
    guarded(() => ({ status: 308, headers: { location: `${other.origin}/moved` } })),
  );
  const { send } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
  await (await send()).discard();
  assert.equal(reached(other, "/moved").length, 1);
  assert.deepEqual(
    leaks([other], () => false),
    [],
  );
});

for (const [name, to] of [
  ["http on the same host", "http://registry.example:Q/moved"],
  ["http on this machine", "http://127.0.0.1:Q/moved"],
  ["a file", "file:///etc/passwd"],
  ["another protocol", "ftp://registry.example:Q/moved"],
] as const) {
  test(`a redirect from https to ${name} is not followed at all`, async (t) => {
    const other = await record(t, () => ({ body: "{}" }));
    const location = to.replace(":Q", `:${other.port}`);
    const registry = await record(
      t,
      guarded(() => ({ status: 302, headers: { location } })),
      { certificate: CERTIFICATE },
    );
    const base = `https://registry.example:${registry.port}/`;
    const { send } = connect(t, { base, trusted: [`http://registry.example:${other.port}`, other.origin] });
    await assert.rejects(send(), (error) => hasCode(error, "REDIRECT_FORBIDDEN"));
    assert.deepEqual(other.seen, []);
  });
}

test("no credential follows a redirect to another name of the same https server, and back it is not picked up", async (t) => {
  const registry: RecordingServer = await record(
    t,
    (request) => {
      const { authority, path, headers } = request;
      if (authority === `b.example:${registry.port}`) {
        return { status: 307, headers: { location: `https://registry.example:${registry.port}/back` } };
      }
      if (path === "/back") return { body: "{}" };
      if (headers.authorization !== BASIC) return { status: 401, headers: { "www-authenticate": "Basic realm=x" } };
      return { status: 307, headers: { location: `https://b.example:${registry.port}/away` } };
    },
    { certificate: CERTIFICATE },
  );
  const trusted = [`https://b.example:${registry.port}`];
  const { send } = connect(t, { base: `https://registry.example:${registry.port}/`, trusted });
  await (await send()).discard();
  assert.equal(reached(registry, "/away").length, 1);
  assert.equal(reached(registry, "/back")[0]?.headers.authorization, undefined);
  assert.deepEqual(
    leaks([registry], ({ authority }) => authority.startsWith("registry.example:")),
    [],
  );
});

// Pages of a list.

const LINKS: readonly (readonly [link: string, keeps: boolean])[] = [
  ["/v2/a/b/tags/list?last=1", true],
  ["http://127.0.0.1:P/v2/a/b/tags/list?last=1", true],
  ["http://localhost:P/v2/a/b/tags/list?last=1", false],
  ["http://127.0.0.1:Q/v2/a/b/tags/list?last=1", false],
  ["http://127.0.0.1@evil.example:Q/v2/a/b/tags/list?last=1", false],
  ["https://127.0.0.1:P/v2/a/b/tags/list?last=1", false],
];

for (const [link, keeps] of LINKS) {
  test(`the next page at "${link}" ${keeps ? "gets the credential" : "is not requested at all"}`, async (t) => {
    const other = await record(t, () => ({ body: '{"tags":[]}' }));
    const registry: RecordingServer = await record(
      t,
      guarded(({ path }) => {
        const target = link.replace(":P", `:${registry.port}`).replace(":Q", `:${other.port}`);
        return { body: '{"tags":[]}', headers: path.includes("last") ? {} : { link: `<${target}>; rel="next"` } };
      }),
    );
    const { exchange, endpoint, reference } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
    const what = { path: "tags/list", accept: "application/json", what: "list tags" };
    const pages = readPages(exchange, { endpoint, reference, ...what, signal: calm });
    const read = async () => {
      for await (const page of pages) await page.discard();
    };
    if (keeps) await read();
    else await assert.rejects(read(), (error) => hasCode(error, "REDIRECT_FORBIDDEN"));
    assert.equal(registry.seen.at(-1)?.headers.authorization, BASIC);
    assert.equal(registry.seen.at(-1)?.path.includes("last"), keeps);
    assert.deepEqual(other.seen, []);
  });
}

// A host that was redirected to may not ask for credentials either.

for (const [name, challenge] of [
  ["Basic", 'Basic realm="x"'],
  ["Bearer with a realm of its own", 'Bearer realm="ORIGIN/token",service="x"'],
] as const) {
  test(`a challenge of ${name} by a host that was redirected to is not answered`, async (t) => {
    const other: RecordingServer = await record(t, () => ({
      status: 401,
      headers: { "www-authenticate": challenge.replace("ORIGIN", other.origin) },
    }));
    const registry = await record(
      t,
      guarded(() => ({ status: 307, headers: { location: `${other.origin}/moved` } })),
    );
    const { send } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
    assert.equal((await send()).status, 401);
    assert.equal(other.seen.length, 1);
    assert.deepEqual(
      leaks([other], () => false),
      [],
    );
  });

  test(`a challenge of ${name} by the other host that an upload goes to is not answered`, async (t) => {
    const other: RecordingServer = await record(t, () => ({
      status: 401,
      headers: { "www-authenticate": challenge.replace("ORIGIN", other.origin) },
    }));
    const { send } = connect(t, { base: "http://127.0.0.1:1/", trusted: [other.origin] });
    assert.equal((await send({ method: "PATCH", path: new URL("/up", other.origin), body: "x" })).status, 401);
    assert.equal(other.seen.length, 1);
    assert.deepEqual(
      leaks([other], () => false),
      [],
    );
  });
}

// Token services.

interface Realm {
  readonly name: string;
  /** The realm's URL; `Q` is the token service's port. */
  readonly realm: string;
  readonly getsPassword: boolean;
}

const REALMS: readonly Realm[] = [
  { name: "another port of this machine", realm: "http://127.0.0.1:Q/token", getsPassword: true },
  { name: "another name of this machine", realm: "http://localhost:Q/token", getsPassword: true },
  { name: "one with user info", realm: "http://mallory:pw@127.0.0.1:Q/token", getsPassword: true },
  { name: "plain http on a named host", realm: "http://auth.example:Q/token", getsPassword: false },
  { name: "plain http under the registry's name", realm: "http://auth.127.0.0.1.example:Q/token", getsPassword: false },
];

/** Takes only TOKEN, which its realm gives. */
function tokenRegistry(realm: () => string) {
  return ({ headers }: Arrival): Reply =>
    headers.authorization === `Bearer ${TOKEN}`
      ? { body: "{}" }
      : { status: 401, headers: { "www-authenticate": `Bearer realm="${realm()}",service="s"` } };
}

for (const { name, realm, getsPassword } of REALMS) {
  test(`a token service that is ${name} ${getsPassword ? "gets" : "does not get"} the password`, async (t) => {
    const service = await record(t, () => ({ body: JSON.stringify({ token: TOKEN }) }));
    const url = realm.replace(":Q", `:${service.port}`);
    const registry = await record(
      t,
      tokenRegistry(() => url),
    );
    const { send } = connect(t, { base: `${registry.origin}/`, trusted: [new URL(url).origin] });
    if (getsPassword) {
      await (await send()).discard();
      assert.deepEqual(
        service.seen.map(({ headers }) => headers.authorization),
        [BASIC],
      );
    } else {
      await assert.rejects(send(), (error) => hasCode(error, "REDIRECT_FORBIDDEN"));
      assert.deepEqual(service.seen, []);
    }
    assert.deepEqual(
      registry.seen.map(({ headers }) => headers.authorization).filter((value) => value === BASIC),
      [],
    );
  });
}

test("an https registry's token service over http gets nothing, on this machine neither", async (t) => {
  const service = await record(t, () => ({ body: JSON.stringify({ token: TOKEN }) }));
  const registry = await record(
    t,
    tokenRegistry(() => `${service.origin}/token`),
    { certificate: CERTIFICATE },
  );
  const base = `https://registry.example:${registry.port}/`;
  const { send } = connect(t, { base, trusted: [service.origin] });
  await assert.rejects(send(), (error) => hasCode(error, "REDIRECT_FORBIDDEN"));
  assert.deepEqual(service.seen, []);
});

test("a token service on another https host gets the password, and the registry the token alone", async (t) => {
  const service = await record(t, () => ({ body: JSON.stringify({ token: TOKEN }) }), { certificate: CERTIFICATE });
  const realm = `https://b.example:${service.port}/token`;
  const registry = await record(
    t,
    tokenRegistry(() => realm),
    { certificate: CERTIFICATE },
  );
  const base = `https://registry.example:${registry.port}/`;
  const { send } = connect(t, { base, trusted: [`https://b.example:${service.port}`] });
  await (await send()).discard();
  assert.deepEqual(
    service.seen.map(({ headers }) => headers.authorization),
    [BASIC],
  );
  assert.deepEqual(
    registry.seen.map(({ headers }) => headers.authorization),
    [undefined, `Bearer ${TOKEN}`],
  );
});

test("a token service on another host is asked anonymously if no credential is configured", async (t) => {
  const service = await record(t, () => ({ body: JSON.stringify({ token: TOKEN }) }));
  const registry = await record(
    t,
    tokenRegistry(() => `http://localhost:${service.port}/token`),
  );
  const credentials = { "other.example": ALICE };
  const { send } = connect(t, { base: `${registry.origin}/`, credentials });
  await (await send()).discard();
  assert.deepEqual(
    leaks([service], () => false),
    [],
  );
  assert.equal(service.seen.length, 1);
});

for (const status of STATUSES) {
  test(`no password follows a ${status} of the token service to another origin`, async (t) => {
    const thief = await record(t, () => ({ body: '{"token":"none"}' }));
    const service = await record(t, () => ({ status, headers: { location: `${thief.origin}/token` } }));
    const registry = await record(
      t,
      tokenRegistry(() => `${service.origin}/token`),
    );
    const { send } = connect(t, { base: `${registry.origin}/`, trusted: [service.origin, thief.origin] });
    await (await send()).discard();
    // The password was left behind at its origin; then it is tried anonymously.
    assert.equal(thief.seen.length, 2);
    assert.deepEqual(
      leaks([thief], () => false),
      [],
    );
    assert.equal(service.seen[0]?.headers.authorization, BASIC);
  });

  for (const [what, credential] of [
    ["identity token", { kind: "identity-token", token: SECRET }],
    ["password in a form", ALICE],
  ] as const) {
    test(`no ${what} follows a ${status} of the token service`, async (t) => {
      const thief = await record(t, () => ({ body: '{"token":"none"}' }));
      const service = await record(t, ({ method }) =>
        method === "GET" ? { status: 405 } : { status, headers: { location: `${thief.origin}/token` } },
      );
      const registry = await record(
        t,
        tokenRegistry(() => `${service.origin}/token`),
      );
      const base = new URL(registry.origin);
      const { send } = connect(t, {
        base: base.href,
        trusted: [service.origin, thief.origin],
        credentials: { [base.host]: credential },
      });
      await assert.rejects(send(), (error) => hasCode(error, "REDIRECT_FORBIDDEN"));
      assert.deepEqual(thief.seen, []);
      assert.ok(service.seen.at(-1)?.body.includes(SECRET));
    });
  }
}

test("a bearer token stays with the registry when it redirects", async (t) => {
  const other = await record(t, () => ({ body: "{}" }));
  const registry: RecordingServer = await record(t, ({ path, headers }) => {
    if (path.startsWith("/token")) return { body: JSON.stringify({ token: TOKEN }) };
    if (headers.authorization === `Bearer ${TOKEN}`)
      return { status: 307, headers: { location: `${other.origin}/moved` } };
    return { status: 401, headers: { "www-authenticate": `Bearer realm="${registry.origin}/token"` } };
  });
  const { send } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
  await (await send()).discard();
  assert.equal(reached(other, "/moved").length, 1);
  assert.deepEqual(
    leaks([other], () => false),
    [],
  );
});

test("cookies that a server sets are sent to nobody", async (t) => {
  const other = await record(t, () => ({ body: "{}" }));
  const registry = await record(
    t,
    guarded(() => ({ status: 307, headers: { location: `${other.origin}/moved`, "set-cookie": `session=${TOKEN}` } })),
  );
  const { send } = connect(t, { base: `${registry.origin}/`, trusted: [other.origin] });
  await (await send()).discard();
  await (await send()).discard();
  assert.deepEqual(
    [...other.seen, ...registry.seen].filter(({ headers }) => headers.cookie !== undefined),
    [],
  );
});

// Mirrors.

test("a mirror is not sent the credential of the registry that it mirrors", async (t) => {
  const mirror = await record(
    t,
    guarded(() => ({ body: "{}" })),
  );
  const credentials = { "registry.example": ALICE };
  const setting = { base: `${mirror.origin}/`, kind: "mirror", registry: "registry.example", credentials } as const;
  const { send } = connect(t, setting);
  assert.equal((await send()).status, 401);
  assert.deepEqual(
    leaks([mirror], () => false),
    [],
  );
});

test("a mirror is not sent the credential for its own host on another port", async (t) => {
  const mirror = await record(
    t,
    guarded(() => ({ body: "{}" })),
  );
  const credentials = { "127.0.0.1": ALICE, "127.0.0.1:1": ALICE };
  const setting = { base: `${mirror.origin}/`, kind: "mirror", registry: "registry.example", credentials } as const;
  const { send } = connect(t, setting);
  assert.equal((await send()).status, 401);
  assert.deepEqual(
    leaks([mirror], () => false),
    [],
  );
});

test("a mirror is sent the credential for its own host, and the registry's stays away", async (t) => {
  const mirror = await record(
    t,
    guarded(() => ({ body: "{}" })),
  );
  const bob: Credential = { kind: "basic", username: "bob", password: "b" };
  const credentials = { "registry.example": bob, [`127.0.0.1:${mirror.port}`]: ALICE };
  const setting = { base: `${mirror.origin}/`, kind: "mirror", registry: "registry.example", credentials } as const;
  const { send } = connect(t, setting);
  assert.equal((await send()).status, 200);
  assert.deepEqual(
    mirror.seen.map(({ headers }) => headers.authorization),
    [undefined, BASIC],
  );
});
