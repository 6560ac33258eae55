import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isObject } from "../../src/base/json.ts";
import { OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import type { RequestLine } from "../../src/registry/request-line.ts";
import { startRegistry } from "../../src/registry/server.ts";
import { PUBLIC_KEY, SECRET_KEY, writeFiles } from "../publish/world.ts";
import { type RunResult, runPkg } from "../support/run-pkg.ts";
import { NO_DEFAULT_REPOSITORIES } from "../support/sample-config.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const ENV = { PKG_SIGNING_KEY: SECRET_KEY };
const HERE = process.arch === "arm64" ? "aarch64" : "x86_64";
const ELSEWHERE = HERE === "aarch64" ? "x86_64" : "aarch64";

/** A registry with signed packages, and a machine that installs them. */
async function world(t: TestContext) {
  const requests: RequestLine[] = [];
  const registry = await startRegistry({
    root: tempDirectory(t),
    port: 0,
    sparse: true,
    onRequest: (line) => requests.push(line),
  });
  t.after(() => registry.close());
  const { host } = new URL(registry.url);
  const [home, cwd] = [tempHome(t), tempDirectory(t)];
  writeFileSync(join(home, "config.toml"), NO_DEFAULT_REPOSITORIES);
  const pkg = (...words: readonly string[]) => runPkg(words, { home, cwd, env: ENV });
  const succeed = async (...words: readonly string[]) => {
    const result = await pkg(...words);
    assert.equal(result.code, 0, `${words.join(" ")}: ${result.stderr}`);
    return result;
  };
  /** Publishes a script for both machines; the repository is `me/NAME`. */
  const publish = async (name: string, version: string, ...more: readonly string[]) => {
    writeFiles(cwd, { [name]: `#!/bin/sh\necho ${name} ${version}\n` });
    const files = ["linux/amd64", "linux/arm64"].flatMap((platform) => ["--file", `${name}@${platform}`]);
    await succeed("publish", `${host}/me/${name}`, "--version", version, ...files, ...more);
  };
  const run = (name: string) => execFileSync(join(home, "bin", name), { encoding: "utf8" }).trim();
  const bin = () => (existsSync(join(home, "bin")) ? readdirSync(join(home, "bin")) : []);
  return { host, home, cwd, pkg, succeed, publish, run, bin, requests };
}

type World = Awaited<ReturnType<typeof world>>;

async function installed({ succeed }: World, name: string): Promise<Readonly<Record<string, unknown>>> {
  const { packages: found }: { readonly packages: readonly Record<string, unknown>[] } = JSON.parse(
    (await succeed("list", "--json")).stdout,
  );
  return found.find((item) => item["name"] === name) ?? assert.fail(`${name} is not installed`);
}

function refused(result: RunResult, message: RegExp): void {
  assert.equal(result.code, 1, result.stdout);
  assert.match(result.stderr, message);
}

interface Manifest {
  annotations: Record<string, string>;
  layers: { annotations: Record<string, string> }[];
}

async function manifestAt(host: string, repository: string, tag: string) {
  const headers = { accept: `${OCI_MANIFEST}, ${OCI_INDEX}` };
  const response = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, { headers });
  const manifest: Manifest = JSON.parse(await response.text());
  return { manifest, type: response.headers.get("content-type") ?? "" };
}

