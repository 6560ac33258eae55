import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { type Digest, digestHex, parseDigest } from "../../src/oci/digest.ts";
import type { RegistryClient } from "../../src/registry-client/registry-client.ts";
import { at, calm, connect, INDEX_TYPE, MANIFEST_TYPE, type Reply } from "./local-registry.ts";
import {
  indexSample,
  type ManifestStore,
  manifestSample,
  manifestStore,
  noteOn,
  type Sample,
  type StoreOptions,
} from "./manifest-store.ts";

const SUBJECT = manifestSample();
const TAG = `sha256-${digestHex(SUBJECT.digest)}`;
const FIRST = noteOn(SUBJECT, "first");
const SECOND = noteOn(SUBJECT, "second");

async function open(t: TestContext, options: StoreOptions = {}) {
  const store = await manifestStore(t, options);
  store.put("1", SUBJECT.bytes, SUBJECT.mediaType);
  return { store, client: connect(t, { trust: [store] }).client };
}

const push = (client: RegistryClient, store: ManifestStore, { bytes, mediaType, digest }: Sample) =>
  client.putManifest(at(store, "a/b"), { bytes, mediaType, digest, tag: null }, calm);

function listed(store: ManifestStore, tag = TAG): readonly Readonly<Record<string, unknown>>[] {
  const found = store.content.get(tag);
  if (found === undefined) return [];
  assert.equal(found.type, INDEX_TYPE);
  const document = JSON.parse(found.bytes.toString());
  assert.deepEqual([document.schemaVersion, document.mediaType], [2, INDEX_TYPE]);
  return document.manifests;
}

const digestsIn = (store: ManifestStore) => listed(store).map(({ digest }) => digest);

test("putManifest() lists a manifest under the fallback tag when the answer has no OCI-Subject", async (t) => {
  const { store, client } = await open(t);
  assert.deepEqual(await push(client, store, FIRST), { listedBy: "tag" });
  assert.deepEqual(listed(store), [{ ...FIRST.descriptor, annotations: { text: "first" }, artifactType: "text/note" }]);
  assert.deepEqual(store.lines, [
    `PUT /v2/a/b/manifests/${FIRST.digest}`,
    `GET /v2/a/b/manifests/${TAG}`,
    `PUT /v2/a/b/manifests/${TAG}`,
    `GET /v2/a/b/manifests/${TAG}`,
  ]);
});

test("putManifest() lists a manifest without artifact type by the type of its config", async (t) => {
  const { store, client } = await open(t);
  await push(client, store, manifestSample({ subject: SUBJECT.descriptor }));
  assert.equal(listed(store)[0]?.["artifactType"], "application/vnd.oci.empty.v1+json");
  assert.equal(Object.hasOwn(listed(store)[0] ?? {}, "annotations"), false);
});

test("putManifest() lists an image index that has a subject", async (t) => {
  const { store, client } = await open(t);
  const index = indexSample([], { subject: SUBJECT.descriptor, artifactType: "text/index" });
  await push(client, store, index);
  assert.deepEqual(listed(store), [{ ...index.descriptor, artifactType: "text/index" }]);
});

test("putManifest() lists nothing for a subject that is null, nor for a document of an unknown type", async (t) => {
  const { store, client } = await open(t);
  assert.deepEqual(await push(client, store, manifestSample({ subject: null })), { listedBy: null });
  const unknown = { ...noteOn(SUBJECT, "x"), mediaType: "application/x" };
  assert.deepEqual(await push(client, store, unknown), { listedBy: null });
  assert.equal(store.content.has(TAG), false);
});

test("putManifest() adds to the list without changing its entries", async (t) => {
  const { store, client } = await open(t);
  const foreign = { mediaType: "application/x", digest: `sha256:${"0".repeat(64)}`, size: 5, data: "e30=", other: [1] };
  const old = indexSample([foreign, { broken: true }], { annotations: { k: "v" }, unknown: { x: 1 } });
  store.put(TAG, old.bytes, INDEX_TYPE);
  await push(client, store, FIRST);
  const document = JSON.parse(store.content.get(TAG)?.bytes.toString() ?? "");
  assert.deepEqual(document.manifests.slice(0, 2), [foreign, { broken: true }]);
  assert.equal(document.manifests[2].digest, FIRST.digest);
  assert.deepEqual([document.annotations, document.unknown], [{ k: "v" }, { x: 1 }]);
});

test("putManifest() lists a manifest once, however often it is pushed", async (t) => {
  const { store, client } = await open(t);
  for (let count = 0; count < 3; count += 1) await push(client, store, FIRST);
  assert.deepEqual(digestsIn(store), [FIRST.digest]);
});

test("putManifest() cuts the fallback tag of a long digest", async (t) => {
  const { store, client } = await open(t);
  const hex = createHash("sha512").update(SUBJECT.bytes).digest("hex");
  const digest: Digest = parseDigest(`sha512:${hex}`);
  await push(client, store, manifestSample({ subject: { ...SUBJECT.descriptor, digest } }));
  assert.equal(listed(store, `sha512-${hex.slice(0, 64)}`).length, 1);
});

