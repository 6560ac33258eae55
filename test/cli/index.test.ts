import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { publicKeyFile, secretKeyOf } from "../../src/sign/secret-key.ts";
import { encodeSecretKeyFile } from "../../src/sign/secret-key-file.ts";
import { skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { minisign } from "../support/minisign.ts";
import { jsonOf, type RunResult, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

interface Workplace {
  readonly home: string;
  /** Runs pkg and expects it to end well. */
  pkg(...args: readonly string[]): Promise<RunResult>;
  /** Runs pkg and expects it to exit with `code`; returns its output. */
  failing(code: number, ...args: readonly string[]): Promise<string>;
  /** Publishes a script for two platforms. */
  publish(name: string, version: string): Promise<RunResult>;
}

/** A home with a key, and a script to publish. */
async function workplace(t: TestContext, host: string): Promise<Workplace> {
  const home = tempHome(t);
  const run = (args: readonly string[]) => runPkg(args, { home });
  const pkg = async (...args: readonly string[]) => {
    const result = await run(args);
    assert.equal(result.code, 0, `${args.join(" ")}: ${result.stderr}`);
    return result;
  };
  writeFileSync(join(home, "tool"), "#!/bin/sh\necho tool\n");
  chmodSync(join(home, "tool"), 0o755);
  await keepKey(home, "default");
  return {
    home,
    pkg,
    failing: async (code, ...args) => {
      const result = await run(args);
      assert.equal(result.code, code, `${args.join(" ")}: ${result.stderr}`);
      return result.stderr;
    },
    publish: (name, version) => {
      const files = ["linux/amd64", "linux/arm64"].flatMap((platform) => ["--file", `tool@${platform}`]);
      const words = ["--license", "MIT", "--description", "A tool of the tests", "--name", name];
      return pkg("publish", `${host}/me/tools/${name}`, "--version", version, ...files, ...words);
    },
  };
}

/** As `pkg key generate NAME --no-passphrase` does. */
async function keepKey(home: string, name: string): Promise<void> {
  const seed = Buffer.alloc(32, name);
  const key = secretKeyOf(seed.subarray(0, 8), seed);
  mkdirSync(join(home, "keys"), { recursive: true });
  writeFileSync(join(home, `keys/${name}.key`), await encodeSecretKeyFile(key, null));
  writeFileSync(join(home, `keys/${name}.pub`), publicKeyFile(key));
}

async function ownRegistry(t: TestContext): Promise<string> {
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  return new URL(registry.url).host;
}

test("pkg index publish takes one command to build, sign and publish on CNCF Distribution, and skopeo reads it", {
  skip: skipWithout("docker-registry", "skopeo", "minisign"),
}, async (t) => {
  const registry = await startDockerRegistry();
  assert.ok(registry !== null);
  t.after(() => registry.stop());
  const { host } = registry;
  const { home, pkg, publish } = await workplace(t, host);
  await publish("trurl", "8.14.0");
  const first = await pkg("index", "publish", `${host}/me/index`, "--from", `${host}/me/tools/trurl`);
  assert.match(
    first.stdout,
    /1 package, 2 entries, 2 read anew\nGood until .*\nPublished 127.*\/me\/index, serial 1, signed by/,
  );
  await publish("trurl", "8.14.1");
  const second = await pkg("index", "publish", `${host}/me/index`, "--prefix", `${host}/me`, "--json");
  const { serial, built } = jsonOf(second) as { serial: number; built: { changes: { newest: readonly object[] } } };
  assert.equal(serial, 2);
  assert.deepEqual(built.changes.newest, [
    { name: "trurl", id: `${host}.me.tools.trurl`, before: "8.14.0", after: "8.14.1" },
  ]);
  const inspect = spawnSync("skopeo", ["inspect", "--raw", "--tls-verify=false", `docker://${host}/me/index:2`]);
  assert.equal(JSON.parse(inspect.stdout.toString()).artifactType, "application/vnd.pkg.index.v1");
  await pkg("oci", "pull", `${host}/me/index:latest`, "--output", join(home, "pulled"));
  const verified = minisign(home, [
    ...["-V", "-p", "keys/default.pub", "-m", "pulled/index.json.zst", "-x", "pulled/index.json.zst.sig"],
  ]);
  assert.equal(verified.status, 0, verified.stderr);
});

test("pkg index publish --json has the warnings that a person is told", async (t) => {
  const host = await ownRegistry(t);
  const { pkg, publish } = await workplace(t, host);
  await publish("trurl", "8.14.0");
  await pkg("index", "publish", `${host}/me/index`, "--from", `${host}/me/tools/trurl`);
  await pkg("index", "publish", `${host}/me/index`);
  await pkg("oci", "tag", `${host}/me/index:1`, "latest");
  const published = await pkg("index", "publish", `${host}/me/index`, "--json");
  const { warnings } = jsonOf(published) as { warnings: readonly string[] };
  assert.match(warnings.join(), /latest" names serial 1, and serial 2 is there: that one counts$/);
  assert.ok(published.stderr.includes(warnings.join()));
});

test("pkg index publish makes what pkg repo add, sync and search take", async (t) => {
  const host = await ownRegistry(t);
  const { pkg, publish } = await workplace(t, host);
  await publish("trurl", "8.14.1");
  const published = await pkg("index", "publish", `${host}/me/index`, "--from", `${host}/me/tools/trurl`);
  assert.match(published.stdout, new RegExp(`Use it: pkg repo add ${host}/me/index`));
  const user = tempHome(t);
  writeFileSync(join(user, "config.toml"), NO_DEFAULT_REPOSITORIES);
  const added = await runPkg(["repo", "add", `${host}/me/index`, "--yes"], { home: user });
  assert.equal(added.code, 0, added.stderr);
  const found = await runPkg(["search", "trurl", "--json"], { home: user });
  assert.equal(found.code, 0, found.stderr);
  assert.match(found.stdout, /"version": ?"8\.14\.1"/);
});

test("pkg index build, sign and publish let two of three people publish together, one of them with minisign", {
  skip: skipWithout("minisign"),
}, async (t) => {
  const host = await ownRegistry(t);
  const { home, pkg, failing, publish } = await workplace(t, host);
  await publish("trurl", "8.14.1");
  await keepKey(home, "b");
  minisign(home, ["-G", "-W", "-p", "c.pub", "-s", "c.key"]);
  const trust = ["--trust", "default", "--trust", "keys/b.pub", "--trust", "c.pub", "--threshold", "2"];
  const build = ["index", "build", `${host}/me/tools/trurl`, "--repository", `${host}/me/index`, ...trust];
  const said = await failing(1, ...build);
  assert.match(said, /key set 1 of .* is signed by 1 of the keys of set 1, expected 2/);
  assert.match(said, /key-set-1\.txt" signed by [0-9A-F]{16}, [0-9A-F]{16}/);
  minisign(home, ["-S", "-s", "c.key", "-m", "index/key-set-1.txt"]);
  assert.deepEqual(readdirSync(join(home, "index")).sort(), ["key-set-1.txt", "key-set-1.txt.minisig"]);
  const built = await pkg(...build);
  assert.match(built.stdout, /1 more of [0-9A-F]{16}, [0-9A-F]{16} must sign it: `pkg index sign DIRECTORY`/);
  assert.match(await failing(1, "index", "publish", `${host}/me/index`, "index"), /signed by 1 of the keys/);
  await pkg("index", "sign", "--key", "b");
  const verified = minisign(home, [
    "-V",
    "-p",
    "keys/default.pub",
    "-m",
    "index/index.json",
    "-x",
    "index/index.json.sig",
  ]);
  assert.equal(verified.status, 0, verified.stderr);
  const published = await pkg("index", "publish", `${host}/me/index`, "index");
  assert.match(published.stdout, /serial 1, signed by [0-9A-F]{16}, [0-9A-F]{16}/);
  assert.match((await pkg("index", "publish", `${host}/me/index`, "index")).stdout, /is serial 1 already/);
});

test("pkg index lint exits with 1 for errors and 0 for warnings, and shows both", async (t) => {
  const host = await ownRegistry(t);
  const { home, pkg, failing, publish } = await workplace(t, host);
  await publish("trurl", "8.14.1");
  const build = ["index", "build", `${host}/me/tools/trurl`, "--repository", "example/index"];
  await pkg(...build);
  const clean = await pkg("index", "lint", "index");
  assert.equal(clean.stdout, "example/index, serial 1, 1 package, 2 entries: 0 errors, 0 warnings\n");
  await pkg(...build, "--expires-in", "1d");
  const near = await pkg("index", "lint", "index");
  assert.match(near.stdout, /^warning: it expires at .*; renew it before that\n.*0 errors, 1 warning\n$/s);
  writeFileSync(join(home, "index/index.json.zst.sig"), "");
  const said = await failing(1, "index", "lint", "index");
  assert.match(said, /error: Cannot pass the index "index": it has 1 error/);
  const { stdout } = await runPkg(["index", "lint", "index", "--json"], { home });
  const { errorCount, findings, errors } = JSON.parse(stdout);
  assert.deepEqual([errorCount, errors[0].code], [1, "LINT_FAILED"]);
  assert.deepEqual(Object.keys(findings[0]), ["level", "rule", "subject", "message"]);
});

test("pkg index diff shows what differs, and with --exit-code exits accordingly", async (t) => {
  const host = await ownRegistry(t);
  const { pkg, failing, publish } = await workplace(t, host);
  await publish("trurl", "8.14.0");
  const build = ["index", "build", `${host}/me/tools/trurl`, "--repository", "example/index"];
  await pkg(...build, "-o", "old");
  await publish("trurl", "8.14.1");
  await pkg(...build, "-o", "new", "--previous", "old", "--versions", "1");
  const { stdout } = await pkg("index", "diff", "old", "new");
  assert.deepEqual(stdout.split("\n"), [
    "example/index, serial 1 → example/index, serial 2",
    "trurl: 8.14.0 → 8.14.1",
    "+ trurl 8.14.1 (aarch64-linux, x86_64-linux)",
    "- trurl 8.14.0 (aarch64-linux, x86_64-linux)",
    "",
  ]);
  await failing(1, "index", "diff", "old", "new", "--exit-code");
  await pkg("index", "diff", "new", "new", "--exit-code");
});

test("pkg index names a package that does not match, exits with 1 and writes nothing, unless --keep-going", async (t) => {
  const host = await ownRegistry(t);
  const { home, failing, publish } = await workplace(t, host);
  await publish("trurl", "8.14.1");
  const sources = [`${host}/me/tools/trurl`, `${host}/me/tools/other`];
  const build = ["index", "build", ...sources, "--repository", "example/index"];
  assert.match(await failing(1, ...build), new RegExp(`error: Cannot index "${host}/me/tools/other"`));
  assert.equal(readdirSync(home).includes("index"), false);
  await failing(1, ...build, "--keep-going");
  assert.match(readFileSync(join(home, "index/index.json"), "utf8"), /"pkg":"trurl"/);
});

test("pkg index says what is wrong with what was typed", async (t) => {
  const home = tempHome(t);
  const cases: readonly (readonly [number, readonly string[], RegExp])[] = [
    [2, ["build", "ghcr.io/me/x", "--serial", "0"], /--serial: expected a whole number from 1/],
    [2, ["publish", "ghcr.io/me/index", "index", "--from", "ghcr.io/me/x"], /it is built already/],
    [1, ["build", "ghcr.io/me/x", "--repository", "x"], /there is no key that may sign it/],
    [2, ["build", "ghcr.io/me/x", "--repository", "x", "--trust", `RW${"a".repeat(50)}`], /not the base64 of 42 bytes/],
    [1, ["sign"], /there is no such file or directory/],
  ];
  for (const [code, args, message] of cases) {
    const result = await runPkg(["index", ...args], { home });
    assert.equal(result.code, code, `${args.join(" ")}: ${result.stderr}`);
    assert.match(result.stderr, message, args.join(" "));
  }
});
