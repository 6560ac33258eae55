import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { digestHex } from "../../src/oci/digest.ts";
import {
  at,
  calm,
  connect,
  digestOf,
  INDEX_TYPE,
  MANIFEST_TYPE,
  manifestBytes,
  manifestReply,
  NOT_FOUND,
  type Reply,
  serve,
} from "./local-registry.ts";

const BYTES = manifestBytes();
const DIGEST = digestOf(BYTES);

test("fetchManifest() by tag sends exactly one request to an anonymous registry, which names all types", async (t) => {
  const server = await serve(t, () => manifestReply(BYTES));
  const { client, http } = connect(t, { trust: [server] });
  const document = await client.fetchManifest(at(server, "a/b:1.0"), calm);
  assert.equal(document.kind === "manifest" && document.manifest.digest, DIGEST);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    ["/v2/a/b/manifests/1.0"],
  );
  assert.equal(http.requestCount, 1);
  for (const type of [
    MANIFEST_TYPE,
    INDEX_TYPE,
    "docker.distribution.manifest.v2",
    "manifest.list.v2",
    "artifact.manifest.v1",
  ]) {
    assert.ok(server.seen[0]?.headers.accept?.includes(type), type);
  }
  assert.equal(server.seen[0]?.headers.authorization, undefined);
});

test("fetchManifest() goes by the digest when a reference has a tag as well", async (t) => {
  const server = await serve(t, () => manifestReply(BYTES));
  const { client } = connect(t, { trust: [server] });
  await client.fetchManifest(at(server, `a/b:1.0@${DIGEST}`), calm);
  assert.deepEqual(
    server.seen.map(({ path }) => path),
    [`/v2/a/b/manifests/${DIGEST}`],
  );
});

test("fetchManifest() returns an image index as an index", async (t) => {
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: INDEX_TYPE,
      manifests: [{ mediaType: MANIFEST_TYPE, digest: DIGEST, size: 5 }],
    }),
  );
  const server = await serve(t, () => ({ headers: { "content-type": INDEX_TYPE }, body: bytes }));
  const { client } = connect(t, { trust: [server] });
  const document = await client.fetchManifest(at(server, "a:1"), calm);
  assert.deepEqual(document.kind === "index" && document.index.manifests.map(({ digest }) => digest), [DIGEST]);
});

test("fetchManifest() refuses a reference without tag and digest before any request", async (t) => {
  const server = await serve(t, () => manifestReply(BYTES));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.fetchManifest(at(server, "a"), calm), (error) => hasCode(error, "REFERENCE_INVALID"));
  assert.equal(server.seen.length, 0);
});

const OTHER = digestOf("other");

const LIES: readonly (readonly [string, ErrorCode, string, Reply])[] = [
  [
    "a Docker-Content-Digest that is not the bytes'",
    "DIGEST_MISMATCH",
    "a:1",
    { ...manifestReply(BYTES), headers: { "content-type": MANIFEST_TYPE, "docker-content-digest": OTHER } },
  ],
  [
    "a Docker-Content-Digest that lies about right bytes",
    "DIGEST_MISMATCH",
    `a@${DIGEST}`,
    { ...manifestReply(BYTES), headers: { "content-type": MANIFEST_TYPE, "docker-content-digest": OTHER } },
  ],
  [
    "a Docker-Content-Digest that is none",
    "DIGEST_INVALID",
    "a:1",
    { body: BYTES, headers: { "docker-content-digest": "sha256:x" } },
  ],
  [
    "bytes that are not the digest's",
    "DIGEST_MISMATCH",
    `a@${OTHER}`,
    { body: BYTES, headers: { "content-type": MANIFEST_TYPE } },
  ],
  [
    "bytes that are not the digest's, announced as if",
    "DIGEST_MISMATCH",
    `a@${OTHER}`,
    { body: BYTES, headers: { "content-type": MANIFEST_TYPE, "docker-content-digest": OTHER } },
  ],
  [
    "a content type that is not the document's",
    "MANIFEST_INVALID",
    "a:1",
    { body: BYTES, headers: { "content-type": INDEX_TYPE } },
  ],
  ["a web page", "NOT_A_REGISTRY", "a:1", { body: "<!doctype html>", headers: { "content-type": "text/html" } }],
  [
    "a web page where a digest was asked for",
    "NOT_A_REGISTRY",
    `a@${DIGEST}`,
    { body: "<html>", headers: { "content-type": "application/json" } },
  ],
  ["a body that is too long", "BODY_TOO_LARGE", "a:1", { body: Buffer.alloc(4 * 1024 * 1024 + 1, " ") }],
  [
    "a redirect to nowhere allowed",
    "ADDRESS_FORBIDDEN",
    "a:1",
    { status: 302, headers: { location: "http://169.254.169.254/latest" } },
  ],
  ["no content", "HTTP_UNEXPECTED", "a:1", { status: 204 }],
];

