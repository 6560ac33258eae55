import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Config, loadConfig } from "../../src/config/config.ts";
import { PkgError } from "../../src/errors.ts";

const KEY = "RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr";
const NO_FLAGS = { home: undefined, config: undefined, offline: undefined, concurrency: undefined };

function load(
  toml: string,
  overrides: { readonly env?: Record<string, string>; readonly concurrency?: number } = {},
): Config {
  const home = mkdtempSync(join(tmpdir(), "pkg-config-"));
  try {
    writeFileSync(join(home, "config.toml"), toml);
    return loadConfig({
      env: { PKG_HOME: home, ...overrides.env },
      platform: "linux",
      arch: "x64",
      flags: { ...NO_FLAGS, concurrency: overrides.concurrency },
    });
  } finally {
    rmSync(home, { recursive: true });
  }
}

test("loadConfig() ships with repositories for this machine, of which those that are served are enabled", () => {
  const { repositories } = load("");
  assert.deepEqual(
    repositories.map(({ name, url, enabled }) => [name, new URL(url).pathname, enabled]),
    [
      ["homebrew", "/api", true],
      ["soarpkgs", "/pkgforge/soarpkgs/releases/latest/download/metadata-x86_64-linux.json.zstd", true],
      ["bincache", "/bincache/x86_64-Linux.json.zstd", false],
      ["pkgcache", "/pkgcache/x86_64-Linux.json.zstd", false],
    ],
  );
  assert.match(repositories[2]?.whyDisabled ?? "", /stopped serving it/);
});

const ORDERS: Readonly<Record<string, string>> = {
  '[repositories.tools]\nurl = "https://example.org/x"\n': "tools homebrew soarpkgs bincache pkgcache",
  '[repositories.homebrew]\nprefix = "~/.pkg"\n[repositories.tools]\nurl = "https://example.org/x"\n':
    "homebrew tools soarpkgs bincache pkgcache",
  "[repositories.soarpkgs]\n[repositories.homebrew]\n": "soarpkgs homebrew bincache pkgcache",
  "[repositories.soarpkgs]\nenabled = true\n": "homebrew soarpkgs bincache pkgcache",
};

test("loadConfig() takes repositories in the order of the file, before the built-in ones that it does not name", () => {
  for (const [toml, order] of Object.entries(ORDERS)) {
    assert.equal(
      load(toml)
        .repositories.map(({ name }) => name)
        .join(" "),
      order,
      toml,
    );
  }
});

test("loadConfig() requires a signature if a key is known", () => {
  const { repositories } = load(
    `[repositories.a]\nurl = "https://example.org/a"\nkeys = ["${KEY}"]\n[repositories.b]\nurl = "https://example.org/b"\n`,
  );
  const required = Object.fromEntries(repositories.map(({ name, policy }) => [name, policy.require]));
  assert.deepEqual(required["a"], ["digest", "checksum", "signature"]);
  assert.deepEqual(required["b"], ["digest", "checksum"]);
  assert.deepEqual(required["bincache"], ["digest", "checksum", "signature"]);
});

test("loadConfig() changes one key of a repository that ships with the program", () => {
  const bincache = load("[repositories.bincache]\nenabled = true\n").repositories[2];
  assert.equal(bincache?.enabled, true);
  assert.equal(bincache?.policy.keys.length, 1);
  assert.deepEqual([bincache?.builtIn, bincache?.isBuiltInAddress], [true, true]);
  const mirrored = load('[repositories.bincache]\nurl = "https://mirror.example/x"\n').repositories[0];
  assert.deepEqual([mirrored?.builtIn, mirrored?.isBuiltInAddress, mirrored?.enabled], [true, false, true]);
});

test("loadConfig() prefers flags to environment to file", () => {
  const toml = "concurrency = 3\n";
  assert.equal(load(toml).concurrency, 3);
  assert.equal(load(toml, { env: { PKG_CONCURRENCY: "4" } }).concurrency, 4);
  assert.equal(load(toml, { env: { PKG_CONCURRENCY: "4" }, concurrency: 5 }).concurrency, 5);
});

