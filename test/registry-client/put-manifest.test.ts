import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import type { ManifestUpload } from "../../src/oci/content.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { at, calm, connect, digestOf, MANIFEST_TYPE, type Reply } from "./local-registry.ts";
import { manifestSample, manifestStore, type Sample } from "./manifest-store.ts";

const SAMPLE = manifestSample();
const upload = ({ bytes, mediaType, digest }: Sample, tag: string | null): ManifestUpload => ({
  bytes,
  mediaType,
  digest,
  tag,
});

test("putManifest() writes by tag with one request that has the type of the document", async (t) => {
  const store = await manifestStore(t);
  const { client } = connect(t, { trust: [store] });
  const written = await client.putManifest(at(store, "a/b:ignored"), upload(SAMPLE, "1.0"), calm);
  assert.deepEqual(written, { listedBy: null });
  assert.deepEqual(store.lines, ["PUT /v2/a/b/manifests/1.0"]);
  assert.equal(store.requests[0]?.headers["content-type"], MANIFEST_TYPE);
  assert.deepEqual(store.content.get("1.0")?.bytes, SAMPLE.bytes);
});

test("putManifest() writes by digest when there is no tag", async (t) => {
  const store = await manifestStore(t);
  const { client } = connect(t, { trust: [store] });
  await client.putManifest(at(store, "a/b:ignored"), upload(SAMPLE, null), calm);
  assert.deepEqual(store.lines, [`PUT /v2/a/b/manifests/${SAMPLE.digest}`]);
});

test("putManifest() writes by SHA-512 and by tag, since a tag alone gives SHA-256", async (t) => {
  const store = await manifestStore(t);
  const { client } = connect(t, { trust: [store] });
  const digest = parseDigest(`sha512:${createHash("sha512").update(SAMPLE.bytes).digest("hex")}`);
  await client.putManifest(at(store, "a/b"), { ...upload(SAMPLE, "1.0"), digest }, calm);
  assert.deepEqual(store.lines, [`PUT /v2/a/b/manifests/${digest}`, "PUT /v2/a/b/manifests/1.0"]);
});

test("putManifest() keeps the bytes and the type of a document it does not know", async (t) => {
  const store = await manifestStore(t);
  const { client } = connect(t, { trust: [store] });
  const bytes = Buffer.from('{ "x" : 1 }\n');
  await client.putManifest(
    at(store, "a/b"),
    { bytes, mediaType: "application/x", digest: digestOf(bytes), tag: "1" },
    calm,
  );
  assert.deepEqual(store.content.get("1"), { bytes, type: "application/x" });
});

test("putManifest() refuses bytes that are not the digest's before any request", async (t) => {
  const store = await manifestStore(t);
  const { client } = connect(t, { trust: [store] });
  const wrong = { ...upload(SAMPLE, "1"), digest: digestOf("other") };
  await assert.rejects(client.putManifest(at(store, "a/b"), wrong, calm), (error) => hasCode(error, "DIGEST_MISMATCH"));
  assert.deepEqual(store.lines, []);
});

test("putManifest() refuses a document over 4 MiB before any request", async (t) => {
  const store = await manifestStore(t);
  const { client } = connect(t, { trust: [store] });
  const large = manifestSample({ annotations: { x: "x".repeat(4 * 1024 * 1024) } });
  await assert.rejects(client.putManifest(at(store, "a/b"), upload(large, "1"), calm), (error) =>
    hasCode(error, "BODY_TOO_LARGE"),
  );
  assert.deepEqual(store.lines, []);
});

const json = { "content-type": "application/json" };
const coded = (status: number, code: string, isBare = false): Reply => ({
  status,
  headers: json,
  body: JSON.stringify(isBare ? { code, message: "no" } : { errors: [{ code, message: "no" }] }),
});