for (const [name, code, path, reply] of LIES) {
  test(`fetchManifest() refuses ${name} without retrying`, async (t) => {
    const server = await serve(t, () => reply);
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchManifest(at(server, path), calm), (error) => hasCode(error, code));
    assert.equal(server.seen.length, 1);
  });
}

test("fetchManifest() hints at the list of tags when a tag does not exist, but not for a digest", async (t) => {
  const server = await serve(t, () => NOT_FOUND);
  const { client } = connect(t, { trust: [server] });
  const hintOf = async (path: string) => {
    const error: unknown = await client.fetchManifest(at(server, path), calm).catch((reason: unknown) => reason);
    assert.ok(hasCode(error, "HTTP_NOT_FOUND"));
    return error.hint;
  };
  assert.equal(await hintOf("a:1"), `\`pkg oci tags ${new URL(server.origin).host}/a\` lists the existing tags`);
  assert.equal(await hintOf(`a@${DIGEST}`), undefined);
});

test("fetchManifest() checks a Docker-Content-Digest of SHA-512 too", async (t) => {
  const wrong = `sha512:${digestHex(OTHER).repeat(2)}`;
  const server = await serve(t, () => ({ body: BYTES, headers: { "docker-content-digest": wrong } }));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.fetchManifest(at(server, "a:1"), calm), (error) => hasCode(error, "DIGEST_MISMATCH"));
});

const json = { "content-type": "application/json" };

const REFUSALS: readonly (readonly [string, ErrorCode, Reply])[] = [
  ["404", "HTTP_NOT_FOUND", NOT_FOUND],
  ["404 without a body", "HTTP_NOT_FOUND", { status: 404 }],
  ["401 without a challenge", "HTTP_UNAUTHORIZED", { status: 401 }],
  ["401 with Basic alone", "HTTP_UNAUTHORIZED", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }],
  [
    "403",
    "HTTP_FORBIDDEN",
    { status: 403, headers: json, body: '{"errors":[{"code":"DENIED","message":"requested access is denied"}]}' },
  ],
  [
    "403 for what is missing, enveloped",
    "HTTP_NOT_FOUND",
    { status: 403, headers: json, body: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such"}]}' },
  ],
  [
    "401 for what is missing",
    "HTTP_NOT_FOUND",
    { status: 401, headers: json, body: '{"errors":[{"code":"NAME_UNKNOWN"}]}' },
  ],
  [
    "400 for what is missing, bare",
    "HTTP_NOT_FOUND",
    { status: 400, headers: json, body: '{"code":"NAME_UNKNOWN","message":"no such"}' },
  ],
  [
    "400 with other errors",
    "HTTP_UNEXPECTED",
    { status: 400, headers: json, body: '{"errors":[{"code":"TAG_INVALID"}]}' },
  ],
  ["400 with a broken body", "HTTP_UNEXPECTED", { status: 400, headers: json, body: '{"errors":[null,5,{"code":{}}]' }],
  ["400 with an endless body", "HTTP_UNEXPECTED", { status: 400, body: Buffer.alloc(200_000, "x") }],
];

for (const [name, code, reply] of REFUSALS) {
  test(`fetchManifest() reports ${name} as ${code} without retrying`, async (t) => {
    const server = await serve(t, () => reply);
    const { client, waits } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchManifest(at(server, "a:1"), calm), (error) => hasCode(error, code));
    assert.deepEqual([server.seen.length, waits], [1, []]);
  });
}

