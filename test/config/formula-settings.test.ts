import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { HOMEBREW_KEY } from "../../src/config/formula-keys.ts";
import { PkgError } from "../../src/errors.ts";

function load(toml: string, arch = "x64") {
  const home = mkdtempSync(join(tmpdir(), "pkg-config-"));
  try {
    writeFileSync(join(home, "config.toml"), toml);
    const flags = { home, config: undefined, offline: undefined, concurrency: undefined };
    return loadConfig({ env: { HOME: "/home/me" }, platform: "linux", arch, flags });
  } finally {
    rmSync(home, { recursive: true });
  }
}

const table = (lines: string) => `[repositories.corp]\nkind = "homebrew"\nurl = "https://brew.example/api"\n${lines}\n`;
const corp = (lines: string) => load(table(lines)).repositories.find(({ name }) => name === "corp");

test("loadConfig() knows the keys of formulae, by the id that signatures name them by", () => {
  assert.deepEqual(corp("")?.formulaKeys, [{ id: "homebrew-1", spki: HOMEBREW_KEY }]);
  assert.deepEqual(load("").repositories[0]?.formulaKeys, [{ id: "homebrew-1", spki: HOMEBREW_KEY }]);
  const keys = `keys = ["${HOMEBREW_KEY}", "corp-2:${HOMEBREW_KEY}"]`;
  assert.deepEqual(
    corp(keys)?.formulaKeys.map(({ id }) => id),
    ["homebrew-1", "corp-2"],
  );
  assert.deepEqual(corp("")?.policy.require, ["digest"]);
});

test("loadConfig() leaves the built-in formulae out where nothing is built for the machine", () => {
  const enabled = (arch: string) => load("", arch).repositories.find(({ name }) => name === "homebrew")?.enabled;
  assert.deepEqual([enabled("x64"), enabled("arm64"), enabled("riscv64")], [true, true, false]);
});

const PREFIXES: readonly (readonly [toml: string, prefix: RegExp])[] = [
  ["", /\/brew$/],
  ['[repositories.homebrew]\nprefix = "~/.pkg"\n', /^\/home\/me\/\.pkg$/],
  ['[repositories.homebrew]\nprefix = "/opt/b/"\n', /^\/opt\/b$/],
  [`[repositories.homebrew]\nprefix = "/opt/b"\n${table('prefix = "/opt/b"')}`, /^\/opt\/b$/],
];

test("loadConfig() takes the prefix of bottles from the repository that has it", () => {
  for (const [toml, prefix] of PREFIXES) assert.match(load(toml).paths.prefix, prefix, toml);
});

const REFUSED: readonly (readonly [toml: string, message: RegExp])[] = [
  [table("threshold = 1"), /threshold means nothing for kind = "homebrew"/],
  [table("signed_index = false"), /signed_index means nothing .*always signed/],
  [table("allow_legacy_signatures = true"), /allow_legacy_signatures means nothing/],
  [table('require = ["provenance"]'), /there is no proof yet of who built a bottle/],
  [table('require = ["digest", "signature"]'), /bottles have no signature of their own/],
  [table('provenance = { identity = "https://a/b", issuer = "https://c" }'), /provenance means nothing/],
  [table("keys = []"), /never taken unsigned/],
  [table('keys = ["RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr"]'), /expected an RSA key as SPKI/],
  ['[repositories.tools]\nurl = "https://example.org/x"\nprefix = "/opt/x"\n', /prefix is where bottles go/],
  [
    `[repositories.homebrew]\nprefix = "/opt/a"\n${table('prefix = "/opt/b"')}`,
    /"corp": its prefix is "\/opt\/b", and that of "homebrew" is "\/opt\/a": all bottles go to one/,
  ],
  ['[repositories.homebrew]\nurl = "oci://ghcr.io/me/formulae"\n', /begins with https:, http: or file:/],
  ['[repositories.homebrew]\nurl = "https://example.org/api?token=1"\n', /without a query/],
  ['[repositories.homebrew]\nprefix = "brew"\n', /prefix/],
  ['[repositories.homebrew]\nprefix = "~"\n', /expected absolute path of the directory/],
  ['[repositories.homebrew]\nkind = "brew"\n', /kind/],
];

test("loadConfig() refuses in words what means nothing for formulae", () => {
  for (const [toml, message] of REFUSED) {
    assert.throws(
      () => load(toml),
      (error) => error instanceof PkgError && message.test(error.message),
      toml,
    );
  }
});
