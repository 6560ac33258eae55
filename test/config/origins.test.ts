import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { keyLine } from "../../src/config/key-lines.ts";
import { jsonOf, runPkg } from "../support/run-pkg.ts";
import { tempHome } from "../support/temp-home.ts";

const TEXT = `# comment = 1
concurrency = 3
note = """
bin_dir = "no"
"""
bin_dir = "/b"
repositories.short.url = "https://e.org"
[repositories.tools] # here
  url = "https://e.org/i.json"
keys = [
  "RW",
]
[repositories."a.b"]
'url' = "x"
[registries."ghcr.io"]
mirrors = []
`;

test("keyLine() gives the line that sets a key", () => {
  const cases: readonly (readonly [key: readonly string[], line: number | null])[] = [
    [["concurrency"], 2],
    [["bin_dir"], 6],
    [["repositories", "short", "url"], 7],
    [["repositories", "tools", "url"], 9],
    [["repositories", "tools", "keys"], 10],
    [["repositories", "a.b", "url"], 14],
    [["registries", "ghcr.io", "mirrors"], 16],
    [["registries", "ghcr.io", "mirror_only"], null],
    [["comment"], null],
    [["url"], null],
    [["constructor"], null],
  ];
  for (const [key, line] of cases) assert.equal(keyLine(TEXT, key), line, key.join("."));
  assert.equal(keyLine("", ["a"]), null);
});

async function configOf(home: string, words: readonly string[], env: Record<string, string>) {
  const result = await runPkg(["config", "--json", ...words], { home, env });
  return JSON.parse(JSON.stringify(jsonOf(result)));
}

test("pkg config says where each value comes from", async (t) => {
  const home = tempHome(t);
  const path = join(home, "config.toml");
  writeFileSync(path, 'concurrency = 3\n\n[repositories.tools]\nurl = "https://e.org/i.json"\n');
  const file = (line: number) => ({ kind: "file", path, line });
  const plain = await configOf(home, [], {});
  assert.deepEqual(plain.origins["concurrency"], file(1));
  assert.deepEqual(plain.origins["repositories.tools.url"], file(4));
  assert.deepEqual(plain.origins["repositories.tools.enabled"], { kind: "default" });
  assert.deepEqual(plain.origins["repositories.bincache.url"], { kind: "built in" });
  assert.deepEqual(plain.origins["paths.packages"], { kind: "environment", name: "PKG_HOME" });
  assert.deepEqual(plain.origins["offline"], { kind: "default" });
  const env = { PKG_CONCURRENCY: "4", PKG_OFFLINE: "1", HTTPS_PROXY: "http://user:secret@proxy.example:3128" };
  const set = await configOf(home, ["--concurrency", "5", "--home", home], env);
  assert.equal(set.concurrency, 5);
  assert.deepEqual(set.origins["concurrency"], { kind: "option", name: "--concurrency" });
  assert.deepEqual(set.origins["paths.bin"], { kind: "option", name: "--home" });
  assert.deepEqual(set.origins["offline"], { kind: "environment", name: "PKG_OFFLINE" });
  assert.equal(set.proxy.https, "http://proxy.example:3128");
  assert.deepEqual(set.origins["proxy.https"], { kind: "environment", name: "HTTPS_PROXY" });
  const { stdout } = await runPkg(["config"], { home });
  assert.match(stdout, /^concurrency +3 +config\.toml:1$/m);
  assert.match(stdout, /^paths\.bin .* PKG_HOME$/m);
});

test("a config file that is named has to exist, unless the command writes it", async (t) => {
  const home = tempHome(t);
  const missing = join(home, "nosuch.toml");
  for (const [run, origin] of [
    [runPkg(["list", "--config", missing], { home }), "--config"],
    [runPkg(["list"], { home, env: { PKG_CONFIG: missing } }), "PKG_CONFIG"],
    [runPkg(["repo", "disable", "bincache", "--config", missing], { home }), "--config"],
  ] as const) {
    const { code, stderr } = await run;
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^error: Cannot read ".*nosuch\.toml": there is no such file\nhint: /);
    assert.ok(stderr.includes(`in ${origin};`), stderr);
  }
  const add = ["repo", "add", "tools", "https://e.org/i.json", "--offline", "--config", missing];
  assert.equal((await runPkg(add, { home })).code, 0);
  assert.equal((await runPkg(["repo", "list", "--config", missing], { home })).code, 0);
});
