import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { registryRepository } from "../../src/registry-client/registry-repository.ts";
import { at, calm, connect, digestOf, serve } from "./local-registry.ts";
import { manifestSample, manifestStore, noteOn } from "./manifest-store.ts";

const SAMPLE = manifestSample();
const NOTE = noteOn(SAMPLE, "note");
const BLOB = Buffer.from("0123456789");

async function open(t: TestContext) {
  const store = await manifestStore(t, {
    before: ({ path, method }) => {
      if (path.includes("/tags/list")) return { body: '{"tags":["1"]}' };
      if (path.endsWith(`/blobs/${digestOf(BLOB)}`)) return method === "DELETE" ? { status: 202 } : { body: BLOB };
      return undefined;
    },
  });
  const { client } = connect(t, { trust: [store] });
  return { store, repository: registryRepository(client, at(store, "a/b:9")) };
}

test("registryRepository() is the repository without the reference's tag", async (t) => {
  const { store, repository } = await open(t);
  assert.equal(repository.location, `${store.host}/a/b`);
});

test("registryRepository() writes, finds, reads and deletes manifests by tag and by digest", async (t) => {
  const { repository } = await open(t);
  const { bytes, mediaType, digest } = SAMPLE;
  assert.equal(await repository.hasManifest(digest, calm), false);
  await repository.pushManifest({ bytes, mediaType, digest, tag: "1" }, calm);
  assert.equal(await repository.hasManifest(digest, calm), true);
  for (const key of ["1", digest]) {
    assert.deepEqual(await repository.resolve(key, calm), { ...SAMPLE.descriptor, annotations: {} });
    assert.deepEqual(await repository.fetchDocument(key, calm), { bytes, mediaType, digest });
    const document = await repository.fetchManifest(key, calm);
    assert.equal(document.kind === "manifest" && document.manifest.digest, digest);
  }
  await repository.deleteManifest("1", calm);
  await assert.rejects(repository.resolve("1", calm), (error) => hasCode(error, "HTTP_NOT_FOUND"));
  await repository.deleteManifest(digest, calm);
  assert.equal(await repository.hasManifest(digest, calm), false);
});

test("registryRepository() lists tags and referrers", async (t) => {
  const { repository } = await open(t);
  const { bytes, mediaType, digest } = NOTE;
  await repository.pushManifest({ bytes, mediaType, digest, tag: null }, calm);
  assert.deepEqual(await repository.listTags(calm), ["1"]);
  const found = await repository.listReferrers(SAMPLE.digest, { artifactType: "text/note" }, calm);
  assert.deepEqual(found, [{ ...NOTE.descriptor, artifactType: "text/note", annotations: { text: "note" } }]);
  assert.deepEqual(await repository.listReferrers(SAMPLE.digest, { artifactType: "x/y" }, calm), []);
});

test("registryRepository() opens, finds and deletes blobs", async (t) => {
  const { repository, store } = await open(t);
  const address = { digest: digestOf(BLOB), size: BLOB.length };
  const { body } = await repository.openBlob(address, { offset: 0, validator: null }, calm);
  assert.deepEqual(Buffer.concat(await Array.fromAsync(body)), BLOB);
  assert.equal(await repository.hasBlob(address, calm), true);
  assert.equal(await repository.hasBlob({ ...address, digest: digestOf("other") }, calm), false);
  await assert.rejects(repository.hasBlob({ ...address, size: 5 }, calm), (error) => hasCode(error, "SIZE_MISMATCH"));
  await repository.deleteBlob(address.digest, calm);
  assert.equal(store.lines.at(-1), `DELETE /v2/a/b/blobs/${address.digest}`);
});

test("headBlob() uses GET if HEAD is refused, or redirected to a server that accepts only GET", async (t) => {
  const digest = digestOf(BLOB);
  const bucket = await serve(t, () => ({ status: 403 }));
  const heads = [{ status: 405 }, { status: 403 }, { status: 307, headers: { location: `${bucket.origin}/x` } }];
  for (const head of heads) {
    const store = await manifestStore(t, { before: ({ method }) => (method === "HEAD" ? head : { body: BLOB }) });
    const { client } = connect(t, { trust: [store] });
    const request = { reference: at(store, "a/b"), digest, size: null, signal: calm };
    assert.deepEqual(await client.headBlob(request), { size: BLOB.length });
    assert.deepEqual(store.lines, [`HEAD /v2/a/b/blobs/${digest}`, `GET /v2/a/b/blobs/${digest}`]);
  }
});

test("headBlob() does not take a refusal for absence, and tries failures again", async (t) => {
  const digest = digestOf(BLOB);
  for (const [status, code, count] of [
    [403, "HTTP_FORBIDDEN", 2],
    [429, "SERVER_BUSY", 3],
  ] as const) {
    const store = await manifestStore(t, { before: () => ({ status }) });
    const { client } = connect(t, { trust: [store] });
    const request = { reference: at(store, "a/b"), digest, size: null, signal: calm };
    await assert.rejects(client.headBlob(request), (error) => hasCode(error, code));
    assert.equal(store.lines.length, count);
  }
});
