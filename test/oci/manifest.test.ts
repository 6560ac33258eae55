import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { MAX_MANIFEST_BYTES } from "../../src/base/limits.ts";
import { type ErrorCode, hasCode } from "../../src/errors.ts";
import { type Digest, parseDigest } from "../../src/oci/digest.ts";
import { layersByTitle, type Manifest, parseManifestDocument } from "../../src/oci/manifest.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const DIGEST = `sha256:${"ab".repeat(32)}`;
const TITLE = "org.opencontainers.image.title";

const config = { mediaType: "application/vnd.oci.empty.v1+json", digest: DIGEST, size: 2 };
const layer = { mediaType: "application/octet-stream", digest: DIGEST, size: 10, annotations: { [TITLE]: "trurl" } };
const manifest = { schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] };
const index = { schemaVersion: 2, mediaType: INDEX, manifests: [{ mediaType: MANIFEST, digest: DIGEST, size: 5 }] };

function bytesOf(document: unknown): Buffer {
  return Buffer.from(typeof document === "string" ? document : JSON.stringify(document));
}

function sha(algorithm: "sha256" | "sha512", bytes: Buffer): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`);
}

function parsed(document: unknown): Manifest {
  const result = parseManifestDocument(bytesOf(document), null, null);
  assert.equal(result.kind, "manifest");
  return result.manifest;
}

function refuses(code: ErrorCode, document: unknown, contentType: string | null = null): void {
  assert.throws(
    () => parseManifestDocument(bytesOf(document), contentType, null),
    (error) => hasCode(error, code),
  );
}

test("parseManifestDocument() reads an image manifest and names it by the hash of its bytes", () => {
  const bytes = bytesOf({ ...manifest, artifactType: "a/b", annotations: { k: "v" } });
  assert.deepEqual(parseManifestDocument(bytes, `${MANIFEST}; charset=utf-8`, null), {
    kind: "manifest",
    manifest: {
      mediaType: MANIFEST,
      digest: sha("sha256", bytes),
      bytes,
      artifactType: "a/b",
      config: { ...config, annotations: {} },
      layers: [layer],
      subject: null,
      annotations: { k: "v" },
    },
  });
});

test("parseManifestDocument() reads an image index with its platforms", () => {
  const platform = { os: "linux", architecture: "arm64", variant: "v8" };
  const [entry] = index.manifests;
  const bytes = bytesOf({ ...index, manifests: [{ ...entry, platform, artifactType: "a/b" }] });
  assert.deepEqual(parseManifestDocument(bytes, INDEX, null), {
    kind: "index",
    index: {
      mediaType: INDEX,
      digest: sha("sha256", bytes),
      bytes,
      artifactType: null,
      subject: null,
      manifests: [{ ...entry, annotations: {}, artifactType: "a/b", platform }],
      annotations: {},
    },
  });
});

const TYPES: readonly (readonly [string, unknown, string | null, string])[] = [
  [
    "a Docker manifest",
    { ...manifest, mediaType: "application/vnd.docker.distribution.manifest.v2+json" },
    null,
    "application/vnd.docker.distribution.manifest.v2+json",
  ],
  [
    "a Docker manifest list",
    { ...index, mediaType: "application/vnd.docker.distribution.manifest.list.v2+json" },
    null,
    "application/vnd.docker.distribution.manifest.list.v2+json",
  ],
  [
    "an artifact manifest",
    { mediaType: "application/vnd.oci.artifact.manifest.v1+json", blobs: [layer] },
    null,
    "application/vnd.oci.artifact.manifest.v1+json",
  ],
  ["the content type where mediaType is left out", { ...manifest, mediaType: undefined }, MANIFEST, MANIFEST],
  ["the shape where neither is known", { ...manifest, mediaType: undefined }, "application/json", MANIFEST],
  ["an index by its shape", { ...index, mediaType: undefined }, null, INDEX],
  ["what a file server calls a stream of bytes", manifest, "application/octet-stream", MANIFEST],
  ["a content type in capitals", manifest, MANIFEST.toUpperCase(), MANIFEST],
];

for (const [name, document, contentType, expected] of TYPES) {
  test(`parseManifestDocument() goes by ${name}`, () => {
    const result = parseManifestDocument(bytesOf(document), contentType, null);
    assert.equal(result.kind === "manifest" ? result.manifest.mediaType : result.index.mediaType, expected);
  });
}

const withLayer = (change: object) => ({ ...manifest, layers: [{ ...layer, ...change }] });

const INVALID: readonly (readonly [string, unknown, (string | null)?])[] = [
  ["no JSON", "{"],
  ["nothing", ""],
  ["bytes that are not UTF-8", "\ud800"],
  ["an array", []],
  ["null", "null"],
  ["a text", '"x"'],
  ["neither layers nor manifests", { schemaVersion: 2, mediaType: MANIFEST }],
  ["an error document", { errors: [{ code: "MANIFEST_UNKNOWN" }] }],
  ["both layers and manifests", { ...manifest, manifests: [] }],
  ["both config and manifests", { ...index, config }],
  ["a manifest that calls itself an index", { ...manifest, mediaType: INDEX }],
  ["an index that calls itself a manifest", { ...index, mediaType: MANIFEST }],
  ["a manifest sent as an index", { ...manifest, mediaType: undefined }, INDEX],
  ["a content type that contradicts mediaType", manifest, "application/vnd.docker.distribution.manifest.v2+json"],
  ["a content type of something else", manifest, "image/png"],
  ["an index that calls itself an artifact", { ...index, mediaType: "application/vnd.oci.artifact.manifest.v1+json" }],
  ["an unknown mediaType", { ...manifest, mediaType: "application/x" }],
  ["a mediaType that is no text", { ...manifest, mediaType: 5 }],
  ["schema version 1", { ...manifest, schemaVersion: 1 }],
  ["Docker schema 1", { schemaVersion: 1, fsLayers: [] }],
  ["layers that are an object", { ...manifest, layers: {} }],
  ["a config that is a text", { ...manifest, config: "x" }],
  ["a layer that is null", { ...manifest, layers: [null] }],
  ["a layer that is a list", { ...manifest, layers: [[]] }],
  ["a negative size", withLayer({ size: -1 })],
  ["a size with a fraction", withLayer({ size: 1.5 })],
  ["a size beyond exact numbers", JSON.stringify(manifest).replace('"size":10', '"size":9007199254740993')],
  ["an infinite size", JSON.stringify(manifest).replace('"size":10', '"size":1e999')],
  ["a size as a text that is no number", withLayer({ size: "10 B" })],
  ["no size", withLayer({ size: undefined })],
  ["no digest", withLayer({ digest: undefined })],
  ["a digest of an unknown algorithm", withLayer({ digest: `md5:${"ab".repeat(16)}` })],
  ["a digest that climbs", withLayer({ digest: "sha256:../../etc/passwd" })],
  ["annotations that are a list", withLayer({ annotations: ["x"] })],
  ["document annotations that are a text", { ...manifest, annotations: "x" }],
  ["an artifactType that is a number", { ...manifest, artifactType: 5 }],
  ["neither, though null", { schemaVersion: 2, layers: null, manifests: null }],
  ["a config without a size", { ...manifest, config: { digest: DIGEST } }],
];

for (const [name, document, contentType] of INVALID) {
  test(`parseManifestDocument() refuses ${name}`, () => {
    if (name.includes("UTF-8")) {
      const bytes = Buffer.concat([
        Buffer.from('{"a":"'),
        Buffer.from([0xff]),
        Buffer.from(`",${JSON.stringify(manifest).slice(1)}`),
      ]);
      assert.throws(
        () => parseManifestDocument(bytes, null, null),
        (error) => hasCode(error, "MANIFEST_INVALID"),
      );
    } else refuses("MANIFEST_INVALID", document, contentType);
  });
}