/** Puts a manifest of `from` under another tag of `me/hello`, changed: whoever serves a registry can. */
async function forge({ host }: World, from: string, tag: string, change: (manifest: Manifest) => void = () => {}) {
  const [repository = "", fromTag = ""] = from.split(":");
  const { manifest, type } = await manifestAt(host, repository, fromTag);
  change(manifest);
  const put = await fetch(`http://${host}/v2/me/hello/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": type },
    body: JSON.stringify(manifest),
  });
  assert.equal(put.status, 201, await put.text());
}

/** The layers by their titles. */
function layer(manifest: Manifest, title: string) {
  const found = manifest.layers.find(({ annotations }) => annotations["org.opencontainers.image.title"] === title);
  return found ?? assert.fail(`no layer "${title}"`);
}

const OWN = (version: string) => `me/hello:${version}-${HERE}-linux`;
const VERSION = "org.opencontainers.image.version";
const TITLE = "org.opencontainers.image.title";

test("pkg update does not go back to a lower version when a tag moves, until it is told to", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  await publish("hello", "2.0.0");
  await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY);
  await forge(here, "me/hello:1.0.0", "latest");
  for (const words of [["update"], ["update", "--yes"], ["update", "hello"], ["install", `${host}/me/hello`]]) {
    refused(await pkg(...words), /Cannot change "hello" from 2\.0\.0 to 1\.0\.0: .*lower[\s\S]*--allow-downgrade/);
    assert.equal(run("hello"), "hello 2.0.0");
  }
  const [item] = JSON.parse((await pkg("update", "--dry-run", "--json")).stdout).packages;
  assert.equal(item.error.code, "DOWNGRADE_REFUSED");
  await succeed("update", "--allow-downgrade");
  assert.equal(run("hello"), "hello 1.0.0");
});

test("a lower version that was typed needs no further yes", async (t) => {
  const { host, succeed, publish, run } = await world(t);
  for (const version of ["1.0.0", "1.1.0", "2.0.0"]) await publish("hello", version);
  await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY);
  await succeed("install", `${host}/me/hello:1`);
  assert.equal(run("hello"), "hello 1.1.0");
  await succeed("install", `${host}/me/hello:1.0.0`);
  assert.equal(run("hello"), "hello 1.0.0");
});

test("a rolling tag that was moved back within its own line is a downgrade, though it was typed", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  await publish("hello", "1.1.0");
  await succeed("install", `${host}/me/hello:1`, "--key", PUBLIC_KEY);
  await forge(here, "me/hello:1.0.0", "1");
  refused(await pkg("install", `${host}/me/hello:1`), /from 1\.1\.0 to 1\.0\.0/);
  assert.equal(run("hello"), "hello 1.1.0");
});

test("a downgrade is asked about without a key too, and by the name of an index", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish } = here;
  await publish("hello", "1.0.0", "--no-sign");
  await publish("hello", "2.0.0", "--no-sign");
  await succeed("install", `${host}/me/hello`);
  await forge(here, "me/hello:1.0.0", "latest");
  refused(await pkg("update"), /Cannot change "hello" from 2\.0\.0 to 1\.0\.0/);
});

test("words for tags are neither lower nor higher than a version", async (t) => {
  const { host, cwd, succeed, run } = await world(t);
  for (const tag of ["1.0", "edge", "alpha"]) {
    writeFiles(cwd, { tool: `#!/bin/sh\necho ${tag}\n` });
    await succeed("oci", "push", `${host}/me/tool:${tag}`, "tool");
  }
  for (const tag of ["1.0", "edge", "alpha", "1.0"]) {
    await succeed("install", `${host}/me/tool:${tag}`);
    assert.equal(run("tool"), tag);
  }
});

test("the version is what the publisher signed, whatever annotations and tags say", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, bin } = here;
  await publish("hello", "1.0.0");
  const lie = (manifest: Manifest) => {
    manifest.annotations[VERSION] = "3.0.0";
  };
  await forge(here, OWN("1.0.0"), "3.0.0", lie);
  await forge(here, OWN("1.0.0"), "3", lie);
  await forge(here, OWN("1.0.0"), "newest", lie);
  for (const tag of ["3.0.0", "3"]) {
    refused(
      await pkg("install", `${host}/me/hello:${tag}`, "--key", PUBLIC_KEY),
      /its signed version is "1\.0\.0", expected "3/,
    );
  }
  assert.deepEqual(bin(), []);
  await succeed("install", `${host}/me/hello:newest`, "--key", PUBLIC_KEY);
  assert.equal((await installed(here, "hello"))["version"], "1.0.0");
});

test("a version written beside a digest has to be the signed one, and a digest alone is enough", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish } = here;
  await publish("hello", "1.0.0");
  const { digest } = JSON.parse((await succeed("oci", "resolve", `${host}/${OWN("1.0.0")}`, "--json")).stdout);
  refused(
    await pkg("install", `${host}/me/hello:2.0.0@${digest}`, "--key", PUBLIC_KEY),
    /its signed version is "1\.0\.0", expected "2\.0\.0"/,
  );
  await succeed("install", `${host}/me/hello@${digest}`, "--key", PUBLIC_KEY);
  assert.equal((await installed(here, "hello"))["version"], "1.0.0");
  // The same digest, now installed: nothing is asked of the registry, and the facts are compared all the same.
  refused(await pkg("install", `${host}/me/hello:2.0.0@${digest}`), /expected "2\.0\.0"/);
  assert.match((await succeed("install", `${host}/me/hello@${digest}`, "--offline")).stdout, /up to date/);
});