test("loadConfig() reads from the environment for how long a request is repeated", () => {
  assert.equal(load("").retryForMs, null);
  assert.equal(load("", { env: { PKG_RETRY_FOR: "5m" } }).retryForMs, 300_000);
  assert.equal(load("", { env: { PKG_RETRY_FOR: "never" } }).retryForMs, 0);
  assert.throws(() => load("", { env: { PKG_RETRY_FOR: "soon" } }), /PKG_RETRY_FOR/);
});

/** Every variable that a config is made of; none of them is a valid value when it is empty. */
const VARIABLES: readonly string[] = [
  ...["PKG_CONCURRENCY", "PKG_SYNC_INTERVAL", "PKG_RETRY_FOR", "PKG_OFFLINE", "PKG_CONFIG", "PKG_SIGNING_KEY"],
  ...["PKG_PASSPHRASE", "SSL_CERT_FILE", "SSL_CERT_DIR", "SOURCE_DATE_EPOCH", "HTTPS_PROXY", "https_proxy", "NO_PROXY"],
  ...["ALL_PROXY", "GITHUB_TOKEN", "GH_TOKEN", "REGISTRY_AUTH_FILE", "DOCKER_CONFIG", "XDG_RUNTIME_DIR", "PATH"],
  ...["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_BIN_HOME", "PKG_HOME"],
];

test("loadConfig() leaves the scheme of a registry as it is where its table does not say", () => {
  const schemeOf = (registry: string, key: string) =>
    load(`[registries."${registry}"]\n${key}\n`).registries[registry]?.plainHttp;
  const mirrors = 'mirrors = ["https://mirror.example"]';
  assert.equal(schemeOf("127.0.0.1:5000", mirrors), true);
  assert.equal(schemeOf("localhost:5000", ""), true);
  assert.equal(schemeOf("127.0.0.1:5000", "plain_http = false"), false);
  assert.equal(schemeOf("registry.example", mirrors), false);
  assert.equal(schemeOf("registry.example", "plain_http = true"), true);
});

test("loadConfig() takes every variable that is empty for one that is not set", () => {
  const host = { platform: "linux", arch: "x64", flags: NO_FLAGS } as const;
  const empty = Object.fromEntries(VARIABLES.map((name) => [name, ""]));
  const home = "/nonexistent/home";
  assert.deepEqual(
    loadConfig({ ...host, env: { ...empty, HOME: home } }),
    loadConfig({ ...host, env: { HOME: home } }),
  );
});

test("loadConfig() takes a variable of blanks for one that is not set, but not a passphrase", () => {
  const env = {
    HOME: "/nonexistent/home",
    PKG_HOME: "  ",
    PKG_OFFLINE: " ",
    PKG_SYNC_INTERVAL: "\t",
    PKG_PASSPHRASE: " ",
  };
  const config = loadConfig({ platform: "linux", arch: "x64", flags: NO_FLAGS, env });
  assert.deepEqual([config.paths.configFile, config.offline], ["/nonexistent/home/.config/pkg/config.toml", false]);
  assert.deepEqual([config.overrides, config.signing.passphrase], [{}, " "]);
});

test("loadConfig() knows yes and no in every spelling of PKG_OFFLINE", () => {
  for (const text of ["0", "false", "False", "NO", "off", " no "]) {
    assert.equal(load("", { env: { PKG_OFFLINE: text } }).offline, false, text);
  }
  for (const text of ["1", "true", "YES", "on"])
    assert.equal(load("", { env: { PKG_OFFLINE: text } }).offline, true, text);
});

test("loadConfig() names the variable whose value cannot be used", () => {
  for (const name of ["PKG_SYNC_INTERVAL", "PKG_RETRY_FOR", "PKG_CONCURRENCY", "SOURCE_DATE_EPOCH"]) {
    assert.throws(() => load("", { env: { [name]: "soon" } }), {
      code: "CONFIG_INVALID",
      message: new RegExp(`^Cannot use ${name}: .*"soon"`),
    });
  }
  assert.equal(load("", { env: { PKG_SYNC_INTERVAL: " 6h " } }).syncIntervalMs, 21_600_000);
});