test("parseManifestDocument() says what a Docker schema 1 manifest is", () => {
  const bytes = bytesOf({ schemaVersion: 1, fsLayers: [] });
  assert.throws(() => parseManifestDocument(bytes, null, null), /Docker schema 1/);
});

test("parseManifestDocument() refuses a document over 4 MiB before reading it", () => {
  refuses("MANIFEST_INVALID", JSON.stringify(manifest).padEnd(MAX_MANIFEST_BYTES + 1));
  assert.equal(
    parseManifestDocument(bytesOf(JSON.stringify(manifest).padEnd(MAX_MANIFEST_BYTES)), null, null).kind,
    "manifest",
  );
});

test("parseManifestDocument() reads what a manifest or an index refers to", () => {
  const subject = { mediaType: MANIFEST, digest: layer.digest, size: 5 };
  assert.deepEqual(parsed({ ...manifest, subject }).subject, { ...subject, annotations: {} });
  assert.equal(parsed({ ...manifest, subject: null }).subject, null);
  const result = parseManifestDocument(bytesOf({ ...index, subject, artifactType: "a/b" }), INDEX, null);
  assert.ok(result.kind === "index");
  assert.deepEqual([result.index.subject?.digest, result.index.artifactType], [layer.digest, "a/b"]);
  refuses("MANIFEST_INVALID", { ...manifest, subject: "x" });
  refuses("MANIFEST_INVALID", { ...manifest, subject: { ...subject, digest: "md5:x" } });
});