const REFUSALS: readonly (readonly [string, ErrorCode, RegExp, Reply])[] = [
  ["404 for a blob that is missing", "LAYER_MISSING", /Push the blobs/, coded(404, "MANIFEST_BLOB_UNKNOWN")],
  ["400 for a blob that is missing", "LAYER_MISSING", /Push the blobs/, coded(400, "MANIFEST_BLOB_UNKNOWN")],
  ["a bare error for a missing blob", "LAYER_MISSING", /Push the blobs/, coded(404, "BLOB_UNKNOWN", true)],
  ["a missing manifest of an index", "LAYER_MISSING", /manifests/, coded(404, "MANIFEST_UNKNOWN")],
  ["413", "BODY_TOO_LARGE", /bytes/, { status: 413 }],
  ["405 for a referrer", "HTTP_UNEXPECTED", /subject/, { status: 405 }],
  ["UNSUPPORTED", "HTTP_UNEXPECTED", /subject/, coded(400, "UNSUPPORTED")],
  ["a repository that must be created first", "HTTP_NOT_FOUND", /created first/, coded(404, "NAME_UNKNOWN")],
  ["403", "HTTP_FORBIDDEN", /login/, coded(403, "DENIED")],
  ["401", "HTTP_UNAUTHORIZED", /login/, { status: 401 }],
  ["400", "HTTP_UNEXPECTED", /./, coded(400, "MANIFEST_INVALID")],
  ["a web page", "NOT_A_REGISTRY", /./, { status: 200, headers: { "content-type": "text/html" }, body: "<html>" }],
  [
    "the digest of other bytes",
    "DIGEST_MISMATCH",
    /./,
    { status: 201, headers: { "docker-content-digest": digestOf("x") } },
  ],
];

for (const [name, code, hint, reply] of REFUSALS) {
  test(`putManifest() reports ${name} as ${code} without retrying`, async (t) => {
    const store = await manifestStore(t, { before: () => reply });
    const { client } = connect(t, { trust: [store] });
    await assert.rejects(client.putManifest(at(store, "a/b"), upload(SAMPLE, "1"), calm), (error) => {
      assert.ok(error instanceof PkgError);
      assert.equal(error.code, code);
      assert.match(error.hint ?? error.message, hint);
      return true;
    });
    assert.equal(store.lines.length, 1);
  });
}

test("putManifest() tries 5xx again, and says what a large one may mean", async (t) => {
  const store = await manifestStore(t, { before: () => ({ status: 500 }) });
  const { client } = connect(t, { trust: [store] });
  const large = manifestSample({ annotations: { x: "x".repeat(2 * 1024 * 1024) } });
  await assert.rejects(client.putManifest(at(store, "a/b"), upload(large, "1"), calm), (error) => {
    assert.ok(hasCode(error, "SERVER_FAILED"));
    assert.match(error.hint ?? "", /more than this registry accepts/);
    return true;
  });
  assert.equal(store.lines.length, 3);
});

test("putManifest() waits as long as a busy registry says", async (t) => {
  const answers: Reply[] = [{ status: 429, headers: { "retry-after": "7" } }];
  const store = await manifestStore(t, { before: () => answers.shift() });
  const { client, waits } = connect(t, { trust: [store] });
  await client.putManifest(at(store, "a/b"), upload(SAMPLE, "1"), calm);
  assert.deepEqual(waits, [7_050]);
});

test("putManifest() writes to the registry itself, never to a mirror", async (t) => {
  const mirror = await manifestStore(t);
  const store = await manifestStore(t);
  const registries = { [store.host]: { mirrors: [mirror.origin], mirrorOnly: false } };
  const { client } = connect(t, { trust: [mirror, store], registries });
  await client.putManifest(at(store, "a/b"), upload(SAMPLE, "1"), calm);
  await client.deleteManifest(at(store, "a/b:1"), calm);
  assert.deepEqual([mirror.lines.length, store.lines.length], [0, 2]);
});

test("putManifest() refuses to write where mirrors must do", async (t) => {
  const mirror = await manifestStore(t);
  const registries = { "example.com": { mirrors: [mirror.origin], mirrorOnly: true } };
  const { client } = connect(t, { trust: [mirror], registries });
  const reference = { registry: "example.com", name: "a/b", tag: null, digest: null };
  const isConfig = (error: unknown) => hasCode(error, "CONFIG_INVALID");
  await assert.rejects(client.putManifest(reference, upload(SAMPLE, "1"), calm), isConfig);
  await assert.rejects(client.deleteManifest({ ...reference, tag: "1" }, calm), isConfig);
  await assert.rejects(client.deleteBlob(reference, SAMPLE.digest, calm), isConfig);
  const blob = { digest: SAMPLE.digest, size: 1, open: async () => (async function* () {})(), mountFrom: null };
  await assert.rejects(client.pushBlob(reference, blob, calm), isConfig);
  assert.deepEqual(mirror.lines, []);
});
