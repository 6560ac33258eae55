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