test("parseManifestDocument() takes __proto__ for a name like any other", () => {
  const text = JSON.stringify(manifest).replace('"annotations":{', '"annotations":{"__proto__":"evil",').slice(0, -1);
  const { layers } = parsed(`${text},"__proto__":{"artifactType":"evil"}}`);
  assert.equal(Object.getPrototypeOf(layers[0]?.annotations), Object.prototype);
  assert.equal(parsed(`${text},"__proto__":{"artifactType":"evil"}}`).artifactType, null);
  assert.equal(({} as { evil?: unknown }).evil, undefined);
});

test("parseManifestDocument() refuses a key that is there twice, at any depth", () => {
  const text = JSON.stringify(manifest);
  refuses("MANIFEST_INVALID", text.replace(/}$/, ',"schemaVersion":2}'));
  refuses("MANIFEST_INVALID", text.replace('"annotations":{', '"annotations":{"a":"1","a":"2",'));
  assert.throws(() => parsed(text.replace('"size":', '"size":1,"size":')), /it has the key "size" twice/);
});

test("parseManifestDocument() does not take a media type from the prototype", () => {
  refuses("MANIFEST_INVALID", '{"__proto__":{"layers":[],"config":{}},"schemaVersion":2}');
});

const PAGES: readonly (readonly [string, string, string | null])[] = [
  ["a page by its content type", "", "text/html; charset=utf-8"],
  ["JSON that is sent as a page", JSON.stringify(manifest), "text/html"],
  ["XHTML", "", "application/xhtml+xml"],
  ["a page by its first character", "<!doctype html><title>Login</title>", null],
  ["a page after spaces and a byte order mark", "\ufeff \r\n\t<html>", "application/octet-stream"],
  ["a page that is sent as a manifest", "<html>", MANIFEST],
];

for (const [name, text, contentType] of PAGES) {
  test(`parseManifestDocument() reports ${name} as NOT_A_REGISTRY, not as a wrong digest`, () => {
    const expected = parseDigest(DIGEST);
    assert.throws(
      () => parseManifestDocument(bytesOf(text), contentType, expected),
      (error) => hasCode(error, "NOT_A_REGISTRY"),
    );
  });
}

test("parseManifestDocument() compares the bytes with the requested digest, of either algorithm", () => {
  const bytes = bytesOf(manifest);
  for (const algorithm of ["sha256", "sha512"] as const) {
    const digest = sha(algorithm, bytes);
    const result = parseManifestDocument(bytes, null, digest);
    assert.equal(result.kind === "manifest" && result.manifest.digest, digest);
    const changed = Buffer.concat([bytes, Buffer.from(" ")]);
    assert.throws(
      () => parseManifestDocument(changed, null, digest),
      (error) => hasCode(error, "DIGEST_MISMATCH"),
    );
  }
});

test("layersByTitle() finds titled layers and leaves out others", () => {
  const other = { ...layer, annotations: {} };
  const second = { ...layer, annotations: { [TITLE]: "CHECKSUM" } };
  const layers = layersByTitle(parsed({ ...manifest, layers: [layer, other, second] }));
  assert.deepEqual([...layers.keys()], ["trurl", "CHECKSUM"]);
  assert.deepEqual(layers.get("CHECKSUM"), second);
});