const FOREIGN: readonly (readonly [string, string, Buffer])[] = [
  ["the subject itself", MANIFEST_TYPE, SUBJECT.bytes],
  ["another manifest", MANIFEST_TYPE, FIRST.bytes],
  ["a Docker list", "application/vnd.docker.distribution.manifest.list.v2+json", indexSample([]).bytes],
  ["no JSON", INDEX_TYPE, Buffer.from("x")],
  ["an index with layers", INDEX_TYPE, indexSample([], { layers: [] }).bytes],
];

for (const [name, type, bytes] of FOREIGN) {
  test(`putManifest() never overwrites a fallback tag that names ${name}`, async (t) => {
    const { store, client } = await open(t);
    store.put(TAG, bytes, type);
    await assert.rejects(push(client, store, FIRST), (error) => hasCode(error, "MANIFEST_INVALID"));
    assert.deepEqual(store.content.get(TAG)?.bytes, bytes);
    assert.ok(!store.lines.includes(`PUT /v2/a/b/manifests/${TAG}`));
  });
}

test("putManifest() never overwrites a tag that resolves to a subject which is an index itself", async (t) => {
  const { store, client } = await open(t);
  const subject = indexSample([]);
  const tag = `sha256-${digestHex(subject.digest)}`;
  store.put(tag, subject.bytes, INDEX_TYPE);
  await assert.rejects(push(client, store, noteOn(subject, "x")), (error) => hasCode(error, "MANIFEST_INVALID"));
  assert.deepEqual(store.content.get(tag)?.bytes, subject.bytes);
});

const api = (reply: Reply) => (request: { readonly method: string; readonly path: string; readonly body: Buffer }) => {
  if (request.path.startsWith("/v2/a/b/referrers/")) return reply;
  if (request.method !== "PUT") return undefined;
  const subject = JSON.parse(request.body.toString()).subject?.digest;
  return subject === undefined ? undefined : { status: 201, headers: { "oci-subject": subject } };
};

test("putManifest() leaves the list to a registry that says it keeps one and does, asked once", async (t) => {
  const empty = { headers: { "content-type": INDEX_TYPE }, body: indexSample([]).bytes };
  const { store, client } = await open(t, { before: api(empty) });
  assert.deepEqual(await push(client, store, FIRST), { listedBy: "registry" });
  assert.deepEqual(await push(client, store, SECOND), { listedBy: "registry" });
  assert.deepEqual(store.lines, [
    `PUT /v2/a/b/manifests/${FIRST.digest}`,
    `GET /v2/a/b/referrers/${SUBJECT.digest}`,
    `PUT /v2/a/b/manifests/${SECOND.digest}`,
  ]);
});

test("putManifest() keeps the list if a registry only claims to, and checks that once", async (t) => {
  const { store, client } = await open(t, { before: api({ status: 404 }) });
  assert.deepEqual(await push(client, store, FIRST), { listedBy: "tag" });
  await push(client, store, SECOND);
  assert.deepEqual(digestsIn(store), [FIRST.digest, SECOND.digest]);
  assert.equal(store.lines.filter((line) => line.includes("/referrers/")).length, 1);
});

test("putManifest() takes an OCI-Subject of another digest for none", async (t) => {
  const other = { "oci-subject": FIRST.digest };
  const list = { headers: { "content-type": INDEX_TYPE }, body: indexSample([]).bytes };
  const before = ({ method, path }: { method: string; path: string }) => {
    if (path.includes("/referrers/")) return list;
    return method === "PUT" && !path.endsWith(TAG) ? { status: 201, headers: other } : undefined;
  };
  const { store, client } = await open(t, { before });
  await push(client, store, FIRST);
  assert.deepEqual(digestsIn(store), [FIRST.digest]);
});

test("putManifest() loses nothing when many referrers of one subject are pushed side by side", async (t) => {
  const { store, client } = await open(t);
  const notes = Array.from({ length: 10 }, (_, number) => noteOn(SUBJECT, String(number)));
  await Promise.all(notes.map((note) => push(client, store, note)));
  assert.deepEqual(digestsIn(store).toSorted(), notes.map(({ digest }) => digest).toSorted());
});

/** Another writer that puts its own list in place right before (or after) our first PUT of the tag. */
function rival(when: "before" | "after"): { options: StoreOptions; bind: (store: ManifestStore) => void } {
  let store: ManifestStore | undefined;
  let isDone = false;
  const interfere = () => {
    const list = indexSample([SECOND.descriptor]);
    store?.put(TAG, list.bytes, INDEX_TYPE);
    isDone = true;
  };
  const before = ({ method, path }: { readonly method: string; readonly path: string }): undefined => {
    const isOurs = path.endsWith(TAG) && !isDone;
    const isDue = when === "before" ? method === "PUT" : method === "GET" && store?.content.has(TAG);
    if (isOurs && isDue) interfere();
  };
  return {
    options: { before },
    bind: (opened) => {
      store = opened;
    },
  };
}

