import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Credential } from "../../src/credentials/credentials.ts";
import { credentialSettings } from "../../src/credentials/credentials-settings.ts";
import { createCredentialStore } from "../../src/credentials/credentials-store.ts";

const calm = new AbortController().signal;
const ALICE: Credential = { kind: "basic", username: "alice", password: "s3cret" };
const auth = (text: string) => Buffer.from(text).toString("base64");

/** Keeps what it is given as files of its directory, and counts how often it is asked. */
const FILE_HELPER = `#!/bin/sh
cd "$XDG_HELPER_HOME" || exit 9
echo "$1" >> calls
case "$1" in
  get) read -r url; key=$(echo "$url" | tr -c 'a-z0-9\\n' _); [ -f "$key" ] && cat "$key" || { echo "credentials not found in native keychain"; exit 1; } ;;
  store) read -r text; url=$(echo "$text" | sed 's/.*"ServerURL":"\\([^"]*\\)".*/\\1/'); echo "$text" > "$(echo "$url" | tr -c 'a-z0-9\\n' _)" ;;
  erase) read -r url; rm "$(echo "$url" | tr -c 'a-z0-9\\n' _)" ;;
esac
`;

function home(
  t: TestContext,
  files: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
) {
  const directory = mkdtempSync(join(tmpdir(), "pkg-credentials-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const program = join(directory, "docker-credential-file");
  writeFileSync(program, FILE_HELPER);
  chmodSync(program, 0o755);
  const path = (name: string) => join(directory, name);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
  }
  const variables = {
    HOME: directory,
    PATH: `${directory}:/usr/bin:/bin`,
    XDG_HELPER_HOME: directory,
    XDG_RUNTIME_DIR: path("run"),
  };
  const warnings: string[] = [];
  const settings = credentialSettings({ ...variables, ...env });
  const onWarning = (message: string) => void warnings.push(message);
  const store = () => createCredentialStore({ settings, onWarning });
  const read = (name: string) => readFileSync(path(name), "utf8");
  return { store, warnings, path, read };
}

const CONFIG = ".docker/config.json";
const PODMAN = "run/containers/auth.json";
const entryOf = (name: string) => ({ auth: auth(`${name}:pw`) });
const nameIn = async (store: ReturnType<ReturnType<typeof home>["store"]>, location: string) => {
  const found = await store.credentialsFor(location, calm);
  return found?.kind === "basic" ? found.username : found;
};

test("credentialsFor() reads docker's file, then podman's, then GitHub's variable for ghcr.io alone", async (t) => {
  const { store } = home(
    t,
    {
      [CONFIG]: { auths: { "a.example": entryOf("docker") } },
      [PODMAN]: {
        auths: { "a.example": entryOf("podman"), "b.example": entryOf("podman"), "c.example/x": entryOf("x") },
      },
    },
    { GITHUB_TOKEN: "ghp" },
  );
  const names = ["a.example/x", "b.example", "c.example/x/y", "c.example", "ghcr.io/x", "ghcr.io.example"].map(
    (place) => nameIn(store(), place),
  );
  assert.deepEqual(await Promise.all(names), ["docker", "podman", "x", null, "github", null]);
});

test("credentialsFor() prefers what is configured to GitHub's variable", async (t) => {
  const { store } = home(t, { [CONFIG]: { auths: { "https://ghcr.io": entryOf("docker") } } }, { GITHUB_TOKEN: "ghp" });
  assert.equal(await nameIn(store(), "ghcr.io/x"), "docker");
});

test("credentialsFor() ignores a damaged file that it need not read", async (t) => {
  const { store } = home(t, { [CONFIG]: { auths: { "a.example": entryOf("docker") } }, [PODMAN]: "{" });
  assert.equal(await nameIn(store(), "a.example"), "docker");
  await assert.rejects(store().credentialsFor("b.example", calm), { code: "CREDENTIALS_INVALID" });
});

test("credentialsFor() finds what a later place has if a file is damaged, and says so once", async (t) => {
  const { store, warnings } = home(
    t,
    { [CONFIG]: "{", [PODMAN]: { auths: { "b.example": entryOf("podman") } } },
    { GITHUB_TOKEN: "ghp" },
  );
  const opened = store();
  assert.equal(await nameIn(opened, "b.example"), "podman");
  assert.equal(await nameIn(opened, "ghcr.io/x"), "github");
  assert.equal(await opened.sourceOf("ghcr.io/x", calm), "GITHUB_TOKEN");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /config\.json": .*; continuing without it$/);
  await assert.rejects(opened.credentialsFor("a.example", calm), { code: "CREDENTIALS_INVALID" });
});

test("credentialsFor() asks a helper once for each registry, whatever the repositories", async (t) => {
  const { store, read } = home(t, {
    [CONFIG]: { credsStore: "file", auths: { "a.example": {} } },
    a_example: { ServerURL: "a.example", Username: "kept", Secret: "s" },
  });
  const opened = store();
  const places = ["a.example/x", "a.example/y", "a.example", "b.example/x", "b.example"];
  const names = await Promise.all(places.map((place) => nameIn(opened, place)));
  assert.deepEqual(names, ["kept", "kept", "kept", null, null]);
  assert.equal(read("calls"), "get\nget\n");
});

test("credentialsFor() continues without a helper that is missing or fails, and says so once", async (t) => {
  const { store, warnings } = home(t, {
    [CONFIG]: { credsStore: "missing", auths: { "a.example": entryOf("file") } },
    [PODMAN]: { auths: { "b.example": entryOf("podman") } },
  });
  const opened = store();
  assert.equal(await nameIn(opened, "a.example"), "file");
  assert.equal(await nameIn(opened, "b.example"), "podman");
  assert.equal(await nameIn(opened, "c.example"), null);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /docker-credential-missing/);
});