/** Documents that other tools read, and that no reader needs to refuse. */
const READABLE: readonly (readonly [string, unknown, Partial<Manifest>])[] = [
  ["no layers", { ...manifest, layers: undefined }, { layers: [] }],
  ["layers that are null", { ...manifest, layers: null }, { layers: [] }],
  [
    "nothing but layers that are null",
    { schemaVersion: 2, layers: null },
    { layers: [], config: null, mediaType: MANIFEST },
  ],
  ["manifests that are null beside its layers", { ...manifest, manifests: null }, {}],
  ["no config", { ...manifest, config: undefined }, { config: null }],
  ["a config that is null", { ...manifest, config: null }, { config: null }],
  ["a config that is empty", { ...manifest, config: {} }, { config: null }],
  ["a config that was never set", { ...manifest, config: { mediaType: "", digest: "", size: 0 } }, { config: null }],
  ["a subject that was never set", { ...manifest, subject: { mediaType: "", digest: "", size: 0 } }, { subject: null }],
  ["no schema version", { ...manifest, schemaVersion: undefined }, {}],
  ["a schema version that is text", { ...manifest, schemaVersion: "2" }, {}],
  ["a size that is text", { ...manifest, layers: [{ ...layer, size: "10" }] }, {}],
  [
    "a layer without a type",
    { ...manifest, layers: [{ ...layer, mediaType: undefined }] },
    { layers: parsed(manifest).layers.map((each) => ({ ...each, mediaType: "application/octet-stream" })) },
  ],
  ["annotations that are an empty list", { ...manifest, annotations: [] }, { annotations: {} }],
  ["annotations that are null", { ...manifest, annotations: null }, { annotations: {} }],
  [
    "annotations that are not text",
    { ...manifest, annotations: { a: 1, b: true, c: null, d: {} } },
    { annotations: { a: "1", b: "true" } },
  ],
  ["a media type with parameters", { ...manifest, mediaType: `${MANIFEST}; charset=utf-8` }, { mediaType: MANIFEST }],
  ["a media type in capitals", { ...manifest, mediaType: MANIFEST.toUpperCase() }, { mediaType: MANIFEST }],
  ["a byte order mark", `\ufeff${JSON.stringify(manifest)}`, {}],
  [
    "fields that are not known",
    { ...manifest, layers: [{ ...layer, urls: ["x"], data: "eA==", x: { y: 1 } }], z: [1] },
    {},
  ],
];

for (const [name, document, expected] of READABLE) {
  test(`parseManifestDocument() reads a manifest with ${name}`, () => {
    const { mediaType, layers, config: found, subject, annotations } = parsed(document);
    const whole = { mediaType: MANIFEST, layers: [layer], config: { ...config, annotations: {} }, subject: null };
    assert.deepEqual(
      { mediaType, layers, config: found, subject, annotations },
      { ...whole, annotations: {}, ...expected },
    );
  });
}

test("parseManifestDocument() reads an index whose entries name no whole platform, or that has none", () => {
  const [entry] = index.manifests;
  const platforms = [undefined, null, {}, { os: "linux" }, { os: "", architecture: "" }];
  const manifests = platforms.map((platform) => ({ ...entry, platform }));
  for (const list of [manifests, null, []]) {
    const found = parseManifestDocument(bytesOf({ ...index, manifests: list }), INDEX, null);
    assert.ok(found.kind === "index");
    assert.deepEqual(
      found.index.manifests.map(({ platform }) => platform),
      (list ?? []).map(() => undefined),
    );
  }
});

test("layersByTitle() takes a path that begins with ./ for the same without", () => {
  const titled = (title: string) =>
    layersByTitle(parsed(withLayer({ annotations: { [TITLE]: title } })))
      .keys()
      .next();
  for (const title of ["./trurl", ".//./trurl"]) assert.equal(titled(title).value, "trurl");
  for (const title of ["./", ".", "./../x", ".//", "a/./b"])
    assert.throws(() => titled(title), { code: "TITLE_INVALID" });
});

test("parseManifestDocument() takes an entry without a type for a manifest, and a type of JSON or bytes for none", () => {
  const manifests = index.manifests.map((entry) => ({ ...entry, mediaType: undefined }));
  const found = parseManifestDocument(bytesOf({ ...index, manifests }), INDEX, null);
  assert.ok(found.kind === "index" && found.index.manifests.every(({ mediaType }) => mediaType === MANIFEST));
  for (const type of ["text/json; charset=utf-8", "application/x-octet-stream"])
    assert.equal(parseManifestDocument(bytesOf(manifest), type, null).kind, "manifest");
});

test("layersByTitle() takes two layers with one title and one content for one", () => {
  assert.deepEqual([...layersByTitle(parsed({ ...manifest, layers: [layer, layer] })).keys()], ["trurl"]);
});

test("layersByTitle() refuses a title that two layers have", () => {
  const doubled = parsed({ ...manifest, layers: [layer, { ...layer, size: 11 }] });
  assert.throws(
    () => layersByTitle(doubled),
    (error) => hasCode(error, "MANIFEST_INVALID"),
  );
});

test("layersByTitle() refuses a title that leads out of a directory", () => {
  const evil = parsed(withLayer({ annotations: { [TITLE]: "../x" } }));
  assert.throws(
    () => layersByTitle(evil),
    (error) => hasCode(error, "TITLE_INVALID"),
  );
});
