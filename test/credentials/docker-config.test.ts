import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Credential, memoryCredentials, normalizeLocation } from "../../src/credentials/credentials.ts";
import { credentialSettings } from "../../src/credentials/credentials-settings.ts";
import { findCredential, helperFor, parseDockerConfig, readDockerConfig } from "../../src/credentials/docker-config.ts";
import { hasCode } from "../../src/errors.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const basic = (username: string, password: string): Credential => ({ kind: "basic", username, password });
const entry = (name: string) => ({ auth: base64(`${name}:pw`) });

const LOCATIONS: readonly (readonly [string, string])[] = [
  ["ghcr.io", "ghcr.io"],
  ["GHCR.io", "ghcr.io"],
  ["https://ghcr.io", "ghcr.io"],
  ["https://ghcr.io/v2/", "ghcr.io"],
  ["http://localhost:5000/", "localhost:5000"],
  ["ghcr.io/v2/", "ghcr.io"],
  ["https://index.docker.io/v1/", "docker.io"],
  ["index.docker.io/v1", "docker.io"],
  ["registry-1.docker.io", "docker.io"],
  ["docker.io", "docker.io"],
  ["quay.io/org", "quay.io/org"],
  ["quay.io/org/", "quay.io/org"],
  ["quay.io/Org/app", "quay.io/Org/app"],
  ["https://quay.io/org", "quay.io"],
  ["[::1]:5000", "[::1]:5000"],
];

for (const [key, expected] of LOCATIONS) {
  test(`normalizeLocation() reads "${key}" as "${expected}"`, () => assert.equal(normalizeLocation(key), expected));
}

const FOUND: readonly (readonly [string, unknown, string, Credential | null])[] = [
  ["auth", { "r.example": { auth: base64("a:b:c") } }, "r.example/x", basic("a", "b:c")],
  ["auth with NULs at its end", { "r.example": { auth: base64("a:b\0\0") } }, "r.example", basic("a", "b")],
  ["auth in UTF-8", { "r.example": { auth: base64("ä:ö") } }, "r.example", basic("ä", "ö")],
  ["user name and password", { "r.example": { username: "a", password: "b" } }, "r.example", basic("a", "b")],
  [
    "an identity token before a password",
    { "r.example": { ...entry("a"), identitytoken: "i" } },
    "r.example",
    { kind: "identity-token", token: "i" },
  ],
  [
    "a registry token before all",
    { "r.example": { ...entry("a"), identitytoken: "i", registrytoken: "r" } },
    "r.example",
    { kind: "bearer", token: "r" },
  ],
  ["nothing in an empty entry", { "r.example": {} }, "r.example", null],
  ["nothing for another port", { "r.example:5000": entry("a") }, "r.example", null],
  ["nothing for a subdomain", { "r.example": entry("a") }, "sub.r.example", null],
  ["nothing for a superdomain", { "sub.r.example": entry("a") }, "r.example", null],
  ["a key with scheme and path", { "https://ghcr.io/v2/": entry("a") }, "ghcr.io/x/y", basic("a", "pw")],
  ["Docker Hub's key", { "https://index.docker.io/v1/": entry("a") }, "docker.io/library/x", basic("a", "pw")],
  [
    "the longest namespace",
    { "quay.io": entry("host"), "quay.io/org": entry("org"), "quay.io/org/app": entry("app") },
    "quay.io/org/app/x",
    basic("app", "pw"),
  ],
  [
    "a namespace by whole words",
    { "quay.io": entry("host"), "quay.io/or": entry("or") },
    "quay.io/org",
    basic("host", "pw"),
  ],
  [
    "a plain key before others that mean the same",
    { "https://g.example/v1/": entry("old"), "g.example": entry("new") },
    "g.example",
    basic("new", "pw"),
  ],
  ["nothing under a name of Object's", { constructor: entry("a") }, "__proto__", null],
];

for (const [name, auths, location, expected] of FOUND) {
  test(`findCredential() finds ${name}`, () => {
    const config = parseDockerConfig(JSON.stringify({ auths }), "config.json");
    assert.deepEqual(findCredential(config, location), expected);
  });
}

const SECRET = "hunter2hunter2";
const BAD_FILES: readonly (readonly [string, string])[] = [
  ["is no JSON", `{"auths": {"r.example": {"password": "${SECRET}"`],
  ["is a list", `["${SECRET}"]`],
  ["has auths that are a list", `{"auths": ["${SECRET}"]}`],
  ["has credHelpers that are text", `{"credHelpers": "${SECRET}"}`],
  ["has a helper that is a number", '{"credHelpers": {"r.example": 1}}'],
  ["has a credsStore that is no text", '{"credsStore": {}}'],
  ["has an entry that is text", `{"auths": {"r.example": "${SECRET}"}}`],
  ["has an auth that is no base64", `{"auths": {"r.example": {"auth": "${SECRET}:${SECRET}"}}}`],
  ["has an auth without a colon", `{"auths": {"r.example": {"auth": "${base64(SECRET)}"}}}`],
  ["has a password that is a number", `{"auths": {"r.example": {"username": "${SECRET}", "password": 1}}}`],
  [
    "has a registry token that would split a header",
    `{"auths": {"r.example": {"registrytoken": "${SECRET}\\r\\nx: y"}}}`,
  ],
];