test("credentialsFor() aborted by one caller does not stop the helper that others wait for", async (t) => {
  const { store } = home(t, {
    [CONFIG]: { credsStore: "file" },
    a_example: { ServerURL: "a.example", Username: "kept", Secret: "s" },
  });
  const opened = store();
  const controller = new AbortController();
  const first = opened.credentialsFor("a.example", controller.signal);
  const second = nameIn(opened, "a.example");
  controller.abort();
  await assert.rejects(first, { code: "INTERRUPTED" });
  assert.equal(await second, "kept");
});

test("save() closes a file that everybody could read", async (t) => {
  const { store, path } = home(t, { [CONFIG]: "{}" });
  chmodSync(path(CONFIG), 0o644);
  await store().save("r.example", ALICE, calm);
  assert.equal(statSync(path(CONFIG)).mode & 0o777, 0o640);
});

test("save() makes a file of mode 0600 that is read again", async (t) => {
  const { store, path, read } = home(t);
  const opened = store();
  assert.equal(await opened.credentialsFor("r.example", calm), null);
  assert.deepEqual(await opened.save("r.example", ALICE, calm), { kind: "file", file: path(CONFIG) });
  assert.equal(statSync(path(CONFIG)).mode & 0o777, 0o600);
  assert.equal(statSync(path(".docker")).mode & 0o777, 0o700);
  assert.equal(
    read(CONFIG),
    `{\n\t"auths": {\n\t\t"r.example": {\n\t\t\t"auth": "${auth("alice:s3cret")}"\n\t\t}\n\t}\n}\n`,
  );
  assert.deepEqual(await opened.credentialsFor("r.example", calm), ALICE);
  assert.deepEqual(await store().credentialsFor("r.example/x", calm), ALICE);
});

test("save() files Docker Hub under the key that docker looks for", async (t) => {
  const { store, read } = home(t);
  await store().save("docker.io", ALICE, calm);
  assert.deepEqual(Object.keys(JSON.parse(read(CONFIG)).auths), ["https://index.docker.io/v1/"]);
});

