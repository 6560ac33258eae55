import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer as createSecureServer } from "node:https";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { makeCertificate } from "../http/certificate.ts";
import { listen } from "../http/local-server.ts";
import { type Reply, record } from "../registry-client/recording-server.ts";
import { jsonOf, type RunResult, runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";
import { startGuardedRegistry } from "../support/token-server.ts";

const PASSWORD = "s3cret-of-alice";
const BASIC = `Basic ${Buffer.from(`alice:${PASSWORD}`).toString("base64")}`;
const basicOnly = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): Reply =>
  headers["authorization"] === BASIC
    ? { body: "{}" }
    : { status: 401, headers: { "www-authenticate": "Basic realm=r" } };

const configOf = (home: string) => join(home, ".docker", "config.json");
const hostOf = (origin: string) => new URL(origin).host;

function login(home: string, registry: string, password: string, ...more: readonly string[]): Promise<RunResult> {
  return runPkg(["login", registry, "--username", "alice", "--password-stdin", ...more], { home, stdin: password });
}

/** Checks that the output holds no secret, whatever happened. */
function assertSilent({ stdout, stderr }: RunResult): void {
  assert.doesNotMatch(stdout + stderr, new RegExp(`${PASSWORD}|${BASIC.slice("Basic ".length)}`));
}

async function guarded(t: TestContext) {
  const upstream = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => upstream.close());
  const users = { alice: { password: PASSWORD, rights: { "*": ["pull", "push", "delete"] } } };
  const registry = await startGuardedRegistry({ upstream: upstream.url, users, identityTokens: { id: "alice" } });
  t.after(() => registry.close());
  return registry;
}

test("pkg login checks the password, keeps it in docker's file, and prints no secret; pkg logout removes it", async (t) => {
  const home = tempHome(t);
  const server = await record(t, basicOnly);
  const host = hostOf(server.origin);
  const result = await login(home, host, `${PASSWORD}\n`);
  assert.equal(result.code, 0, result.stderr);
  assertSilent(result);
  assert.match(result.stderr, /unencrypted/);
  assert.equal(statSync(configOf(home)).mode & 0o777, 0o600);
  const kept = { auths: { [host]: { auth: BASIC.slice("Basic ".length) } } };
  assert.deepEqual(JSON.parse(readFileSync(configOf(home), "utf8")), kept);
  assert.deepEqual(
    server.seen.map(({ path, headers }) => `${path} ${headers.authorization}`),
    ["/v2/ undefined", `/v2/ ${BASIC}`],
  );
  const out = await runPkg(["logout", host, "--json"], { home });
  const places = [{ kind: "file", file: configOf(home) }];
  assert.deepEqual(jsonOf(out), { dryRun: false, registry: host, places });
  assert.deepEqual(JSON.parse(readFileSync(configOf(home), "utf8")), { auths: {} });
  const again = await runPkg(["logout", host], { home });
  assert.equal(again.code, 0);
  assert.match(again.stdout, /Nothing is kept/);
});

test("pkg login refuses a wrong password and keeps nothing", async (t) => {
  const home = tempHome(t);
  const server = await record(t, basicOnly);
  const result = await login(home, hostOf(server.origin), "wr0ng");
  assert.equal(result.code, 1);
  assert.doesNotMatch(result.stdout + result.stderr, /wr0ng/);
  assert.equal(server.seen.length, 2);
  assert.ok(!existsSync(configOf(home)));
});

test("pkg login checks the password with the token service, for no repository", async (t) => {
  const home = tempHome(t);
  const registry = await guarded(t);
  const refused = await login(home, registry.host, "wr0ng");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /pkg login/);
  const result = await login(home, registry.host, PASSWORD, "--json");
  assert.equal(result.code, 0, result.stderr);
  assertSilent(result);
  const place = { kind: "file", file: configOf(home) };
  const { warnings: _, ...told } = Object(jsonOf(result));
  assert.deepEqual(told, { dryRun: false, registry: registry.host, username: "alice", place, checked: true });
  const tokens = registry.visits.filter(({ server }) => server === "token");
  // The last is with a password that nobody has: the service does refuse some.
  assert.deepEqual(
    tokens.map(({ status, scopes }) => [status, scopes]),
    [
      [401, []],
      [200, []],
      [401, []],
    ],
  );
});

