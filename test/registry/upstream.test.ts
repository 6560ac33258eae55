import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { PkgError } from "../../src/errors.ts";
import { createHttpClient } from "../../src/http/client.ts";
import { startRegistry } from "../../src/registry/server.ts";
import type { UpstreamSettings } from "../../src/registry/upstream-options.ts";
import { createRegistryClient } from "../../src/registry-client/client.ts";
import { serve } from "../http/local-server.ts";
import { type DockerRegistry, skipWithout, startDockerRegistry } from "../support/docker-registry.ts";
import { createSigner } from "../support/minisign-signer.ts";
import { buildPackage } from "../support/package-builder.ts";
import { writeLayout } from "../support/package-publisher.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";
import { errorCode, openRegistry, sha256, type TestRegistry } from "./registry-client.ts";

const run = promisify(execFile);
const BYTES = Buffer.from("some bytes");
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

function manifestOf(note: string, subject?: string): Buffer {
  const blob = { mediaType: "application/x", digest: sha256(BYTES), size: BYTES.length };
  const about = subject === undefined ? {} : { subject: { mediaType: MANIFEST_TYPE, digest: subject, size: 1 } };
  const annotations = { note };
  return Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config: blob, layers: [blob], annotations, ...about }),
  );
}

function body(bytes: Buffer): RequestInit {
  return { body: new Uint8Array(bytes), headers: { "content-type": MANIFEST_TYPE } };
}

function settings(t: Cleanup, url: string, onWarning: (message: string) => void): UpstreamSettings {
  const http = createHttpClient({
    userAgent: "test",
    idleTimeoutMs: 30_000,
    minBytesPerSecond: 0,
    connectTimeoutMs: 30_000,
    connectionsPerOrigin: 8,
    trustedOrigins: new Set([url]),
    proxy: { http: null, https: null, noProxy: "" },
    ca: null,
  });
  t.after(() => http.close());
  const client = createRegistryClient({
    http,
    registries: {},
    plainHttp: () => true,
    retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 },
    random: Math.random,
    now: Date.now,
  });
  return { client, registry: new URL(url).host, origin: url, tagAgeMs: 0, onWarning };
}

interface Cache extends TestRegistry {
  readonly upstream: TestRegistry;
  /** Requests that reached the upstream, `METHOD path`. */
  readonly asked: string[];
  readonly warnings: string[];
}

/** A blob of zeros without end, and the sizes that are claimed for it in bytes; null: none. */
interface HostileBlob {
  /** By the manifest, if there is one. */
  readonly named: number | null;
  readonly head: number | null;
  readonly get: number | null;
}

