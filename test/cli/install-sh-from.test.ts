import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { tempDirectory } from "../support/temp-home.ts";

const SCRIPT = join(dirname(dirname(import.meta.dirname)), "install.sh");
const MACHINE = process.arch === "arm64" ? "arm64" : "amd64";
const PROGRAM = '#!/bin/sh\n[ "$1" = --version ] && echo 9.8.7 || echo "complete $2"\n';

/** What a registry answers instead of what it has, by the path; nothing: as it should. */
type Lie = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

const content = new Map<string, string | Buffer>();
let lie: Lie = () => false;
const seen: { readonly path: string; readonly authorization: string | undefined }[] = [];
const server = createServer((request, response) => {
  const path = request.url ?? "";
  seen.push({ path, authorization: request.headers.authorization });
  if (lie(path, request, response)) return;
  const body = content.get(path.replace(/\?.*/, ""));
  response.writeHead(body === undefined ? 404 : 200).end(body);
});
let host = "";
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  assert.ok(address !== null && typeof address === "object");
  host = `127.0.0.1:${address.port}`;
});
after(() => server.close());

function digestOf(bytes: string | Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function put(kind: "blobs" | "manifests", bytes: string | Buffer): { readonly digest: string; readonly size: number } {
  const digest = digestOf(bytes);
  content.set(`/v2/me/pkg/${kind}/${digest}`, bytes);
  return { digest, size: Buffer.byteLength(bytes) };
}

/** A package with one program; JSON with spaces and lines, as some tools write it. */
function publish(title: string, bytes: string | Buffer, architecture = MACHINE): { readonly layer: string } {
  const layers = [
    { mediaType: "text/plain", ...put("blobs", "x"), annotations: { "org.opencontainers.image.title": 'a "b\\, {c' } },
    { mediaType: "x/y", ...put("blobs", bytes), annotations: { "org.opencontainers.image.title": title } },
    { mediaType: "x/y", ...put("blobs", ".TH PKG 1\n"), annotations: { "org.opencontainers.image.title": "pkg.1" } },
  ];
  const manifest = put("manifests", JSON.stringify({ schemaVersion: 2, layers }, null, 2));
  const other = { digest: digestOf("other"), size: 1, platform: { os: "plan9", architecture: MACHINE } };
  const manifests = [other, { ...manifest, platform: { architecture, os: process.platform } }];
  content.set("/v2/me/pkg/manifests/latest", JSON.stringify({ schemaVersion: 2, manifests }, null, 2));
  return { layer: layers[1]?.digest ?? "" };
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function install(prefix: string, reference = `${host}/me/pkg`): Promise<Ran> {
  const env = { HOME: "/nonexistent", PATH: "/usr/bin:/bin" };
  return new Promise((resolve) =>
    execFile("/bin/sh", [SCRIPT, "--from", reference, "--prefix", prefix], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
}

test("install.sh --from installs a ready build, with its man page and completions, and says what it did", async (t) => {
  for (const [title, bytes] of [
    ["pkg", PROGRAM],
    [`pkg-${process.platform}-${MACHINE}.gz`, gzipSync(PROGRAM)],
  ] as const) {
    await t.test(title, async () => {
      const { layer } = publish(title, bytes);
      const prefix = join(tempDirectory(t), "pre fix");
      const { code, stdout, stderr } = await install(prefix);
      assert.equal(stderr, `Fetching ${host}/me/pkg for ${process.platform}/${MACHINE}\n`);
      assert.equal(code, 0);
      assert.ok(stdout.includes(layer), stdout);
      assert.match(stdout, /^Installed pkg 9\.8\.7 as .*\/pre fix\/bin\/pkg; .* is not on PATH/m);
      assert.equal(statSync(join(prefix, "bin/pkg")).mode & 0o777, 0o755);
      assert.deepEqual(readdirSync(join(prefix, "bin")), ["pkg"]);
      for (const file of ["man/man1/pkg.1", "bash-completion/completions/pkg", "zsh/site-functions/_pkg"])
        assert.ok(existsSync(join(prefix, "share", file)), file);
    });
  }
});

test("install.sh --from follows a registry to its token service and its blobs, and gives the token to nobody else", async (t) => {
  publish("pkg", PROGRAM);
  const port = host.split(":")[1];
  seen.length = 0;
  lie = (path, { headers }, response) => {
    if (path.startsWith("/token")) return response.end('{"expires_in":300, "token": "abc.DEF-1"}').writableEnded;
    if (path.startsWith("/elsewhere/")) return response.end(content.get(path.replace("/elsewhere", ""))).writableEnded;
    if (headers.authorization !== "Bearer abc.DEF-1") {
      const challenge = `Bearer realm="http://localhost:${port}/token",service="a b&c",scope="repository:other:push"`;
      return response.writeHead(401, { "www-authenticate": challenge }).end().writableEnded;
    }
    if (!path.includes("/blobs/")) return false;
    return response.writeHead(307, { location: `http://localhost:${port}/elsewhere${path}` }).end().writableEnded;
  };
  t.after(() => {
    lie = () => false;
  });
  const { code, stderr } = await install(tempDirectory(t));
  assert.equal(code, 0, stderr);
  const token = seen.filter(({ path }) => path.startsWith("/token"));
  // The versions of curl encode differently.
  const asked = new URL(token[0]?.path ?? "", `http://${host}`).searchParams;
  assert.deepEqual(
    [...asked],
    [
      ["service", "a b&c"],
      ["scope", "repository:me/pkg:pull"],
    ],
  );
  assert.deepEqual([token.length, token[0]?.authorization], [1, undefined]);
  const elsewhere = seen.filter(({ path }) => path.startsWith("/elsewhere"));
  assert.deepEqual(
    elsewhere.map(({ authorization }) => authorization),
    [undefined, undefined],
  );
});

const answering =
  (part: string, body: string): Lie =>
  (path, _, response) =>
    path.includes(part) && response.end(body).writableEnded;

const REFUSED: Readonly<Record<string, readonly [lie: Lie, message: RegExp]>> = {
  "a blob that is another": [answering("/blobs/", PROGRAM.replace("9.8.7", "6.6.6")), /"pkg" has digest sha256:/],
  "a blob that is longer": [answering("/blobs/", `${PROGRAM}# more`), /Cannot fetch/],
  "a manifest that is another": [answering("/manifests/sha256:", "{}"), /the manifest for \S+ has digest/],
  "no JSON": [answering("/manifests/latest", "<html>"), /not JSON/],
  "a redirect to plain http": [
    (_, __, response) => response.writeHead(302, { location: "http://example.com/" }).end().writableEnded,
    /"http:\/\/example\.com\/" is not https/,
  ],
  "a redirect to a name that only looks like this machine": [
    (_, __, response) => response.writeHead(302, { location: "http://127.0.0.1.example.com/" }).end().writableEnded,
    /is not https/,
  ],
  "a redirect to a file": [
    (_, __, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end().writableEnded,
    /is not https/,
  ],
  "redirects without end": [
    (path, _, response) => response.writeHead(302, { location: path }).end().writableEnded,
    /redirects too often/,
  ],
  "a token service without https": [
    (_, __, response) =>
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://example.com/t"' }).end().writableEnded,
    /is not https/,
  ],
  "a wall": [(_, __, response) => response.writeHead(401).end().writableEnded, /without a password/],
};

test("install.sh --from installs nothing that is not what was asked for", async (t) => {
  publish("pkg", PROGRAM);
  t.after(() => {
    lie = () => false;
  });
  const prefix = tempDirectory(t);
  for (const [name, [lies, message]] of Object.entries(REFUSED)) {
    await t.test(name, async () => {
      lie = lies;
      const { code, stdout, stderr } = await install(prefix);
      assert.notEqual(code, 0);
      assert.match(stderr, message);
      assert.match(stderr, /Nothing was changed\n$/);
      assert.deepEqual([stdout, readdirSync(prefix)], ["", []]);
    });
  }
});

test("install.sh --from refuses another digest, a platform that is missing, and what is no reference", async (t) => {
  publish("pkg", PROGRAM, "s390x");
  const prefix = tempDirectory(t);
  assert.match((await install(prefix)).stderr, /has no build for \S+\/\S+\. Nothing was changed\n$/);
  const other = `${host}/me/pkg@${digestOf("other")}`;
  content.set(`/v2/me/pkg/manifests/${digestOf("other")}`, "{}");
  assert.match((await install(prefix, other)).stderr, /the manifest has digest sha256:/);
  for (const typed of ["pkg", "me/pkg", "https://ghcr.io/me/pkg", "ghcr.io/Me/pkg", "ghcr.io/me/pkg@sha256:12", "-x"])
    assert.equal((await install(prefix, typed)).code, 2, typed);
  assert.deepEqual(readdirSync(prefix), []);
});