test("loadConfig() reads proxies in lower case first", () => {
  const { proxy } = load("", {
    env: { HTTPS_PROXY: "http://upper:1", https_proxy: "http://lower:1", NO_PROXY: "a,b" },
  });
  assert.deepEqual(proxy, {
    http: null,
    https: "http://lower:1",
    noProxy: "a,b",
    names: { http: "HTTP_PROXY", https: "https_proxy" },
  });
});

const INVALID: readonly (readonly [string, string, RegExp])[] = [
  ["an unknown key, with a suggestion", "concurency = 3\n", /"concurency" is unknown/],
  ["an unknown key of a table", '[repositories.a]\nurll = "x"\n', /"urll" is unknown/],
  ["a wrong type", 'concurrency = "3"\n', /concurrency.*found "3"/],
  ["a value out of range", "concurrency = 0\n", /concurrency/],
  ["broken TOML", "concurrency = \n", /config\.toml/],
  ["a bad duration", 'sync_interval = "soon"\n', /sync_interval/],
  ["a repository without url", "[repositories.a]\nenabled = true\n", /"a".*no url/],
  ["a repository whose name leaves its directory", '[repositories."../x"]\nurl = "https://example.org"\n', /\.\.\/x/],
  [
    "a required signature without keys",
    '[repositories.a]\nurl = "https://example.org"\nrequire = ["signature"]\n',
    /no keys/,
  ],
  [
    "an index that must be signed without keys",
    '[repositories.a]\nurl = "https://example.org"\nsigned_index = true\n',
    /no keys/,
  ],
  [
    "an index in a registry without a name",
    '[repositories.a]\nurl = "oci://ghcr.io"\n',
    /"oci:\/\/ghcr\.io".*reference/,
  ],
  [
    "an index in a registry by its digest",
    `[repositories.a]\nurl = "oci://ghcr.io/me/index@sha256:${"a".repeat(64)}"\n`,
    /names a digest, which never leads to a newer index/,
  ],
  [
    "more signatures than keys",
    `[repositories.a]\nurl = "https://example.org"\nkeys = ["${KEY}", "${KEY}"]\nthreshold = 2\n`,
    /its threshold is 2, expected at most 1/,
  ],
  ["a threshold without keys", '[repositories.a]\nurl = "https://example.org"\nthreshold = 2\n', /expected at most 0/],
  ["a URL that is none", '[repositories.a]\nurl = "example"\n', /example/],
  ["a mirror that is no URL", '[registries."ghcr.io"]\nmirrors = ["nonsense"]\n', /nonsense/],
];