/** An upstream that sends other bytes than it said it would. */
async function serveHostile(t: TestContext, blob: HostileBlob, manifest: (size: number) => Buffer) {
  let sent = 0;
  const server = await serve(t, (request, response) => {
    if (request.url?.includes("/manifests/") === true) {
      return void response.setHeader("content-type", MANIFEST_TYPE).end(manifest(blob.named ?? 0));
    }
    const length = request.method === "HEAD" ? blob.head : blob.get;
    if (length !== null) response.setHeader("content-length", length);
    if (request.method === "HEAD") return void response.end();
    const zeros = Buffer.alloc(Math.min(65_536, length ?? 65_536));
    const most = length ?? 100_000_000;
    let here = 0;
    const more = () => {
      while (here < most && !response.destroyed) {
        const piece = zeros.subarray(0, most - here);
        here += piece.length;
        sent += piece.length;
        if (!response.write(piece)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  return { ...server, sentBytes: () => sent };
}

/** The status of an answer; what it says when its body breaks off. */
async function readOrFail({ ask }: TestRegistry, path: string): Promise<number | "broken off"> {
  try {
    const response = await ask("GET", path);
    await response.arrayBuffer();
    return response.status;
  } catch {
    return "broken off";
  }
}

/** A registry, and another that is a cache of it. */
async function openCache(t: Cleanup, change: Partial<UpstreamSettings> = {}): Promise<Cache> {
  const asked: string[] = [];
  const warnings: string[] = [];
  const upstream = await openRegistry(t, { onRequest: ({ method, path }) => void asked.push(`${method} ${path}`) });
  const given = { ...settings(t, upstream.server.url, (message) => warnings.push(message)), ...change };
  const cache = await openRegistry(t, { upstream: given });
  return { ...cache, upstream, asked, warnings };
}

async function pushTo({ ask, push }: TestRegistry, manifest: Buffer, tag = "v1"): Promise<string> {
  await push("a/b", BYTES);
  assert.equal((await ask("PUT", `/v2/a/b/manifests/${tag}`, body(manifest))).status, 201);
  return sha256(manifest);
}

suite("createUpstream()", () => {
  test("startRegistry() brings a manifest and its blobs, once", async (t) => {
    const cache = await openCache(t, { tagAgeMs: 60_000 });
    const manifest = manifestOf("one");
    const digest = await pushTo(cache.upstream, manifest);
    cache.asked.length = 0;
    for (let round = 0; round < 3; round += 1) {
      for (const key of ["v1", digest]) {
        const response = await cache.ask("GET", `/v2/a/b/manifests/${key}`);
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), manifest);
        assert.equal(response.headers.get("content-type"), MANIFEST_TYPE);
        assert.equal(response.headers.get("docker-content-digest"), digest);
      }
      assert.equal((await cache.ask("HEAD", `/v2/a/b/blobs/${sha256(BYTES)}`)).status, 200);
      assert.equal(await (await cache.ask("GET", `/v2/a/b/blobs/${sha256(BYTES)}`)).text(), "some bytes");
    }
    const fetched = cache.asked.filter((line) => line.startsWith("GET "));
    assert.deepEqual(new Set(fetched).size, fetched.length, fetched.join("\n"));
    await cache.upstream.server.close();
    assert.equal((await cache.ask("GET", "/v2/a/b/manifests/v1")).status, 200);
  });

  test("startRegistry() asks for a tag again, and serves what it names now", async (t) => {
    const cache = await openCache(t);
    await pushTo(cache.upstream, manifestOf("one"));
    const digestOf = async () => (await cache.ask("HEAD", "/v2/a/b/manifests/v1")).headers.get("docker-content-digest");
    assert.equal(await digestOf(), sha256(manifestOf("one")));
    await pushTo(cache.upstream, manifestOf("two"));
    assert.equal(await digestOf(), sha256(manifestOf("two")));
    assert.equal((await cache.ask("GET", `/v2/a/b/manifests/${sha256(manifestOf("one"))}`)).status, 200);
    await cache.upstream.ask("DELETE", "/v2/a/b/manifests/v1");
    assert.equal(await digestOf(), null);
    assert.equal((await cache.ask("GET", `/v2/a/b/manifests/${sha256(manifestOf("two"))}`)).status, 200);
  });

  test("startRegistry() serves what it has when the upstream is down, and says so once", async (t) => {
    const cache = await openCache(t);
    await pushTo(cache.upstream, manifestOf("one"));
    assert.equal((await cache.ask("GET", "/v2/a/b/manifests/v1")).status, 200);
    await cache.upstream.server.close();
    for (let round = 0; round < 3; round += 1) {
      assert.equal((await cache.ask("GET", "/v2/a/b/manifests/v1")).status, 200);
      assert.deepEqual(await (await cache.ask("GET", "/v2/a/b/tags/list")).json(), { name: "a/b", tags: ["v1"] });
    }
    assert.equal(cache.warnings.length, 1, cache.warnings.join("\n"));
    for (const path of [
      "/v2/a/b/manifests/v2",
      `/v2/a/b/manifests/${sha256(BYTES)}`,
      `/v2/a/b/blobs/${sha256(BYTES)}`,
    ]) {
      const response = await cache.ask("GET", path);
      // To say that it does not exist would be wrong.
      assert.deepEqual([response.status, await errorCode(response)], [502, "UNKNOWN"], path);
    }
    assert.equal(cache.warnings.length, 1, cache.warnings.join("\n"));
  });

  test("startRegistry() answers 404 to what the upstream lacks", async (t) => {
    const { ask, root } = await openCache(t);
    for (const path of ["manifests/v1", `manifests/${sha256(BYTES)}`, `blobs/${sha256(BYTES)}`]) {
      assert.equal((await ask("GET", `/v2/a/b/${path}`)).status, 404, path);
    }
    assert.deepEqual(readdirSync(join(root, "uploads")), []);
  });

  test("startRegistry() fetches a blob once for 50 that ask at the same time", async (t) => {
    const cache = await openCache(t);
    const bytes = Buffer.alloc(3 * 1024 * 1024, 5);
    const path = `/v2/a/b/blobs/${await cache.upstream.push("a/b", bytes)}`;
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.ask("GET", path)));
    for (const answer of answers) assert.equal(sha256(Buffer.from(await answer.arrayBuffer())), sha256(bytes));
    assert.deepEqual(
      cache.asked.filter((line) => line === `GET ${path}`),
      [`GET ${path}`],
    );
  });

  test("startRegistry() asks whether a repository has a blob that is here for another, and fetches it once", async (t) => {
    const cache = await openCache(t);
    const digest = await cache.upstream.push("a", BYTES);
    await cache.upstream.push("b", BYTES);
    const statuses: number[] = [];
    for (const name of ["a", "b", "c"]) {
      const response = await cache.ask("GET", `/v2/${name}/blobs/${digest}`);
      // Read to the end: until its last byte has arrived, the download is in progress.
      await response.arrayBuffer();
      statuses.push(response.status);
    }
    assert.deepEqual(statuses, [200, 200, 404]);
    assert.deepEqual(
      cache.asked.filter((line) => line.startsWith("GET ")),
      [`GET /v2/a/blobs/${digest}`],
    );
  });

  test("startRegistry() refuses pushes and deletes into a cache", async (t) => {
    const { ask, asked } = await openCache(t);
    const requests = [
      ["POST", "/v2/a/b/blobs/uploads/"],
      ["PUT", "/v2/a/b/manifests/v1"],
      ["DELETE", "/v2/a/b/manifests/v1"],
      ["DELETE", `/v2/a/b/blobs/${sha256(BYTES)}`],
    ] as const;
    for (const [method, path] of requests) {
      const response = await ask(method, path, method === "PUT" ? body(manifestOf("x")) : {});
      assert.deepEqual([response.status, await errorCode(response)], [405, "UNSUPPORTED"], path);
    }
    assert.deepEqual(asked, []);
  });

  test("startRegistry() keeps nothing that does not hash to its digest", async (t) => {
    const lie = Buffer.from("other text");
    const { ask, root, warnings } = await openCache(t, lying(lie));
    for (const headers of [{}, { range: "bytes=0-3" }]) {
      const response = await ask("GET", `/v2/a/b/blobs/${sha256(BYTES)}`, { headers });
      // It is streamed while it arrives, but its last byte never is.
      if (response.status === 200) await assert.rejects(response.text());
      else assert.equal(response.status, 502);
    }
    assert.deepEqual([readdirSync(join(root, "blobs", "sha256")), readdirSync(join(root, "uploads"))], [[], []]);
    assert.match(warnings.join("\n"), /expected "sha256:.*found "sha256:/);
  });

  test("startRegistry() streams a blob while it arrives, to all clients, with the last byte only once it is verified", async (t) => {
    const bytes = Buffer.alloc(2 * 1024 * 1024, 3);
    const gates = [1, 2].map(() => Promise.withResolvers<void>());
    async function* slow() {
      yield bytes.subarray(0, 1024 * 1024);
      await gates[0]?.promise;
      yield bytes.subarray(1024 * 1024);
      await gates[1]?.promise;
    }
    const { ask, root } = await openCache(t, serving(bytes, slow));
    const path = `/v2/a/b/blobs/${sha256(bytes)}`;
    const readers = await Promise.all([1, 2, 3].map(async () => readerOf(await ask("GET", path))));
    for (const reader of readers) await reader.until(1024 * 1024);
    gates[0]?.resolve();
    for (const reader of readers) await reader.until(bytes.length - 1);
    assert.deepEqual(readdirSync(join(root, "blobs", "sha256")), []);
    assert.ok(readers.every((reader) => reader.received === bytes.length - 1));
    gates[1]?.resolve();
    for (const reader of readers) assert.equal(sha256(await reader.rest()), sha256(bytes));
    assert.equal(await (await ask("GET", path, { headers: { range: "bytes=0-3" } })).text(), "\u0003".repeat(4));
  });

  test("startRegistry() keeps fetching a blob when all clients have left", async (t) => {
    const bytes = Buffer.alloc(2 * 1024 * 1024, 3);
    const gate = Promise.withResolvers<void>();
    async function* slow() {
      yield bytes.subarray(0, 1024);
      await gate.promise;
      yield bytes.subarray(1024);
    }
    const { ask } = await openCache(t, serving(bytes, slow));
    const path = `/v2/a/b/blobs/${sha256(bytes)}`;
    const leaving = new AbortController();
    const reader = readerOf(await ask("GET", path, { signal: leaving.signal }));
    await reader.until(1024);
    leaving.abort();
    gate.resolve();
    // Joins the download in progress: the upstream sends the blob once.
    assert.equal(sha256(Buffer.from(await (await ask("GET", path)).arrayBuffer())), sha256(bytes));
  });

  test("startRegistry() resumes where a blob of the upstream broke off", async (t) => {
    const bytes = Buffer.alloc(2 * 1024 * 1024, 3);
    const offsets: number[] = [];
    async function* breaking(offset: number) {
      offsets.push(offset);
      yield bytes.subarray(offset, offset + 1024 * 1024);
      if (offset === 0) throw new PkgError("BODY_TRUNCATED", "Cannot read: it broke off");
    }
    const { ask, warnings } = await openCache(t, serving(bytes, breaking));
    const response = await ask("GET", `/v2/a/b/blobs/${sha256(bytes)}`);
    assert.equal(sha256(Buffer.from(await response.arrayBuffer())), sha256(bytes));
    assert.deepEqual([offsets, warnings], [[0, 1024 * 1024], []]);
  });

  test("startRegistry() answers with the size of a blob without fetching it", async (t) => {
    const cache = await openCache(t);
    const path = `/v2/a/b/blobs/${await cache.upstream.push("a/b", BYTES)}`;
    const head = await cache.ask("HEAD", path);
    assert.deepEqual([head.status, head.headers.get("content-length")], [200, `${BYTES.length}`]);
    assert.ok(!cache.asked.includes(`GET ${path}`));
  });

  test("startRegistry() refuses a blob of the upstream that is larger than maxBodyBytes", async (t) => {
    const upstream = await openRegistry(t);
    const digest = await upstream.push("a", BYTES);
    const given = settings(t, upstream.server.url, () => {});
    const { ask, root } = await openRegistry(t, { upstream: given, limits: { maxBodyBytes: 9 } });
    assert.equal((await ask("GET", `/v2/a/blobs/${digest}`)).status, 502);
    assert.deepEqual(readdirSync(join(root, "uploads")), []);
  });

  test("startRegistry() passes tags and referrers through, and gives its own when the upstream is down", async (t) => {
    const cache = await openCache(t);
    const subject = await pushTo(cache.upstream, manifestOf("one"), "v1");
    const referrer = await pushTo(cache.upstream, manifestOf("two", subject), "v2");
    const tags = async () => (await cache.ask("GET", "/v2/a/b/tags/list")).json();
    const referrers = async () => {
      const index: unknown = await (await cache.ask("GET", `/v2/a/b/referrers/${subject}`)).json();
      return [...JSON.stringify(index).matchAll(/"digest":"([^"]+)"/g)].map(([, digest]) => digest);
    };
    assert.deepEqual(await tags(), { name: "a/b", tags: ["v1", "v2"] });
    assert.deepEqual(await referrers(), [referrer]);
    await cache.ask("GET", "/v2/a/b/manifests/v1");
    await cache.upstream.server.close();
    assert.deepEqual(await tags(), { name: "a/b", tags: ["v1"] });
    assert.deepEqual(await referrers(), []);
  });

  for (const [type, mediaType] of [
    ["image/svg+xml", undefined],
    ["application/x-anything", "application/x-anything"],
    ["application/json", "text/html"],
    ["application/json", "application/xhtml+xml"],
  ] as const) {
    test(`startRegistry() neither serves nor keeps a manifest that comes as ${type} and says ${mediaType}`, async (t) => {
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, layers: [], a: "<script>" }));
      const { origin } = await serve(t, (_, response) => {
        response.setHeader("content-type", type).end(bytes);
      });
      const warnings: string[] = [];
      const cache = await openRegistry(t, { upstream: settings(t, origin, (message) => warnings.push(message)) });
      for (const reference of ["v1", sha256(bytes)]) {
        const response = await cache.ask("GET", `/v2/a/b/manifests/${reference}`);
        assert.deepEqual([response.status, response.headers.get("content-type")], [502, "application/json"]);
      }
      assert.deepEqual(await (await cache.ask("GET", "/v2/_catalog")).json(), { repositories: [] });
      assert.match(warnings[0] ?? "", /Cannot use/);
    });
  }

  const WRONG = sha256(Buffer.from("never sent"));
  const named = (size: number) =>
    Buffer.from(JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: "a/b", digest: WRONG, size }] }));
  const hostile: readonly (readonly [string, HostileBlob, number])[] = [
    ["more than the manifest says, without a length", { named: 10, head: null, get: null }, 502],
    ["more than HEAD says, without a length", { named: null, head: 10, get: null }, 502],
    ["another length than the manifest says", { named: 10, head: 5_000_000, get: 5_000_000 }, 502],
    ["another length than HEAD says", { named: null, head: 10, get: 5_000_000 }, 502],
    ["more than --max-body, without a length", { named: null, head: null, get: null }, 413],
    ["other bytes of the right length", { named: 1_000, head: 1_000, get: 1_000 }, 502],
  ];
  for (const [what, blob, status] of hostile) {
    test(`startRegistry() keeps nothing of a blob that turns out to be ${what}`, { timeout: 120_000 }, async (t) => {
      const upstream = await serveHostile(t, blob, named);
      const given = settings(t, upstream.origin, () => {});
      const options = { upstream: given, limits: { maxBodyBytes: 1_000_000 } };
      const cache = await openRegistry(t, options);
      if (blob.named !== null) assert.equal((await cache.ask("GET", "/v2/a/b/manifests/v1")).status, 200);
      // The sizes that manifests give are also known after a restart.
      await cache.server.close();
      const again = await openRegistry(t, { ...options, root: cache.root });
      const answers = await Promise.all([1, 2, 3].map(() => readOrFail(again, `/v2/a/b/blobs/${WRONG}`)));
      for (const answer of answers) assert.ok(answer === "broken off" || answer === status, String(answer));
      assert.ok(upstream.sentBytes() < 50_000_000, String(upstream.sentBytes()));
      assert.deepEqual(readdirSync(join(cache.root, "uploads")), []);
      assert.ok(!existsSync(join(cache.root, "blobs", "sha256", WRONG.slice("sha256:".length))));
    });
  }

  test("startRegistry() fetches nothing when too little is free, and says that the disk is full", async (t) => {
    const cache = await openCache(t);
    await pushTo(cache.upstream, manifestOf("one"));
    await cache.server.close();
    const given = settings(t, cache.upstream.server.url, (message) => cache.warnings.push(message));
    const limits = { reserveBytes: Number.MAX_SAFE_INTEGER };
    const full = await openRegistry(t, { root: cache.root, upstream: given, limits });
    for (const path of ["manifests/v1", `blobs/${sha256(BYTES)}`]) {
      assert.equal((await full.ask("GET", `/v2/a/b/${path}`)).status, 507, path);
    }
    assert.match(cache.warnings[0] ?? "", /^Cannot store more in .* bytes are free$/);
  });

  test("startRegistry() passes on no list of more than 100,000 tags", async (t) => {
    let pages = 0;
    const { origin } = await serve(t, (_, response) => {
      pages += 1;
      const tags = Array.from({ length: 30_000 }, (_, index) => `t${pages}-${index}`);
      response.setHeader("link", `</v2/a/b/tags/list?last=t${pages}>; rel="next"`);
      response.end(JSON.stringify({ name: "a/b", tags }));
    });
    const warnings: string[] = [];
    const cache = await openRegistry(t, { upstream: settings(t, origin, (message) => warnings.push(message)) });
    assert.equal((await cache.ask("GET", "/v2/a/b/tags/list")).status, 404);
    assert.match(warnings.join(), /the list has more than 100000 entries/);
    assert.equal(pages, 4);
  });

  test("startRegistry() fetches nothing of a blob that the disk has no room for", async (t) => {
    let isAsked = false;
    const gibibyte = 1024 ** 3;
    const { origin } = await serve(t, ({ method }, response) => {
      response.setHeader("content-length", `${20 * gibibyte}`);
      response.setHeader("content-type", "application/octet-stream");
      isAsked ||= method === "GET";
      if (method === "HEAD") response.end();
      else response.destroy();
    });
    const root = tempDirectory(t);
    const { bavail, bsize } = statfsSync(root);
    const limits = { reserveBytes: bavail * bsize - 5 * gibibyte };
    const cache = await openRegistry(t, { root, limits, upstream: settings(t, origin, () => {}) });
    assert.equal((await cache.ask("GET", `/v2/a/b/blobs/${sha256(BYTES)}`)).status, 507);
    assert.ok(!isAsked);
  });

  test("startRegistry() asks for a list once for all that ask for it at a time", async (t) => {
    const hold = Promise.withResolvers<void>();
    let asked = 0;
    const { origin } = await serve(t, async (_, response) => {
      asked += 1;
      await hold.promise;
      response.end('{"name":"a/b","tags":["v1"]}');
    });
    const cache = await openRegistry(t, { upstream: settings(t, origin, () => {}) });
    const lists = Array.from({ length: 20 }, async () => (await cache.ask("GET", "/v2/a/b/tags/list")).json());
    while (asked === 0) await setImmediate();
    hold.resolve();
    for (const list of await Promise.all(lists)) assert.deepEqual(list, { name: "a/b", tags: ["v1"] });
    assert.ok(asked < 20, String(asked));
  });

  test("startRegistry() stops its downloads when it is closed", { timeout: 120_000 }, async (t) => {
    const upstream = await openRegistry(t, {
      access: { check: () => new Promise(() => {}), challenge: "Basic", isAnonymousPull: false },
    });
    const given = settings(t, upstream.server.url, () => {});
    const cache = await startRegistry({ root: join(tempDirectory(t), "r"), port: 0, upstream: given });
    const asking = assert.rejects(fetch(`${cache.url}/v2/a/b/manifests/v1`));
    await cache.close();
    await asking;
  });
});