for (const etags of [true, false]) {
  test(`putManifest() writes again what another overwrote (${etags ? "with" : "without"} ETags)`, async (t) => {
    const { options, bind } = rival("after");
    const { store, client } = await open(t, { ...options, etags });
    bind(store);
    await push(client, store, FIRST);
    assert.deepEqual(digestsIn(store), [SECOND.digest, FIRST.digest]);
  });
}

test("putManifest() does not overwrite a list that appeared in the meantime if the registry honours If-None-Match", async (t) => {
  const { options, bind } = rival("before");
  const { store, client } = await open(t, { ...options, conditional: true });
  bind(store);
  await push(client, store, FIRST);
  assert.deepEqual(digestsIn(store), [SECOND.digest, FIRST.digest]);
});

test("putManifest() does not overwrite a list that changed in the meantime if the registry honours If-Match", async (t) => {
  const { options, bind } = rival("before");
  const { store, client } = await open(t, { ...options, conditional: true });
  store.put(TAG, indexSample([]).bytes, INDEX_TYPE);
  bind(store);
  await push(client, store, FIRST);
  assert.deepEqual(digestsIn(store), [SECOND.digest, FIRST.digest]);
});

test("putManifest() of two clients at the same time loses nothing if the registry honours If-Match", async (t) => {
  const { store } = await open(t, { conditional: true });
  const clients = Array.from({ length: 4 }, () => connect(t, { trust: [store] }).client);
  const notes = clients.map((_, number) => noteOn(SUBJECT, String(number)));
  await Promise.all(clients.map((client, number) => push(client, store, notes[number] ?? FIRST)));
  assert.deepEqual(digestsIn(store).toSorted(), notes.map(({ digest }) => digest).toSorted());
});

test("putManifest() gives up on a list that others change every time, and says that the manifest exists", async (t) => {
  const before = ({ method, path }: { readonly method: string; readonly path: string }) =>
    method === "PUT" && path.endsWith(TAG) ? { status: 412 } : undefined;
  const { store, client } = await open(t, { before });
  await assert.rejects(push(client, store, FIRST), (error) => hasCode(error, "STATE_CHANGED"));
  assert.equal(store.lines.filter((line) => line === `PUT /v2/a/b/manifests/${TAG}`).length, 8);
  assert.ok(store.content.has(FIRST.digest));
});

test("putManifest() sends If-Match with a strong ETag alone", async (t) => {
  const before = ({ method, path }: { readonly method: string; readonly path: string }) =>
    method === "GET" && path.endsWith(TAG)
      ? { headers: { "content-type": INDEX_TYPE, etag: 'W/"x"' }, body: indexSample([]).bytes }
      : undefined;
  const { store, client } = await open(t, { before });
  await assert.rejects(push(client, store, FIRST), (error) => hasCode(error, "STATE_CHANGED"));
  const puts = store.requests.filter(({ method, path }) => method === "PUT" && path.endsWith(TAG));
  assert.deepEqual(new Set(puts.map(({ headers }) => headers["if-match"])), new Set([undefined]));
});

test("deleteManifest() takes a referrer out of the list, and the list away with the last one", async (t) => {
  const { store, client } = await open(t);
  await push(client, store, FIRST);
  await push(client, store, SECOND);
  await client.deleteManifest({ ...at(store, "a/b"), digest: FIRST.digest }, calm);
  assert.deepEqual(digestsIn(store), [SECOND.digest]);
  await client.deleteManifest({ ...at(store, "a/b"), digest: SECOND.digest }, calm);
  assert.equal(store.content.has(TAG), false);
  assert.ok(store.content.has("1"));
});

test("deleteManifest() leaves an empty list if the registry refuses to delete it", async (t) => {
  let isAllowed = true;
  const before = ({ method, path }: { readonly method: string; readonly path: string }) => {
    if (method !== "DELETE") return undefined;
    const isFirst = path.endsWith(FIRST.digest) && isAllowed;
    isAllowed = false;
    return isFirst ? undefined : { status: 405 };
  };
  const { store, client } = await open(t, { before });
  await push(client, store, FIRST);
  await client.deleteManifest({ ...at(store, "a/b"), digest: FIRST.digest }, calm);
  assert.deepEqual([store.content.has(TAG), digestsIn(store)], [true, []]);
});

test("deleteManifest() leaves a fallback tag alone that names no list", async (t) => {
  const { store, client } = await open(t);
  store.put(FIRST.digest, FIRST.bytes, FIRST.mediaType);
  store.put(TAG, SUBJECT.bytes, SUBJECT.mediaType);
  await client.deleteManifest({ ...at(store, "a/b"), digest: FIRST.digest }, calm);
  assert.deepEqual(store.content.get(TAG)?.bytes, SUBJECT.bytes);
});