const PLACED: readonly (readonly [toml: string, told: RegExp, hint: RegExp])[] = [
  ["concurrency = 3\nbin_dir = = 3\n", /config\.toml", line 2, column 11: invalid value, in `bin_dir = = 3`$/, /TOML/],
  ['\nbin_dir = "bin"\n', /, line 2: bin_dir: expected absolute path of the .*"~\/bin", found "bin"$/, /every key/],
  [
    'sync_interval = "soon"\n',
    /, line 1: sync_interval: expected age after which .* such as "6h"; or "never", found/,
    /./,
  ],
  ["concurrency = 99\n", /, line 1: concurrency must be at most 64, found 99$/, /./],
  ["[repositories.a]\nenabled = 1\n", /, line 2: repositories\.a\.enabled must be true or false, found 1$/, /./],
  [
    '[repositories.a]\nurl = "ftp://x"\n',
    /, line 2: repositories\.a\.url: expected address of the index: https, http/,
    /./,
  ],
  ['[repositories.a]\nurll = "x"\n', /, line 2: key "urll" is unknown in \[repositories\.a\]$/, /Did you mean "url"/],
  ['[repositories."a b"]\nurl = "https://x"\n', /, line 1: "a b" cannot be the name of one of its repositories/, /./],
  [
    '[repositories.a.provenance]\nissuer = "https://x"\n',
    /, line 1: \[repositories\.a\.provenance\] has no key "identity"$/,
    /./,
  ],
  [
    '[registries.x]\nmirrors = [\n"nonsense"]\n',
    /, line 2: registries\.x\.mirrors\.0: expected an http or https address, such as/,
    /./,
  ],
];

for (const [toml, told, hint] of PLACED) {
  test(`loadConfig() says where it is and what was expected: ${JSON.stringify(toml)}`, () => {
    assert.throws(
      () => load(toml),
      (error) => {
        assert.ok(error instanceof PkgError);
        assert.match(error.message, told);
        assert.match(error.hint ?? "", hint);
        assert.doesNotMatch(`${error.message} ${error.hint}`, /pattern|\\p\{/);
        return true;
      },
    );
  });
}

test("loadConfig() gives the line of a table whose values cannot be used together", () => {
  const toml = 'concurrency = 3\n[repositories.a]\nurl = "https://example.org"\nkeys = ["nokey"]\n';
  assert.throws(() => load(toml), { code: "KEY_INVALID", hint: /^It is in ".*config\.toml", line 2\. / });
});

test("loadConfig() shows no line that holds a token", () => {
  assert.throws(
    () => load('url = "https://x?token=hunter2hunter2" x\n'),
    (error: Error) => !error.message.includes("hunter2"),
  );
});

test("loadConfig() takes bin_dir from the home directory", () => {
  assert.match(load('bin_dir = "~/x/bin"\n', { env: { HOME: "/home/a" } }).paths.bin, /^\/home\/a\/x\/bin$/);
});

for (const [name, toml, message] of INVALID) {
  test(`loadConfig() refuses ${name}`, () => {
    assert.throws(() => load(toml), { code: "CONFIG_INVALID", message });
  });
}

test("loadConfig() accepts an index in a registry, and the number of required signatures", () => {
  const { repositories } = load(
    `[repositories.a]\nurl = "oci://127.0.0.1:5000/me/index-{arch}:stable"\nkeys = ["${KEY}"]\nthreshold = 1\n`,
  );
  const repository = repositories.find(({ name }) => name === "a");
  assert.equal(repository?.url, "oci://127.0.0.1:5000/me/index-x86_64:stable");
  assert.equal(repository?.threshold, 1);
});

test("loadConfig() suggests the nearest key", () => {
  assert.throws(() => load("concurency = 3\n"), { hint: 'Did you mean "concurrency"?' });
});

test("loadConfig() refuses a damaged key", () => {
  assert.throws(() =>
    load(
      '[repositories.a]\nurl = "https://example.org"\nkeys = ["RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxc="]\n',
    ),
  );
});

for (const concurrency of [0, -1, 1.5, 65, Number.NaN]) {
  test(`loadConfig() refuses --concurrency ${concurrency}`, () => {
    assert.throws(() => load("", { concurrency }), { code: "USAGE", message: /from 1 to 64/ });
  });
}

test("--system goes before PKG_HOME, which is for one user; with --home or PKG_SYSTEM both count", () => {
  const at = (env: Record<string, string>, flags: Parameters<typeof loadConfig>[0]["flags"]) =>
    loadConfig({ env: { HOME: "/nonexistent", ...env }, flags, platform: "linux", arch: "x64" }).paths.packages;
  assert.equal(at({ PKG_HOME: "/nonexistent/p" }, { system: true }), "/opt/pkg/packages");
  assert.equal(at({ PKG_HOME: "/nonexistent/p", PKG_SYSTEM: "1" }, {}), "/nonexistent/p/opt/pkg/packages");
  assert.equal(at({}, { system: true, home: "/nonexistent/h" }), "/nonexistent/h/opt/pkg/packages");
});