test("another program of the same key is refused where it was not published, and is never an update", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, run, bin } = here;
  await publish("hello", "1.0.0");
  await publish("other", "5.0.0");
  await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY);
  await succeed("oci", "copy", `${host}/me/other:5.0.0`, `${host}/me/hello:latest`);
  refused(await pkg("update"), /its signed name is "other", expected "hello"/);
  refused(await pkg("update", "--allow-downgrade", "--yes"), /its signed name is "other"/);
  assert.equal(run("hello"), "hello 1.0.0");
  await succeed("remove", "hello");
  refused(
    await pkg("install", `${host}/me/hello`, "--key", PUBLIC_KEY, "--yes"),
    /its signed repository is "[^"]*\/me\/other", expected "[^"]*\/me\/hello"/,
  );
  assert.deepEqual(bin(), []);
});

test("signed files of two versions put together are refused", async (t) => {
  const here = await world(t);
  const { host, pkg, publish, bin } = here;
  await publish("hello", "1.0.0");
  await publish("hello", "2.0.0");
  const { manifest: older } = await manifestAt(host, "me/hello", `1.0.0-${HERE}-linux`);
  await forge(here, OWN("2.0.0"), "mixed", (manifest) => {
    for (const title of ["hello", "hello.sig", "CHECKSUM", "CHECKSUM.sig"]) {
      manifest.layers.splice(manifest.layers.indexOf(layer(manifest, title)), 1, layer(older, title));
    }
  });
  refused(await pkg("install", `${host}/me/hello:mixed`, "--key", PUBLIC_KEY), /its signed program is "sha256:/);
  assert.deepEqual(bin(), []);
});

test("a title does not decide the name of a link where a name is signed", async (t) => {
  const here = await world(t);
  const { host, succeed, publish, bin } = here;
  await publish("hello", "1.0.0");
  await forge(here, OWN("1.0.0"), "latest", (manifest) => {
    manifest.annotations[TITLE] = "gitt";
  });
  await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY);
  assert.deepEqual(bin(), ["hello"]);
});

test("a build for another machine is not passed off for one for this", async (t) => {
  const here = await world(t);
  const { host, pkg, publish, bin } = here;
  await publish("hello", "1.0.0");
  await forge(here, `me/hello:1.0.0-${ELSEWHERE}-linux`, "latest");
  const { stderr, code } = await pkg("install", `${host}/me/hello`, "--key", PUBLIC_KEY, "--json");
  assert.equal(code, 1, stderr);
  refused(await pkg("install", `${host}/me/hello`, "--key", PUBLIC_KEY), /expected linux\/\w+.*, found linux\/\w+/);
  assert.deepEqual(bin(), []);
});

/** Without its signed facts, as an older package is, or one that somebody stripped of them. */
function strip(manifest: Manifest): void {
  manifest.layers = manifest.layers.filter(({ annotations }) => !annotations[TITLE]?.startsWith("hello.json"));
  manifest.annotations[VERSION] = "9.0.0";
}

test("a package without signed facts is shown as unchecked, and never follows one that had them", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  await forge(here, OWN("1.0.0"), "bare", strip);
  await succeed("install", `${host}/me/hello:bare`, "--key", PUBLIC_KEY);
  assert.deepEqual((await installed(here, "hello"))["skipped"], ["facts"]);
  assert.equal((await installed(here, "hello"))["version"], "bare", "the tag that was typed, not what nobody signed");
  assert.match((await succeed("list")).stdout, /unchecked: facts/);
  await succeed("remove", "hello");
  await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY);
  const item = await installed(here, "hello");
  assert.deepEqual(item["checks"], ["digest", "checksum", "signature", "facts"]);
  assert.equal(item["signedAs"], `${host}/me/hello`);
  await forge(here, OWN("1.0.0"), "latest", strip);
  refused(await pkg("update"), /found no signed file "hello\.json", expected one, as the installed version has it/);
  assert.equal(run("hello"), "hello 1.0.0");
  await succeed("update", "--insecure-skip", "facts");
  assert.deepEqual((await installed(here, "hello"))["skipped"], ["facts"]);
  assert.equal((await installed(here, "hello"))["signedAs"], `${host}/me/hello`, "what it was signed as is remembered");
});