test("pkg login keeps an identity token", async (t) => {
  const home = tempHome(t);
  const registry = await guarded(t);
  const args = ["login", registry.host, "--identity-token", "--password-stdin"];
  assert.equal((await runPkg(args, { home, stdin: "other" })).code, 1);
  assert.equal((await runPkg(args, { home, stdin: "id" })).code, 0);
  assert.deepEqual(JSON.parse(readFileSync(configOf(home), "utf8")).auths[registry.host], { identitytoken: "id" });
});

test("pkg oci tags uses what pkg login keeps", async (t) => {
  const home = tempHome(t);
  const registry = await guarded(t);
  const tags = () => runPkg(["oci", "tags", `${registry.host}/a/b`], { home });
  const before = await tags();
  assert.equal(before.code, 1);
  assert.match(before.stderr, /answered 401/);
  await login(home, registry.host, PASSWORD);
  const after = await tags();
  assert.doesNotMatch(after.stderr, /answered 401/);
  assert.equal(registry.visits.at(-1)?.status, 404);
});

test("pkg login warns of a registry that does not ask", async (t) => {
  const home = tempHome(t);
  const server = await record(t, () => ({ body: "{}" }));
  const result = await login(home, hostOf(server.origin), PASSWORD, "--json");
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stderr, /could not be checked/);
  assert.deepEqual(
    server.seen.map(({ headers }) => headers.authorization),
    [undefined],
  );
});