for (const [name, text] of BAD_FILES) {
  test(`a credential file that ${name} is CREDENTIALS_INVALID, named in the message without its content`, () => {
    const read = () => findCredential(parseDockerConfig(text, "/home/a/config.json"), "r.example");
    assert.throws(read, (error) => {
      assert.ok(hasCode(error, "CREDENTIALS_INVALID"));
      assert.match(error.message, /\/home\/a\/config\.json/);
      assert.doesNotMatch(
        `${error.message} ${error.hint} ${String(error.cause)}`,
        new RegExp(`${SECRET}|${base64(SECRET)}`),
      );
      return true;
    });
  });
}

test("findCredential() reads only the requested entry", () => {
  const config = parseDockerConfig(JSON.stringify({ auths: { "bad.example": 1, "r.example": entry("a") } }), "c");
  assert.deepEqual(findCredential(config, "r.example"), basic("a", "pw"));
});

const HELPERS: readonly (readonly [string, string | null])[] = [
  ["own.example", "own"],
  ["none.example", null],
  ["docker.io", "hub"],
  ["other.example", "store"],
];

for (const [registry, expected] of HELPERS) {
  test(`helperFor() says what keeps the credentials of ${registry}: ${expected ?? "the file itself"}`, () => {
    const credHelpers = { "own.example": "own", "none.example": "", "https://index.docker.io/v1/": "hub" };
    const config = parseDockerConfig(JSON.stringify({ credsStore: "store", credHelpers }), "c");
    assert.equal(helperFor(config, registry), expected);
  });
}

test("readDockerConfig() gives null for no file, an empty config for an empty one, and refuses directories and huge ones", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "pkg-docker-config-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "config.json");
  assert.equal(readDockerConfig(path), null);
  assert.equal(readDockerConfig(join(path, "below")), null);
  writeFileSync(path, "");
  assert.equal(readDockerConfig(path)?.entries.size, 0);
  assert.equal(readDockerConfig(join(path, "below-a-file")), null);
  writeFileSync(path, Buffer.alloc(1024 * 1024 + 1, " "));
  assert.throws(() => readDockerConfig(path), { code: "CREDENTIALS_INVALID" });
  mkdirSync(join(directory, "d"));
  assert.throws(() => readDockerConfig(join(directory, "d")), { code: "CREDENTIALS_INVALID" });
});

const PLACES: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[], string | null])[] = [
  [
    "docker's, then podman's",
    { HOME: "/h", XDG_RUNTIME_DIR: "/run/u" },
    ["/h/.docker/config.json", "/run/u/containers/auth.json", "/h/.config/containers/auth.json"],
    "/h/.docker/config.json",
  ],
  [
    "those of DOCKER_CONFIG and XDG_CONFIG_HOME",
    { HOME: "/h", DOCKER_CONFIG: "/d", XDG_CONFIG_HOME: "/x" },
    ["/d/config.json", "/x/containers/auth.json"],
    "/d/config.json",
  ],
  [
    "only that of REGISTRY_AUTH_FILE",
    { HOME: "/h", DOCKER_CONFIG: "/d", REGISTRY_AUTH_FILE: "/a.json" },
    ["/a.json"],
    "/a.json",
  ],
  ["none without a home", { XDG_RUNTIME_DIR: "relative", HOME: "" }, [], null],
];

for (const [name, env, files, loginFile] of PLACES) {
  test(`credentialSettings() names ${name}`, () => {
    const settings = credentialSettings(env);
    assert.deepEqual([settings.files, settings.loginFile], [files, loginFile]);
  });
}

test("credentialSettings() names podman's file of the user where there is no XDG_RUNTIME_DIR", () => {
  const runtime = "/run/containers/1000/auth.json";
  const files = (env: Readonly<Record<string, string>>) => credentialSettings(env, 1000).files;
  assert.deepEqual(files({ XDG_RUNTIME_DIR: "" }), [runtime]);
  assert.deepEqual(files({ HOME: "/h" }), ["/h/.docker/config.json", runtime, "/h/.config/containers/auth.json"]);
  assert.deepEqual(files({ XDG_RUNTIME_DIR: "/run/u" }), ["/run/u/containers/auth.json"]);
});

test("credentialSettings() takes GITHUB_TOKEN before GH_TOKEN, and an empty one for none", () => {
  assert.equal(credentialSettings({ GITHUB_TOKEN: "a", GH_TOKEN: "b" }).githubToken, "a");
  assert.equal(credentialSettings({ GITHUB_TOKEN: "", GH_TOKEN: "b" }).githubToken, "b");
  assert.equal(credentialSettings({ GITHUB_TOKEN: "" }).githubToken, null);
});

test("credentialSettings() shows helpers no token of another program", () => {
  const env = {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    AWS_PROFILE: "p",
    GITHUB_TOKEN: "t",
    NPM_TOKEN: "n",
    LD_PRELOAD: "x",
  };
  assert.deepEqual(credentialSettings(env).helperEnvironment, {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    AWS_PROFILE: "p",
  });
});

test("memoryCredentials() finds by registry and namespace", async () => {
  const known = memoryCredentials({ "https://ghcr.io/": basic("a", "1"), "quay.io/org": basic("b", "2") });
  const signal = new AbortController().signal;
  const found = await Promise.all(
    ["ghcr.io/x/y", "quay.io/org/z", "quay.io/other", "quay.io"].map((place) => known.credentialsFor(place, signal)),
  );
  assert.deepEqual(found, [basic("a", "1"), basic("b", "2"), null, null]);
});