test("a PROGRAM.json that another key signed, or that was changed, is refused", async (t) => {
  const here = await world(t);
  const { host, pkg, publish } = here;
  await publish("hello", "1.0.0");
  await publish("hello", "2.0.0");
  const { manifest: newer } = await manifestAt(host, "me/hello", `2.0.0-${HERE}-linux`);
  await forge(here, OWN("1.0.0"), "changed", (manifest) => {
    manifest.layers.splice(manifest.layers.indexOf(layer(manifest, "hello.json")), 1, layer(newer, "hello.json"));
  });
  refused(await pkg("install", `${host}/me/hello:changed`, "--key", PUBLIC_KEY), /signature check of "hello\.json"/);
});

test("a copy in another registry is taken once somebody says whose it is, and is remembered", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  await succeed("oci", "copy", `${host}/me/hello:1.0.0`, `${host}/copies/hello:latest`);
  const copy = `${host}/copies/hello`;
  const message =
    /its signed repository is "[^"]*\/me\/hello", expected "[^"]*\/copies\/hello"[\s\S]*--signed-as \S+\/me\/hello/;
  refused(await pkg("install", copy, "--key", PUBLIC_KEY, "--yes"), message);
  refused(await pkg("install", copy, "--key", PUBLIC_KEY, "--signed-as", `${host}/me/else`), message);
  await succeed("install", copy, "--key", PUBLIC_KEY, "--signed-as", `${host}/me/hello`);
  await publish("hello", "1.1.0");
  await succeed("oci", "copy", `${host}/me/hello:1.1.0`, `${copy}:latest`);
  await succeed("update");
  assert.equal(run("hello"), "hello 1.1.0");
});

test("a key that is given later is checked, and required from then on, though nothing else has changed", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish } = here;
  await publish("hello", "1.0.0");
  await succeed("install", `${host}/me/hello`);
  assert.equal((await installed(here, "hello"))["signedBy"], null);
  const stranger = "RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr";
  assert.equal((await pkg("install", `${host}/me/hello`, "--key", stranger)).code, 1);
  await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY);
  const item = await installed(here, "hello");
  assert.deepEqual([item["publisherKey"], item["signedAs"]], [PUBLIC_KEY, `${host}/me/hello`]);
  assert.match((await succeed("install", `${host}/me/hello`, "--key", PUBLIC_KEY)).stdout, /up to date/);
  await forge(here, OWN("1.0.0"), "latest", strip);
  refused(await pkg("update"), /found no signed file "hello\.json"/);
});