test("save() and forget() keep all that they do not know, to the digit", async (t) => {
  const text = `{
  "big": 12345678901234567890,
  "exact": 1.0,
  "__proto__": {"x": 1},
  "HttpHeaders": {"X": "y"},
  "auths": {
    "other.example": {"auth": "eDp5", "email": "a@b", "n": 1e400},
    "https://r.example/v2/": {"auth": "eDp5", "email": "kept@b", "identitytoken": "old"}
  },
  "plugins": {"debug": {"hooks": "exec"}}
}
`;
  const { store, read, path } = home(t, { [CONFIG]: text });
  chmodSync(path(CONFIG), 0o640);
  await store().save("r.example", ALICE, calm);
  const saved = text.replace(
    '{"auth": "eDp5", "email": "kept@b", "identitytoken": "old"}',
    `{"email": "kept@b", "auth": "${auth("alice:s3cret")}"}`,
  );
  const squeeze = (json: string) => json.replaceAll(/\s+/g, "");
  assert.equal(squeeze(read(CONFIG)), squeeze(saved));
  assert.match(read(CONFIG), /^\{\n {2}"big"/);
  assert.equal(statSync(path(CONFIG)).mode & 0o777, 0o640);
  assert.deepEqual(await store().forget("r.example", calm), [{ kind: "file", file: path(CONFIG) }]);
  assert.doesNotMatch(read(CONFIG), /r\.example\/v2/);
  assert.match(read(CONFIG), /12345678901234567890/);
});

test("save() writes through a symlink, also one that leads nowhere yet", async (t) => {
  const { store, path, read } = home(t, { "dotfiles/docker.json": { auths: {} } });
  mkdirSync(path(".docker"));
  symlinkSync("../dotfiles/docker.json", path(CONFIG));
  await store().save("r.example", ALICE, calm);
  assert.ok(lstatSync(path(CONFIG)).isSymbolicLink());
  assert.match(read("dotfiles/docker.json"), /r\.example/);
  rmSync(path("dotfiles/docker.json"));
  await store().save("s.example", ALICE, calm);
  assert.ok(lstatSync(path(CONFIG)).isSymbolicLink());
  assert.match(read("dotfiles/docker.json"), /s\.example/);
});

test("save() changes nothing when the file is not a credential file", async (t) => {
  for (const text of ["{", "[]", '{"auths": 1}']) {
    const { store, read, path } = home(t, { [CONFIG]: text });
    await assert.rejects(store().save("r.example", ALICE, calm), { code: "CREDENTIALS_INVALID" });
    assert.equal(read(CONFIG), text);
    assert.deepEqual(readdirSync(path(".docker")), ["config.json"]);
  }
});

test("save() gives the secret to the helper that is configured, and none to the file", async (t) => {
  const { store, path, read } = home(t, {
    [CONFIG]: { credHelpers: { "r.example": "file" }, auths: { "r.example": entryOf("old") } },
  });
  const place = await store().save("r.example", ALICE, calm);
  assert.deepEqual(place, { kind: "helper", file: path(CONFIG), helper: "file" });
  assert.deepEqual(JSON.parse(read(CONFIG)).auths, { "r.example": {} });
  assert.deepEqual(await store().credentialsFor("r.example", calm), ALICE);
  assert.deepEqual(await store().forget("r.example", calm), [place]);
  assert.equal(await store().credentialsFor("r.example", calm), null);
  assert.deepEqual(JSON.parse(read(CONFIG)).auths, {});
  assert.ok(!existsSync(path("r_example")));
});

test("save() keeps nothing when the helper is missing", async (t) => {
  const { store, read } = home(t, { [CONFIG]: { credsStore: "missing" } });
  await assert.rejects(store().save("r.example", ALICE, calm), { code: "CREDENTIALS_INVALID" });
  assert.equal(read(CONFIG), '{"credsStore":"missing"}');
});

test("save() keeps an identity token as docker does", async (t) => {
  const { store, read } = home(t);
  await store().save("r.example", { kind: "identity-token", token: "id" }, calm);
  assert.deepEqual(JSON.parse(read(CONFIG)).auths["r.example"], { identitytoken: "id" });
  assert.deepEqual(await store().credentialsFor("r.example", calm), { kind: "identity-token", token: "id" });
});

test("save() says CREDENTIALS_INVALID when no home is known", async () => {
  const store = createCredentialStore({ settings: credentialSettings({}), onWarning: () => {} });
  await assert.rejects(store.save("r.example", ALICE, calm), { code: "CREDENTIALS_INVALID" });
});

test("forget() removes every key of a registry from every file, an unreadable entry too, and no namespace", async (t) => {
  const { store, path, read } = home(t, {
    [CONFIG]: {
      auths: { "r.example": { auth: 1 }, "https://r.example/v1/": entryOf("a"), "r.example/org": entryOf("b") },
    },
    [PODMAN]: { auths: { "r.example": entryOf("c"), "other.example": entryOf("d") } },
  });
  const places = await store().forget("r.example", calm);
  assert.deepEqual(
    places,
    [CONFIG, PODMAN].map((name) => ({ kind: "file", file: path(name) })),
  );
  assert.deepEqual(Object.keys(JSON.parse(read(CONFIG)).auths), ["r.example/org"]);
  assert.deepEqual(Object.keys(JSON.parse(read(PODMAN)).auths), ["other.example"]);
});

test("forget() writes nothing when there is nothing to forget", async (t) => {
  const { store, read, path } = home(t, { [CONFIG]: "{ }" });
  assert.deepEqual(await store().forget("r.example", calm), []);
  assert.equal(read(CONFIG), "{ }");
  assert.ok(!existsSync(path(PODMAN)));
});
