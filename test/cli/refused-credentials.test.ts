import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { type Arrival, type Reply, record } from "../registry-client/recording-server.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";
import { startGuardedRegistry } from "../support/token-server.ts";

const PASSWORD = "s3cret-of-alice";
const basic = (password: string) => Buffer.from(`alice:${password}`).toString("base64");

/** A registry with the public artifact a/b:1, which anyone may pull and alice may push. */
async function desk(
  t: TestContext,
  configText: (host: string) => string,
  methods: readonly ("GET" | "POST")[] = ["GET", "POST"],
) {
  const home = tempHome(t);
  const upstream = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => upstream.close());
  const users = {
    alice: { password: PASSWORD, rights: { "*": ["pull", "push"] } },
    robot: { password: "r0b0t", rights: { other: ["pull"] } },
  };
  const anonymous = { "a/b": ["pull"] };
  const registry = await startGuardedRegistry({ upstream: upstream.url, users, anonymous, methods });
  t.after(() => registry.close());
  writeFileSync(join(home, "a.txt"), "public\n");
  const direct = new URL(upstream.url).host;
  for (const name of ["a/b", "a/private"]) {
    assert.equal((await runPkg(["oci", "push", `${direct}/${name}:1`, "a.txt"], { home })).code, 0);
  }
  mkdirSync(join(home, ".docker"));
  const config = join(home, ".docker/config.json");
  writeFileSync(config, configText(registry.host));
  const pkg = (...args: readonly string[]) => runPkg(args, { home, env: { PKG_RETRY_FOR: "0s" } });
  return { home, config, host: registry.host, registry, pkg };
}

const stale = (host: string) => JSON.stringify({ auths: { [host]: { auth: basic("stale") } } });

test("a stale login does not keep what is public out of reach: it is read anonymously, and the file is named", async (t) => {
  const { home, host, config, pkg, registry } = await desk(t, stale);
  const { code, stderr } = await pkg("oci", "pull", `${host}/a/b:1`, "-o", "out");
  assert.equal(code, 0, stderr);
  assert.equal(readFileSync(join(home, "out/a.txt"), "utf8"), "public\n");
  assert.equal(stderr.split("refuses the credentials").length, 2, stderr);
  assert.ok(stderr.includes(`"${host}" refuses the credentials from "${config}"; reading anonymously`), stderr);
  // Nothing but the first request tries the password.
  assert.equal(registry.visits.filter(({ authorization }) => authorization === `Basic ${basic("stale")}`).length, 1);
});

test("a stale login is the reason why what is private cannot be read, and why nothing can be written", async (t) => {
  const { host, config, pkg } = await desk(t, stale);
  for (const words of [
    ["pull", `${host}/a/private:1`, "-o", "out"],
    ["push", `${host}/a/b:2`, "a.txt"],
  ]) {
    const { code, stderr } = await pkg("oci", ...words);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`pkg login ${host}`));
    assert.ok(stderr.includes(`those that were refused come from "${config}"`), stderr);
  }
});

for (const [name, text] of [
  ["is no JSON", "{"],
  ["has an entry that cannot be read", "ENTRY"],
] as const) {
  test(`a credential file that ${name} keeps nobody from reading what is public, and stops writing`, async (t) => {
    const { host, config, pkg } = await desk(t, (host) =>
      text === "ENTRY" ? JSON.stringify({ auths: { [host]: { auth: "***" } } }) : text,
    );
    const read = await pkg("oci", "pull", `${host}/a/b:1`, "-o", "out");
    assert.equal(read.code, 0, read.stderr);
    assert.ok(read.stderr.includes(`Cannot use credentials "${config}"`), read.stderr);
    assert.match(read.stderr, /reading anonymously/);
    for (const words of [
      ["push", `${host}/a/b:2`, "a.txt"],
      ["pull", `${host}/a/private:1`, "-o", "private"],
    ]) {
      const { code, stderr } = await pkg("oci", ...words);
      assert.equal(code, 1, stderr);
      assert.ok(stderr.includes(`Cannot use credentials "${config}"`), stderr);
    }
  });
}

/** A registry that offers a token first, as Harbor does, and takes only the password then. */
async function harbor(t: TestContext, token: Reply) {
  const home = tempHome(t);
  const isRight = ({ headers }: Arrival) => headers.authorization === `Basic ${basic(PASSWORD)}`;
  const server = await record(t, (request) => {
    if (request.path.startsWith("/token")) return token;
    if (isRight(request))
      return { headers: { "content-type": "application/json" }, body: '{"name":"a/b","tags":["1"]}' };
    const bearer = `Bearer realm="http://${request.authority}/token",service="s"`;
    const challenge = request.headers.authorization === undefined ? [bearer, 'Basic realm="r"'] : 'Basic realm="r"';
    return { status: 401, headers: { "www-authenticate": challenge } };
  });
  const { host } = new URL(server.origin);
  mkdirSync(join(home, ".docker"));
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ auths: { [host]: { auth: basic(PASSWORD) } } }));
  const result = await runPkg(["oci", "tags", `${host}/a/b`], { home, env: { PKG_RETRY_FOR: "0s" } });
  return { ...result, seen: server.seen };
}

for (const [name, token] of [
  ["after a token that it refuses", { body: '{"token":"t"}' }],
  ["where its token service is a web page", { body: "<html>", headers: { "content-type": "text/html" } }],
  ["where its token service is gone", { status: 404 }],
] as const) {
  test(`a challenge for the password is answered ${name}`, async (t) => {
    const { code, stdout, stderr } = await harbor(t, token);
    assert.deepEqual([code, stdout], [0, "1\n"], stderr);
  });
}

test("a login that gives no access to what is public is left out: it is read anonymously, and the file is named", async (t) => {
  const { home, host, config, pkg } = await desk(t, (host) =>
    JSON.stringify({ auths: { [host]: { auth: Buffer.from("robot:r0b0t").toString("base64") } } }),
  );
  const { code, stderr } = await pkg("oci", "pull", `${host}/a/b:1`, "-o", "out");
  assert.equal(code, 0, stderr);
  assert.equal(readFileSync(join(home, "out/a.txt"), "utf8"), "public\n");
  const warning = `"${host}/a/b" cannot be read with the credentials from "${config}"; reading anonymously`;
  assert.equal(stderr.split(warning).length, 2, stderr);
  assert.equal((await pkg("oci", "pull", `${host}/a/private:1`, "-o", "private")).code, 1);
});

test("an identity token that the token service does not take keeps nobody from reading what is public", async (t) => {
  const { host, pkg } = await desk(t, (host) => JSON.stringify({ auths: { [host]: { identitytoken: "old" } } }), [
    "GET",
  ]);
  const { code, stderr } = await pkg("oci", "pull", `${host}/a/b:1`, "-o", "out");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /refuses the credentials .*; reading anonymously/);
});
