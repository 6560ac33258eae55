import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { suite, test } from "node:test";
import { renderPage } from "../../src/registry/page-view.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const PROGRAM = Buffer.from("#!/bin/sh\n");

/** What an artifact has besides its files. */
interface Said {
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function push(registry: TestRegistry, name: string, files: Readonly<Record<string, Buffer>>, said: Said = {}) {
  const layers = await Promise.all(
    Object.entries(files).map(async ([title, bytes]) => ({
      mediaType: "application/x",
      digest: await registry.push(name, bytes),
      size: bytes.length,
      annotations: { "org.opencontainers.image.title": title },
    })),
  );
  const config = { mediaType: "x", digest: await registry.push(name, PROGRAM), size: PROGRAM.length };
  const document = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers, ...said };
  return Buffer.from(JSON.stringify(document));
}

async function tag({ ask }: TestRegistry, name: string, tags: readonly string[], manifest: Buffer): Promise<void> {
  for (const key of [...tags, sha256(manifest)]) {
    const body = new Uint8Array(manifest);
    const response = await ask("PUT", `/v2/${name}/manifests/${key}`, {
      body,
      headers: { "content-type": MANIFEST_TYPE },
    });
    assert.equal(response.status, 201, await response.text());
  }
}

/** The page as a browser sees it that was given this host. */
async function pageFor({ server }: TestRegistry, host: string, headers: Readonly<Record<string, string>> = {}) {
  const sent = request({ port: server.port, path: "/", headers: { host, ...headers } }).end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  return Buffer.concat((await response?.toArray()) ?? []).toString();
}

suite("page lines", () => {
  test("sendPage() gives commands for the host and scheme that it was asked for by", async (t) => {
    const registry = await openRegistry(t, { host: "0.0.0.0" });
    await tag(registry, "tools/hello", ["1.0.0"], await push(registry, "tools/hello", { hello: PROGRAM }));
    const installs = async (host: string, headers = {}) =>
      /<code>pkg install ([^<]*)<\/code>/.exec(await pageFor(registry, host, headers))?.[1];
    assert.equal(await installs("127.0.0.1:5000"), "127.0.0.1:5000/tools/hello:1.0.0");
    assert.equal(await installs("reg.example:5000"), "reg.example:5000/tools/hello:1.0.0 --plain-http");
    assert.equal(await installs("myhost"), "myhost:80/tools/hello:1.0.0 --plain-http");
    const proxied = { "x-forwarded-proto": "https" };
    assert.equal(await installs("reg.example", proxied), "reg.example/tools/hello:1.0.0");
    assert.equal(await installs("localhost", proxied), "localhost/tools/hello:1.0.0 --no-plain-http");
    const logged = await pageFor(registry, "reg.example:5000", { authorization: "Basic YTpi" });
    assert.match(logged, /<code>pkg login reg\.example:5000 --plain-http<\/code>/);
  });

  test("sendPage() shows an index with the line that adds it, and counts no platform as a version", async (t) => {
    const registry = await openRegistry(t);
    const index = await push(
      registry,
      "me/index",
      { "index.json.zst": PROGRAM },
      { artifactType: "application/vnd.pkg.index.v1" },
    );
    await tag(registry, "me/index", ["5", "latest"], index);
    const said = (version: string) => ({ annotations: { "org.opencontainers.image.version": version } });
    for (const name of ["1.0.0", "1.0.0-x86_64-linux", "1.0.0-x86_64-linux-musl", "1.0.0-aarch64-linux"]) {
      await tag(registry, "hello", [name], await push(registry, "hello", { hello: PROGRAM }, said(name)));
    }
    const text = await pageFor(registry, `127.0.0.1:${registry.server.port}`);
    assert.match(text, new RegExp(`<code>pkg repo add 127\\.0\\.0\\.1:${registry.server.port}/me/index</code>`));
    assert.equal(text.match(/<summary>/g)?.length, 2);
    assert.doesNotMatch(text, /older version|x86_64/);
    assert.match(text, /2 repositories/);
  });

  test("sendPage() shows licence, key and day, and the newest release before a newer pre-release", async (t) => {
    const registry = await openRegistry(t);
    const signer = createSigner();
    const files = { hello: PROGRAM, "hello.sig": signer.sign(PROGRAM, "hello") };
    const annotations = (version: string) => ({ "org.opencontainers.image.licenses": "MIT", version });
    for (const version of ["2.0.0-rc1", "1.1.0"]) {
      const manifest = await push(registry, "hello", files, { annotations: annotations(version) });
      await tag(registry, "hello", [version], manifest);
    }
    const text = await pageFor(registry, `127.0.0.1:${registry.server.port}`);
    assert.match(text, /<dt>Licence<\/dt><dd>MIT<\/dd>/);
    assert.match(text, new RegExp(`<dt>Signed by</dt><dd>key ${signer.keyId}, `));
    assert.match(text, /<dt>Stored<\/dt><dd>\d{4}-\d\d-\d\d<\/dd>/);
    assert.ok(text.indexOf("<strong>1.1.0") < text.indexOf("<strong>2.0.0-rc1"));
  });

  test("sendPage() shows how to pull what pkg install would refuse, as it is no program", async (t) => {
    const registry = await openRegistry(t);
    await tag(registry, "notes", ["1"], await push(registry, "notes", { notes: Buffer.from("some text\n") }));
    await tag(registry, "tool", ["1"], await push(registry, "tool", { tool: PROGRAM }));
    const text = await pageFor(registry, `127.0.0.1:${registry.server.port}`);
    assert.match(text, /<code>pkg oci pull \S+\/notes:1<\/code>/);
    assert.match(text, /<code>pkg install \S+\/tool:1<\/code>/);
    assert.doesNotMatch(text, /pkg install \S+\/notes/);
  });

  test("sendPage() shows no key where the signature is none", async (t) => {
    const registry = await openRegistry(t);
    for (const [version, signature] of Object.entries({ 1: "", 2: "<b>", 3: "untrusted comment: x\nAAAA\n" })) {
      const files = { hello: PROGRAM, "hello.sig": Buffer.from(signature) };
      await tag(registry, "hello", [version], await push(registry, "hello", files));
    }
    assert.doesNotMatch(await pageFor(registry, `127.0.0.1:${registry.server.port}`), /Signed by/);
  });

  test("renderPage() says of what a cache is one, and how to use it", () => {
    const query = { search: "", page: 1, repository: null };
    const settings = {
      host: "cache.example:5000",
      options: " --plain-http",
      scheme: "http",
      isReadOnly: true,
    } as const;
    const empty = { query, total: 0, pages: 1, repositories: [] };
    const text = renderPage(empty, { ...settings, hasPassword: false, upstream: "ghcr.io" });
    assert.match(text, /cache of ghcr\.io/);
    assert.match(text, /<code>\[registries\."ghcr\.io"\]\nmirrors = \["http:\/\/cache\.example:5000"\]<\/code>/);
    assert.match(text, /pkg oci pull cache\.example:5000\/owner\/name:tag --plain-http/);
  });
});
