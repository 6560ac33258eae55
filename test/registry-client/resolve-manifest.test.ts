import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { at, calm, connect, digestOf, MANIFEST_TYPE, NOT_FOUND, type Reply, serve } from "./local-registry.ts";
import { manifestSample, manifestStore } from "./manifest-store.ts";

const SAMPLE = manifestSample();
const EXPECTED = { ...SAMPLE.descriptor, annotations: {} };

test("resolve() gives the descriptor with one HEAD that names all types", async (t) => {
  const store = await manifestStore(t);
  store.put("1", SAMPLE.bytes, SAMPLE.mediaType);
  const { client } = connect(t, { trust: [store] });
  assert.deepEqual(await client.resolve(at(store, "a/b:1"), calm), EXPECTED);
  assert.deepEqual(store.lines, ["HEAD /v2/a/b/manifests/1"]);
  assert.match(store.requests[0]?.headers.accept ?? "", /manifest\.v1.*index\.v1.*list\.v2.*\*\/\*/);
});

const headers = { "content-type": MANIFEST_TYPE, "docker-content-digest": SAMPLE.digest };
const whole: Reply = { headers, body: SAMPLE.bytes };

const HEADS: readonly (readonly [string, Reply])[] = [
  ["has no digest", { headers: { "content-type": MANIFEST_TYPE }, body: SAMPLE.bytes }],
  ["has a digest that is none", { headers: { ...headers, "docker-content-digest": "x" }, body: SAMPLE.bytes }],
  ["has no type", { headers: { "docker-content-digest": SAMPLE.digest }, body: SAMPLE.bytes }],
  [
    "has a type that says nothing",
    { headers: { ...headers, "content-type": "application/octet-stream" }, body: SAMPLE.bytes },
  ],
  ["has no size", { headers: { ...headers, "transfer-encoding": "chunked" } }],
  ["has a size of none", { headers }],
  ["is 404", { status: 404 }],
  ["is 405", { status: 405 }],
  ["is 400", { status: 400 }],
  ["is 403", { status: 403 }],
  ["is 500", { status: 500 }],
  ["is 204", { status: 204 }],
];

for (const [name, head] of HEADS) {
  test(`resolve() reads and hashes the document when the answer to HEAD ${name}`, async (t) => {
    const store = await manifestStore(t, { before: ({ method }) => (method === "HEAD" ? head : whole) });
    const { client, waits } = connect(t, { trust: [store] });
    assert.deepEqual(await client.resolve(at(store, "a/b:1"), calm), EXPECTED);
    assert.deepEqual(store.lines, ["HEAD /v2/a/b/manifests/1", "GET /v2/a/b/manifests/1"]);
    assert.deepEqual(waits, []);
  });
}

test("resolve() does not believe a HEAD with a digest other than the requested one", async (t) => {
  const asked = digestOf("other");
  const store = await manifestStore(t, { before: () => whole });
  const { client } = connect(t, { trust: [store] });
  await assert.rejects(client.resolve({ ...at(store, "a/b"), digest: asked }, calm), (error) =>
    hasCode(error, "DIGEST_MISMATCH"),
  );
});

test("resolve() keeps a requested SHA-512 if the registry names its SHA-256", async (t) => {
  const asked = parseDigest(`sha512:${createHash("sha512").update(SAMPLE.bytes).digest("hex")}`);
  const store = await manifestStore(t, { before: () => whole });
  const { client } = connect(t, { trust: [store] });
  assert.deepEqual(await client.resolve({ ...at(store, "a/b"), digest: asked }, calm), { ...EXPECTED, digest: asked });
});

test("resolve() returns the media type of a document of an unknown type", async (t) => {
  const bytes = Buffer.from("{}");
  const store = await manifestStore(t);
  store.put("1", bytes, "application/x");
  const { client } = connect(t, { trust: [store] });
  const found = { mediaType: "application/x", digest: digestOf(bytes), size: 2, annotations: {} };
  assert.deepEqual(await client.resolve(at(store, "a/b:1"), calm), found);
});

const FAILURES: readonly (readonly [string, ErrorCode, number, Reply])[] = [
  ["absence", "HTTP_NOT_FOUND", 2, NOT_FOUND],
  ["absence told as 403", "HTTP_NOT_FOUND", 2, { status: 403, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' }],
  ["a web page", "NOT_A_REGISTRY", 2, { headers: { "content-type": "text/html" }, body: "<html>" }],
  ["a busy registry", "SERVER_BUSY", 3, { status: 429 }],
];

for (const [name, code, count, reply] of FAILURES) {
  test(`resolve() reports ${name} as ${code}`, async (t) => {
    const store = await manifestStore(t, { before: () => reply });
    const { client } = connect(t, { trust: [store] });
    await assert.rejects(client.resolve(at(store, "a/b:1"), calm), (error) => hasCode(error, code));
    assert.equal(store.lines.length, count);
  });
}

test("resolve() asks the registry itself, whose word counts", async (t) => {
  const mirror = await serve(t, () => NOT_FOUND);
  const store = await manifestStore(t);
  store.put("1", SAMPLE.bytes, SAMPLE.mediaType);
  const registries = { [store.host]: { mirrors: [mirror.origin], mirrorOnly: false } };
  const { client } = connect(t, { trust: [store, mirror], registries });
  assert.deepEqual(await client.resolve(at(store, "a/b:1"), calm), EXPECTED);
  assert.equal(mirror.seen.length, 0);
});

test("hasManifest() answers with one HEAD, and by GET if HEAD is inconclusive", async (t) => {
  const cases: readonly (readonly [Reply, Reply, boolean, number])[] = [
    [whole, whole, true, 1],
    [{ status: 404 }, whole, false, 1],
    [{ status: 405 }, whole, true, 2],
    [{ status: 403 }, { status: 403, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' }, false, 2],
    [{ status: 405 }, NOT_FOUND, false, 2],
  ];
  for (const [head, get, expected, count] of cases) {
    const store = await manifestStore(t, { before: ({ method }) => (method === "HEAD" ? head : get) });
    const { client } = connect(t, { trust: [store] });
    assert.equal(await client.hasManifest(at(store, "a/b:1"), calm), expected);
    assert.equal(store.lines.length, count);
  }
});

test("hasManifest() does not take a refusal for absence", async (t) => {
  const store = await manifestStore(t, { before: () => ({ status: 403 }) });
  const { client } = connect(t, { trust: [store] });
  await assert.rejects(client.hasManifest(at(store, "a/b:1"), calm), (error) => hasCode(error, "HTTP_FORBIDDEN"));
});