/** An upstream whose every blob is `bytes`. */
function lying(bytes: Buffer): Partial<UpstreamSettings> {
  return serving(bytes, async function* content() {
    yield bytes;
  });
}

/** An upstream whose every blob is as long as `bytes` and comes as `read` gives it. */
function serving(bytes: Buffer, read: (offset: number) => AsyncIterable<Uint8Array>): Partial<UpstreamSettings> {
  const missing = () => Promise.reject(new Error("not asked for"));
  return {
    client: {
      headBlob: async () => ({ size: bytes.length }),
      openBlob: async ({ offset }) => ({ offset, size: bytes.length, validator: null, body: read(offset) }),
      ...{ fetchManifest: missing, fetchDocument: missing, resolve: missing, hasManifest: missing },
      ...{ putManifest: missing, deleteManifest: missing, fetchBlob: missing, pushBlob: missing, deleteBlob: missing },
      ...{ listReferrers: missing, listTags: missing, listCatalog: missing, warm: () => {} },
    },
  };
}

/** Reads a body only as far as it must. */
function readerOf(response: Response) {
  const reader = response.body?.getReader();
  assert.ok(reader !== undefined);
  const chunks: Uint8Array[] = [];
  const received = () => chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const read = async () => {
    const { value, done } = await reader.read();
    if (value !== undefined) chunks.push(value);
    return !done;
  };
  return {
    get received() {
      return received();
    },
    async until(bytes: number) {
      while (received() < bytes) assert.ok(await read(), `the body ended after ${received()} bytes`);
    },
    async rest() {
      while (await read());
      return Buffer.concat(chunks);
    },
  };
}

