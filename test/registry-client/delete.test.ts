import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, hasCode, PkgError } from "../../src/errors.ts";
import { at, calm, connect, NOT_FOUND, type Reply } from "./local-registry.ts";
import { manifestSample, manifestStore } from "./manifest-store.ts";

const SAMPLE = manifestSample();

test("deleteManifest() deletes a tag with one request", async (t) => {
  const store = await manifestStore(t);
  store.put("1", SAMPLE.bytes, SAMPLE.mediaType);
  const { client } = connect(t, { trust: [store] });
  await client.deleteManifest(at(store, "a/b:1"), calm);
  assert.deepEqual(store.lines, ["DELETE /v2/a/b/manifests/1"]);
  assert.deepEqual([...store.content.keys()], [SAMPLE.digest]);
});

test("deleteManifest() deletes by digest with every tag", async (t) => {
  const store = await manifestStore(t);
  store.put("1", SAMPLE.bytes, SAMPLE.mediaType);
  const { client } = connect(t, { trust: [store] });
  await client.deleteManifest(at(store, `a/b:1@${SAMPLE.digest}`), calm);
  assert.deepEqual(store.lines, [
    `GET /v2/a/b/manifests/${SAMPLE.digest}`,
    `DELETE /v2/a/b/manifests/${SAMPLE.digest}`,
  ]);
  assert.equal(store.content.size, 0);
});

test("deleteManifest() deletes what cannot be read as a manifest", async (t) => {
  const store = await manifestStore(t);
  const bytes = Buffer.from("{}");
  store.put("1", bytes, "application/x");
  const digest = [...store.content.keys()][1];
  const { client } = connect(t, { trust: [store] });
  await client.deleteManifest(at(store, `a/b@${digest}`), calm);
  assert.equal(store.content.size, 0);
});

for (const status of [200, 202, 204]) {
  test(`deleteBlob() takes ${status} for done`, async (t) => {
    const store = await manifestStore(t, { before: () => ({ status }) });
    const { client } = connect(t, { trust: [store] });
    await client.deleteBlob(at(store, "a/b"), SAMPLE.digest, calm);
    assert.deepEqual(store.lines, [`DELETE /v2/a/b/blobs/${SAMPLE.digest}`]);
  });
}

const json = { "content-type": "application/json" };
const UNSUPPORTED = '{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}';

const REFUSALS: readonly (readonly [string, ErrorCode, RegExp, Reply])[] = [
  ["405", "HTTP_UNEXPECTED", /to be enabled in the registry/, { status: 405 }],
  [
    "400 UNSUPPORTED",
    "HTTP_UNEXPECTED",
    /to be enabled in the registry/,
    { status: 400, headers: json, body: UNSUPPORTED },
  ],
  [
    "404 UNSUPPORTED",
    "HTTP_UNEXPECTED",
    /to be enabled in the registry/,
    { status: 404, headers: json, body: UNSUPPORTED },
  ],
  ["501", "HTTP_UNEXPECTED", /to be enabled in the registry/, { status: 501 }],
  ["404", "HTTP_NOT_FOUND", /./, NOT_FOUND],
  ["403", "HTTP_FORBIDDEN", /./, { status: 403 }],
  ["a web page", "NOT_A_REGISTRY", /./, { headers: { "content-type": "text/html" }, body: "<html>" }],
];

for (const [name, code, hint, reply] of REFUSALS) {
  test(`deleteBlob() reports ${name} as ${code} without retrying`, async (t) => {
    const store = await manifestStore(t, { before: () => reply });
    const { client } = connect(t, { trust: [store] });
    await assert.rejects(client.deleteBlob(at(store, "a/b"), SAMPLE.digest, calm), (error) => {
      assert.ok(error instanceof PkgError);
      assert.equal(error.code, code);
      assert.match(error.hint ?? error.message, hint);
      return true;
    });
    assert.equal(store.lines.length, 1);
  });
}

test("deleteManifest() says that a tag which cannot be deleted has a digest that may", async (t) => {
  const store = await manifestStore(t, { before: () => ({ status: 405 }) });
  const { client } = connect(t, { trust: [store] });
  await assert.rejects(client.deleteManifest(at(store, "a/b:1"), calm), (error) => {
    assert.ok(hasCode(error, "HTTP_UNEXPECTED"));
    assert.match(error.hint ?? "", /by digest/);
    return true;
  });
});

test("deleteManifest() reports a missing tag even if the registry deletes no tags", async (t) => {
  const refusals: readonly Reply[] = [
    { status: 405 },
    { status: 400, headers: json, body: '{"errors":[{"code":"DIGEST_INVALID"}]}' },
  ];
  for (const reply of refusals) {
    const store = await manifestStore(t, { before: ({ method }) => (method === "DELETE" ? reply : undefined) });
    store.put("1", SAMPLE.bytes, SAMPLE.mediaType);
    const { client } = connect(t, { trust: [store] });
    await assert.rejects(client.deleteManifest(at(store, "a/b:2"), calm), (error) => hasCode(error, "HTTP_NOT_FOUND"));
    await assert.rejects(client.deleteManifest(at(store, "a/b:1"), calm), (error) => {
      assert.ok(hasCode(error, "HTTP_UNEXPECTED"));
      assert.match(error.hint ?? "", /by digest/);
      return true;
    });
  }
});

test("deleteBlob() takes absence for done when the try before broke off, and for absence else", async (t) => {
  const answers: Reply[] = [{ status: 500 }, NOT_FOUND, NOT_FOUND];
  const store = await manifestStore(t, { before: () => answers.shift() });
  const { client } = connect(t, { trust: [store] });
  await client.deleteBlob(at(store, "a/b"), SAMPLE.digest, calm);
  await assert.rejects(client.deleteBlob(at(store, "a/b"), SAMPLE.digest, calm), (error) =>
    hasCode(error, "HTTP_NOT_FOUND"),
  );
});