/** A registry that anyone may read, where `check` decides about passwords, and its answers to `/v2/`. */
function open(t: TestContext, challenge: (host: string) => string | null, token: (password: string) => Reply) {
  return record(t, ({ path, headers, authority }) => {
    const [scheme, text = ""] = (headers.authorization ?? "").split(" ");
    const password = scheme === "Basic" ? Buffer.from(text, "base64").toString().slice("alice:".length) : "";
    if (path.startsWith("/token")) return token(password);
    if (scheme === "Basic") return token(password);
    const said = challenge(authority);
    return { headers: said === null ? {} : { "www-authenticate": said }, body: "{}" };
  });
}

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`;
const given = (token: string): Reply => ({ body: JSON.stringify({ token }) });
const bearer = (host: string) => `Bearer realm="http://${host}/token",service="s"`;
const strict = (password: string) => (password === PASSWORD ? given("t") : { status: 401 });

const PROVING: readonly (readonly [string, (host: string) => string, (password: string) => Reply])[] = [
  ["a token", bearer, strict],
  ["a token that names its user", bearer, (password) => given(jwt({ sub: password === PASSWORD ? "alice" : "" }))],
  ["the password itself", () => 'Basic realm="r"', strict],
  ["a token service that answers 403", bearer, (password) => (password === PASSWORD ? given("t") : { status: 403 })],
];

for (const [name, challenge, token] of PROVING) {
  test(`pkg login proves the password by ${name} where anyone may read`, async (t) => {
    const home = tempHome(t);
    const host = hostOf((await open(t, challenge, token)).origin);
    assert.equal((await login(home, host, PASSWORD)).code, 0);
    const kept = readFileSync(configOf(home), "utf8");
    const wrong = await login(home, host, "wr0ng");
    assert.equal(wrong.code, 1, wrong.stderr);
    assert.equal(readFileSync(configOf(home), "utf8"), kept);
  });
}

for (const [name, wrong] of [
  ["a registry refuses the token for any other", given("b")],
  ["a token service fails over any other", { status: 500 }],
  ["a token service does not understand any other", { status: 422 }],
] as const) {
  test(`pkg login proves the password where ${name}`, async (t) => {
    const home = tempHome(t);
    const server = await record(t, ({ path, headers, authority }) => {
      if (path.startsWith("/token")) return headers.authorization === BASIC ? given("a") : wrong;
      if (headers.authorization === "Bearer a") return { body: "{}" };
      return { status: 401, headers: { "www-authenticate": bearer(authority) } };
    });
    const host = hostOf(server.origin);
    const right = await login(home, host, PASSWORD);
    assert.equal(right.code, 0, right.stderr);
    const kept = readFileSync(configOf(home), "utf8");
    const refused = await login(home, host, "wr0ng");
    assert.notEqual(refused.code, 0);
    assert.doesNotMatch(refused.stderr, /"\*\*\*"/);
    assert.equal(readFileSync(configOf(home), "utf8"), kept);
  });
}

test("pkg login keeps nothing for a registry that sends requests on to another", async (t) => {
  const home = tempHome(t);
  const other = await record(t, basicOnly);
  const server = await record(t, () => ({ status: 307, headers: { location: `${other.origin}/v2/` } }));
  const open = await record(t, () => ({ body: "{}" }));
  const open307 = await record(t, () => ({ status: 307, headers: { location: `${open.origin}/v2/` } }));
  for (const { origin } of [server, open307]) assert.equal((await login(home, hostOf(origin), PASSWORD)).code, 1);
  assert.equal(existsSync(configOf(home)), false);
});

const UNPROVED: readonly (readonly [string, (host: string) => string | null, (password: string) => Reply, RegExp])[] = [
  ["a token service gives anyone a token", bearer, () => given("anonymous"), /accepts any credentials/],
  ["a token names nobody", bearer, () => given(jwt({ sub: "" })), /accepts any credentials/],
  ["a registry takes any password", () => 'Basic realm="r"', () => ({ body: "{}" }), /accepts any credentials/],
  ["a registry asks nobody", () => null, strict, /does not ask/],
];

for (const [name, challenge, token, expected] of UNPROVED) {
  test(`pkg login leaves what it kept where ${name}, unless --unchecked`, async (t) => {
    const home = tempHome(t);
    const host = hostOf((await open(t, challenge, token)).origin);
    mkdirSync(join(home, ".docker"));
    const before = JSON.stringify({ auths: { [host]: { auth: BASIC.slice("Basic ".length) } } });
    writeFileSync(configOf(home), before);
    const refused = await login(home, host, "wr0ng");
    assert.equal(refused.code, 1, refused.stderr);
    assert.match(refused.stderr, expected);
    assert.match(refused.stderr, /could not be checked; what was kept is unchanged.*--unchecked/s);
    assert.equal(readFileSync(configOf(home), "utf8"), before);
    const kept = await login(home, host, "other", "--unchecked", "--json");
    assert.equal(Reflect.get(Object(jsonOf(kept)), "checked"), false);
    assert.notEqual(readFileSync(configOf(home), "utf8"), before);
  });
}

test("pkg login asks for the password after a token, where the registry does", async (t) => {
  const home = tempHome(t);
  const server = await record(t, (request) => {
    if (request.path.startsWith("/token")) return given("t");
    if (request.headers.authorization === BASIC) return { body: "{}" };
    const challenges = request.headers.authorization === undefined ? [bearer(request.authority)] : [];
    return { status: 401, headers: { "www-authenticate": [...challenges, 'Basic realm="r"'] } };
  });
  const host = hostOf(server.origin);
  assert.equal((await login(home, host, "wr0ng")).code, 1);
  assert.equal((await login(home, host, `${PASSWORD}\r\n`)).code, 0);
});

const BAD: readonly (readonly [string, readonly string[], string, number, RegExp])[] = [
  ["a password in the arguments", ["r.example", "--password", PASSWORD], "", 2, /--password-stdin/],
  ["-p", ["r.example", "-p", PASSWORD], "", 2, /--password-stdin/],
  ["no user name and nobody to ask", ["r.example", "--password-stdin"], PASSWORD, 2, /--username/],
  ["no password and nobody to ask", ["r.example", "-u", "alice"], "", 2, /--password-stdin/],
  ["an empty password", ["127.0.0.1:1", "-u", "alice", "--password-stdin"], "\n", 1, /empty/],
  ["a password of two lines", ["127.0.0.1:1", "-u", "alice", "--password-stdin"], `${PASSWORD}\nx\n`, 1, /line break/],
  ["a user name with a colon", ["127.0.0.1:1", "-u", "a:b", "--password-stdin"], PASSWORD, 1, /":"/],
  ["a repository", ["ghcr.io/a/b", "-u", "alice", "--password-stdin"], PASSWORD, 2, /ghcr\.io/],
  ["a URL", ["https://ghcr.io", "-u", "alice", "--password-stdin"], PASSWORD, 2, /Leave out/],
  ["--offline", ["ghcr.io", "--offline", "-u", "alice", "--password-stdin"], PASSWORD, 1, /--offline/],
];

for (const [name, args, stdin, code, expected] of BAD) {
  test(`pkg login refuses ${name} with exit code ${code}, and prints no secret`, async (t) => {
    const home = tempHome(t);
    const result = await runPkg(["login", ...args], { home, stdin });
    assert.equal(result.code, code, result.stderr);
    assert.match(result.stderr, expected);
    assertSilent(result);
    assert.ok(!existsSync(configOf(home)));
  });
}

test("pkg login refuses a web page", async (t) => {
  const server = await record(t, () => ({ body: "<html>", headers: { "content-type": "text/html" } }));
  const result = await login(tempHome(t), hostOf(server.origin), PASSWORD);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /web page/);
});

test("pkg login gives the secret to the credential helper that docker's file names", async (t) => {
  const home = tempHome(t);
  const bin = join(home, "helpers");
  mkdirSync(bin);
  const program = join(bin, "docker-credential-test");
  writeFileSync(program, `#!/bin/sh\ncat > "${home}/stored-$1"\n`);
  chmodSync(program, 0o755);
  mkdirSync(join(home, ".docker"));
  writeFileSync(configOf(home), '{"credsStore":"test"}');
  const server = await record(t, basicOnly);
  const args = ["login", hostOf(server.origin), "-u", "alice", "--password-stdin"];
  const result = await runPkg(args, { home, stdin: PASSWORD, env: { PATH: `${bin}:/usr/bin:/bin` } });
  assert.equal(result.code, 0, result.stderr);
  assertSilent(result);
  assert.doesNotMatch(result.stderr, /unencrypted/);
  assert.equal(JSON.parse(readFileSync(join(home, "stored-store"), "utf8")).Secret, PASSWORD);
  assert.doesNotMatch(readFileSync(configOf(home), "utf8"), /auth"/);
});

test("pkg login --insecure takes a certificate that nobody vouches for, else --ca-file must", async (t) => {
  const home = tempHome(t);
  const certificate = makeCertificate();
  const server = await listen(
    t,
    createSecureServer(certificate, (request, response) => {
      if (request.headers.authorization === BASIC) response.end("{}");
      else response.writeHead(401, { "www-authenticate": "Basic realm=r" }).end();
    }),
    "https",
  );
  const host = hostOf(server.origin);
  const tls = ["oci", "login", host, "--no-plain-http", "-u", "alice", "--password-stdin"];
  const refused = await runPkg(tls, { home, stdin: PASSWORD });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /certificate/);
  assert.equal((await runPkg([...tls, "--insecure"], { home, stdin: PASSWORD })).code, 0);
  const ca = join(home, "ca.pem");
  writeFileSync(ca, certificate.cert);
  const vouched = await runPkg([...tls, "--ca-file", ca], { home, stdin: PASSWORD });
  assert.equal(vouched.code, 0, vouched.stderr);
});