suite("createUpstream() and docker-registry", () => {
  const skip = skipWithout("docker-registry", "skopeo");
  const built = buildPackage({
    name: "trurl",
    version: "8.14.1",
    signer: createSigner(),
    program: Buffer.alloc(3_000_000, 7),
  });
  let docker: DockerRegistry | null = null;
  before(async () => {
    if (skip === false) docker = await startDockerRegistry();
  });
  after(() => docker?.stop());

  test("skopeo pulls through the cache what it pushed to docker-registry", { skip }, async (t) => {
    assert.ok(docker !== null);
    const layout = tempDirectory(t);
    writeLayout([built], layout);
    const name = `${built.repository}:${built.tag}`;
    await run("skopeo", [
      "copy",
      "--dest-tls-verify=false",
      `oci:${layout}:${built.tag}`,
      `docker://${docker.host}/${name}`,
    ]);
    const cache = await openRegistry(t, { upstream: settings(t, docker.url, assert.fail) });
    const host = `127.0.0.1:${cache.server.port}`;
    for (let round = 0; round < 2; round += 1) {
      const back = tempDirectory(t);
      await run("skopeo", ["copy", "--src-tls-verify=false", `docker://${host}/${name}`, `oci:${back}:x`]);
      assert.deepEqual(
        readdirSync(join(back, "blobs", "sha256")).toSorted(),
        readdirSync(join(layout, "blobs", "sha256")).toSorted(),
      );
    }
    const { stdout } = await run("skopeo", ["list-tags", "--tls-verify=false", `docker://${host}/${built.repository}`]);
    assert.match(stdout, new RegExp(built.tag));
    await assert.rejects(
      run("skopeo", ["copy", "--dest-tls-verify=false", `oci:${layout}:${built.tag}`, `docker://${host}/${name}`]),
    );
  });
});
