import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

interface Case {
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly told: RegExp;
}

const ROOT = "registry";
const CASES: readonly Case[] = [
  {
    words: ["oci", "resolve", "ghcr.io/a/b:1"],
    env: { PKG_OFFLINE: "1" },
    code: 1,
    told: /: PKG_OFFLINE is set\nhint: .*--no-offline, or with PKG_OFFLINE not set/,
  },
  {
    words: ["oci", "resolve", "ghcr.io/a/b:1", "--offline"],
    env: { PKG_OFFLINE: "1" },
    code: 1,
    told: /: --offline is set\nhint: .*without --offline/,
  },
  { words: ["oci", "layout", "gc", ".", "--grace", "soon"], code: 2, told: /Cannot use --grace: .*found "soon"/ },
  { words: ["logout", "x"], code: 2, told: /^error: Cannot use registry "x": expected a host/ },
  {
    words: ["login", "ghcr.io/me", "-u", "me", "--password-stdin"],
    code: 2,
    told: /registry "ghcr.io\/me".*\nhint: Leave out "\/me"/,
  },
  { words: ["oci", "catalog", "ghcr.io/x"], code: 2, told: /registry "ghcr.io\/x".*\nhint: Leave out "\/x"/ },
  {
    words: ["registry", "serve", "--root", ROOT, "--upstream", "ghcr.io/x"],
    code: 2,
    told: /Cannot use upstream "ghcr.io\/x"/,
  },
  {
    words: ["registry", "serve", "--root", ROOT, "--host", "nosuch.invalid", "--port", "0"],
    code: 2,
    told: /"nosuch.invalid" is not an address of this machine\nhint: Choose another address with --host/,
  },
  {
    words: ["registry", "serve", "--root", ROOT, "--host", "192.0.2.7", "--port", "0"],
    code: 2,
    told: /"192.0.2.7" is not an address of this machine\nhint: Choose another address with --host/,
  },
];

suite("an error points at what was typed or set", () => {
  for (const { words, env = {}, code, told } of CASES) {
    test(`pkg ${words.join(" ")}`, async (t) => {
      const result = await runPkg(words, { home: tempHome(t), env, stdin: "secret" });
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, told);
    });
  }
});

const KEY = "RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr";

test("an option for a key says which kind it takes, and reads a public key from a file", async (t) => {
  const home = tempHome(t);
  writeFileSync(join(home, "t.pub"), `untrusted comment: minisign public key\n${KEY}\n`);
  const run = (...words: string[]) => runPkg(words, { home });
  const signing = await run("index", "build", "ghcr.io/me/x", "--repository", "x", "--key", KEY);
  assert.match(signing.stderr, /it is a public key, expected one that can sign\nhint: Name a key of `pkg key show`/);
  const damaged = await run("repo", "add", "x", "https://x.invalid/i.json", "--key", "RWx");
  assert.match(damaged.stderr, /"RWx" is not the base64 .*\nhint: It was given with --key\./);
  const missing = await run("install", "ghcr.io/me/x:1", "--key", "./none.pub");
  assert.match(missing.stderr, /there is no file ".*none\.pub"\nhint: It was given with --key\./);
  const read = await run("repo", "add", "x", "https://x.invalid/i.json", "--key", "t.pub", "--offline");
  assert.equal(read.code, 0, read.stderr);
  assert.match((await run("config", "--json")).stdout, new RegExp(KEY.replaceAll(/[+/]/g, "\\$&")));
});

test("an error about the config file names what its path comes from", async (t) => {
  const home = tempHome(t);
  writeFileSync(join(home, "a.txt"), "");
  const named = await runPkg(["--config", "none.toml", "list"], { home });
  assert.match(named.stderr, /hint: Check the path in --config;/);
  const variable = await runPkg(["list"], { home, env: { PKG_CONFIG: "none.toml" } });
  assert.match(variable.stderr, /hint: Check the path in PKG_CONFIG;/);
  const inFile = await runPkg(["--home", "a.txt", "list"], { home });
  assert.match(inFile.stderr, /not a directory.*\nhint: Check the path in --home\n/);
});

test("pkg oci index add says which of its arguments was not found", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const place = `${new URL(registry.url).host}/a/b`;
  writeFileSync(join(home, "a.txt"), "hello");
  const run = (...words: string[]) => runPkg(["oci", ...words], { home });
  await run("push", `${place}:1`, "a.txt");
  await run("index", "create", `${place}:index`, "1=linux/amd64");
  assert.match(
    (await run("index", "add", `${place}:none`, "1")).stderr,
    /hint: ".*:none" is the image index to change/,
  );
  assert.match(
    (await run("index", "add", `${place}:index`, "none")).stderr,
    /hint: "none" is one of the manifests to add/,
  );
});

test("a span of time is written in the same way for every --grace", async (t) => {
  const home = tempHome(t);
  for (const words of [
    ["registry", "gc", "--root", "r"],
    ["oci", "layout", "gc", "l"],
  ]) {
    const { code, stderr } = await runPkg([...words, "--grace", "soon"], { home });
    assert.equal(code, 2);
    assert.match(stderr, /Cannot use --grace: expected a duration such as "6h"/);
  }
  const { stderr } = await runPkg(["registry", "gc", "--root", "r", "--grace", "5"], { home });
  assert.match(stderr, /hint: Add the unit: 5m, 5h or 5d/);
});

test("pkg registry serve names --port where the port is in use", async (t) => {
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const { port } = new URL(registry.url);
  const { code, stderr } = await runPkg(["registry", "serve", "--root", ROOT, "--port", port], { home: tempHome(t) });
  assert.equal(code, 2);
  assert.match(stderr, /:\d+" is in use\nhint: Choose another port with --port/);
});

test("pkg oci index add and remove say which reference is no image index", async (t) => {
  const home = tempHome(t);
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const reference = `${new URL(registry.url).host}/a/b:1`;
  writeFileSync(join(home, "a.txt"), "hello");
  assert.equal((await runPkg(["oci", "push", reference, "a.txt"], { home })).code, 0);
  for (const change of ["add", "remove"]) {
    const { code, stderr } = await runPkg(["oci", "index", change, reference, "1"], { home });
    assert.equal(code, 1);
    assert.ok(
      stderr.includes(`Cannot change "${reference}": it is an image manifest, expected an image index`),
      stderr,
    );
  }
});