test("a layout and a tar are held against the signed facts by the same code", async (t) => {
  const here = await world(t);
  const { host, cwd, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  await publish("hello", "2.0.0");
  await publish("other", "5.0.0");
  const place = (tag: string) => `oci:${join(cwd, "lay")}:${tag}`;
  await succeed("oci", "copy", `${host}/me/hello:2.0.0`, place("stable"));
  await succeed("oci", "copy", `${host}/me/hello:1.0.0`, place("3.0.0"));
  await succeed("install", place("stable"), "--key", PUBLIC_KEY);
  assert.equal((await installed(here, "hello"))["version"], "2.0.0");
  refused(
    await pkg("install", place("3.0.0"), "--key", PUBLIC_KEY),
    /its signed version is "1\.0\.0", expected "3\.0\.0"/,
  );
  await succeed("oci", "copy", `${host}/me/hello:1.0.0`, place("stable"));
  refused(await pkg("update"), /from 2\.0\.0 to 1\.0\.0/);
  await succeed("oci", "copy", `${host}/me/other:5.0.0`, place("stable"));
  refused(await pkg("update"), /its signed name is "other", expected "hello"/);
  assert.equal(run("hello"), "hello 2.0.0");
});

test("another tag of a layout replaces a package neither without its key, nor by another program of that key", async (t) => {
  const here = await world(t);
  const { host, cwd, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  const place = (tag: string) => `oci:${join(cwd, "lay")}:${tag}`;
  await succeed("oci", "copy", `${host}/me/hello:1.0.0`, place("stable"));
  await succeed("install", place("stable"), "--key", PUBLIC_KEY);
  await forge(here, OWN("1.0.0"), "bare", strip);
  await succeed("oci", "copy", `${host}/me/hello:bare`, place("bare"));
  refused(await pkg("install", place("bare")), /found no signed file "hello\.json"/);
  writeFiles(cwd, { hello: "#!/bin/sh\necho fork\n" });
  await succeed(
    "publish",
    `${host}/fork/hello`,
    "--version",
    "2.0.0",
    "--file",
    `hello@linux/${process.arch === "arm64" ? "arm64" : "amd64"}`,
  );
  await succeed("oci", "copy", `${host}/fork/hello:2.0.0`, place("fork"));
  refused(await pkg("install", place("fork"), "--key", PUBLIC_KEY), /its signed repository is ".*\/fork\/hello"/);
  assert.equal(run("hello"), "hello 1.0.0");
});

/** An index that nobody signed, of a repository whose packages have to be signed. */
async function addIndex({ home, cwd, host, succeed }: World, entry: Readonly<Record<string, string>>): Promise<void> {
  const index = join(cwd, "index.json");
  const fields = { pkg: "hello", pkg_name: "hello", pkg_id: "me.hello", version: "1.0.0", host: `${HERE}-linux` };
  const place = `${host}/${OWN("1.0.0")}`;
  writeFileSync(index, JSON.stringify([{ ...fields, ghcr_pkg: place, ...entry }]));
  writeFileSync(
    join(home, "config.toml"),
    `${NO_DEFAULT_REPOSITORIES}[repositories.tools]\nurl = "file://${index}"\nkeys = ["${PUBLIC_KEY}"]\nsigned_index = false\n[registries."${host}"]\nmirrors = ["http://${host}"]\n`,
  );
  await succeed("sync", "--force");
}

test("an index that nobody signed cannot say that a package is another, or another version", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, bin } = here;
  await publish("hello", "1.0.0");
  await publish("other", "5.0.0");
  const lies: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
    [{ version: "3.0.0" }, /its signed version is "1\.0\.0", expected "3\.0\.0"/],
    [{ ghcr_pkg: `${host}/me/hello:1.0.0-${ELSEWHERE}-linux` }, /expected linux\/\w+/],
    [
      { ghcr_pkg: `${host}/me/other:5.0.0-${HERE}-linux`, version: "5.0.0" },
      /its signed name is "other", expected "hello"/,
    ],
  ];
  for (const [entry, message] of lies) {
    await addIndex(here, entry);
    refused(await pkg("install", "hello"), message);
  }
  assert.deepEqual(bin(), []);
  await addIndex(here, {});
  await succeed("install", "hello");
  const item = await installed(here, "hello");
  assert.deepEqual(item["checks"], ["digest", "checksum", "signature", "facts"]);
  await forge(here, OWN("1.0.0"), `1.0.1-${HERE}-linux`, strip);
  await addIndex(here, { version: "1.0.1", ghcr_pkg: `${host}/me/hello:1.0.1-${HERE}-linux` });
  refused(await pkg("update"), /found no signed file "hello\.json"/);
});

test("a lower version of an index is not installed by the bare name", async (t) => {
  const here = await world(t);
  const { host, pkg, succeed, publish, run } = here;
  await publish("hello", "1.0.0");
  await publish("hello", "2.0.0");
  await addIndex(here, { version: "2.0.0", ghcr_pkg: `${host}/me/hello:2.0.0-${HERE}-linux` });
  await succeed("install", "hello");
  await addIndex(here, {});
  refused(await pkg("install", "hello"), /Cannot change "hello" from 2\.0\.0 to 1\.0\.0/);
  assert.equal(run("hello"), "hello 2.0.0");
  await succeed("install", "hello@1.0.0");
  assert.equal(run("hello"), "hello 1.0.0");
});

test("signed facts take two more requests for the first install with a key, and none when nothing has changed", async (t) => {
  const here = await world(t);
  const { host, succeed, publish, requests } = here;
  await publish("hello", "1.0.0");
  await publish("other", "1.0.0");
  const count = async (...words: readonly string[]) => {
    const before = requests.length;
    await succeed(...words);
    return requests.slice(before).filter(({ method, path }) => method === "GET" && !path.endsWith("/v2/")).length;
  };
  // Another package of the same shape: of one that was installed before, the store still holds the files.
  const withoutKey = await count("install", `${host}/me/other`);
  // CHECKSUM.sig and hello.sig; hello.json and hello.json.sig.
  assert.equal(await count("install", `${host}/me/hello`, "--key", PUBLIC_KEY), withoutKey + 2 + 2);
  assert.ok(isObject(await installed(here, "hello")));
});