test("fetchManifest() shows the registry's own message, enveloped or bare", async (t) => {
  const bodies = [
    '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"gone fishing"}]}',
    '{"code":"MANIFEST_UNKNOWN","message":"gone fishing"}',
  ];
  for (const body of bodies) {
    const server = await serve(t, () => ({ status: 404, headers: json, body }));
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchManifest(at(server, "a:1"), calm), /gone fishing/);
  }
});

test("fetchManifest() tries again after 5xx, a busy server and a dropped connection", async (t) => {
  const answers = [{ status: 503 }, { status: 429, headers: { "retry-after": "7" } }, manifestReply(BYTES)];
  const server = await serve(t, () => answers.shift() ?? { status: 500 });
  const { client, waits } = connect(t, { trust: [server] });
  assert.equal((await client.fetchManifest(at(server, "a:1"), calm)).kind, "manifest");
  assert.deepEqual(waits, [50, 7_100]);
});

test("fetchManifest() gives up after the policy's attempts with the last error", async (t) => {
  const server = await serve(t, () => ({ send: (response) => response.destroy() }));
  const told: string[] = [];
  const { client } = connect(t, { trust: [server], onRetry: (error, waitMs) => told.push(`${error.code} ${waitMs}`) });
  await assert.rejects(client.fetchManifest(at(server, "a:1"), calm), (error) => hasCode(error, "NETWORK_FAILED"));
  assert.equal(server.seen.length, 3);
  assert.deepEqual(told, ["NETWORK_FAILED 50", "NETWORK_FAILED 100"]);
});

test("fetchManifest() ends with INTERRUPTED when its signal is aborted", async (t) => {
  const controller = new AbortController();
  const server = await serve(t, () => ({ send: () => controller.abort() }));
  const { client } = connect(t, { trust: [server] });
  await assert.rejects(client.fetchManifest(at(server, "a:1"), controller.signal), (error) =>
    hasCode(error, "INTERRUPTED"),
  );
  assert.equal(server.seen.length, 1);
});

const UNKNOWN = Buffer.from('{ "mediaType": "application/x",\n "x": 1 }\n');

const DOCUMENTS: readonly (readonly [string, Buffer, string | null, string])[] = [
  ["a manifest", BYTES, MANIFEST_TYPE, MANIFEST_TYPE],
  ["a manifest sent as nothing in particular", BYTES, "application/octet-stream", MANIFEST_TYPE],
  ["an unknown type as it is sent", Buffer.from("{}"), "Application/X; charset=utf-8", "application/x"],
  ["an unknown type as it is written", UNKNOWN, null, "application/x"],
  ["an unknown type that is sent as another", UNKNOWN, "application/y", "application/y"],
  ["an index by its shape", Buffer.from('{"manifests":[]}'), null, INDEX_TYPE],
  ["a manifest by its shape", Buffer.from('{"layers":[]}'), "text/plain", MANIFEST_TYPE],
  ["bytes", Buffer.from([1, 2, 3]), null, "application/octet-stream"],
];

for (const [name, bytes, contentType, mediaType] of DOCUMENTS) {
  test(`fetchDocument() gives ${name}, byte for byte`, async (t) => {
    const headers = contentType === null ? {} : { "content-type": contentType };
    const server = await serve(t, () => ({ headers, body: bytes }));
    const { client } = connect(t, { trust: [server] });
    const expected = { mediaType, digest: digestOf(bytes), bytes };
    assert.deepEqual(await client.fetchDocument(at(server, "a:1"), calm), expected);
    assert.deepEqual(await client.fetchDocument(at(server, `a@${digestOf(bytes)}`), calm), expected);
    assert.match(server.seen[0]?.headers.accept ?? "", /image\.manifest\.v1.*\*\/\*/);
  });
}

for (const [name, code, path, reply] of LIES) {
  test(`fetchDocument() refuses ${name} without retrying`, async (t) => {
    const server = await serve(t, () => reply);
    const { client } = connect(t, { trust: [server] });
    await assert.rejects(client.fetchDocument(at(server, path), calm), (error) => hasCode(error, code));
    assert.equal(server.seen.length, 1);
  });
}
