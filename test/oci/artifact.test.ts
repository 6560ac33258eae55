import assert from "node:assert/strict";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { hasCode } from "../../src/errors.ts";
import {
  type ArtifactContent,
  buildManifest,
  descriptorOf,
  EMPTY_BLOB,
  EMPTY_DESCRIPTOR,
  isMediaType,
  platformConfig,
} from "../../src/oci/artifact.ts";
import type { Descriptor } from "../../src/oci/descriptor.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { parseManifestDocument } from "../../src/oci/manifest.ts";

const LAYER: Descriptor = {
  mediaType: "application/vnd.oci.image.layer.v1.tar",
  digest: parseDigest("sha256:092fcfbbcfca3b5be7ae1b5e58538e92c35ab273ae13664fed0d67484c8e78a6"),
  size: 2,
  annotations: { x: "y", "org.opencontainers.image.title": "f.txt" },
};

const NOTHING: ArtifactContent = { artifactType: "a/b", config: null, layers: [], annotations: {}, subject: null };

/** As `oras push` 1.3.1 wrote it. */
const BY_ORAS =
  '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"a/b","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"annotations":{"a":"b"},"data":"e30="},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:092fcfbbcfca3b5be7ae1b5e58538e92c35ab273ae13664fed0d67484c8e78a6","size":2,"annotations":{"org.opencontainers.image.title":"f.txt","x":"y"}}],"annotations":{"m":"\\u003c\\u0026\\u003e","org.opencontainers.image.created":"2026-11-21T01:19:43Z"}}';

test("buildManifest() writes what oras writes for the same content", () => {
  const { bytes, digest } = buildManifest({
    ...NOTHING,
    config: { ...EMPTY_DESCRIPTOR, annotations: { a: "b" } },
    layers: [LAYER],
    annotations: { "org.opencontainers.image.created": "2026-11-21T01:19:43Z", m: "<&>" },
  });
  assert.equal(bytes.toString(), BY_ORAS);
  assert.equal(digest, "sha256:11d88f74487450f098ae0f0a13751364c5c22de9dc1767eb978d948659858f99");
});

test("buildManifest() makes what parseManifestDocument() reads", () => {
  const subject = { ...LAYER, platform: { os: "linux", architecture: "amd64" } };
  const { bytes, mediaType, digest } = buildManifest({ ...NOTHING, layers: [LAYER], annotations: { k: "v" }, subject });
  const document = parseManifestDocument(bytes, mediaType, digest);
  assert.equal(document.kind, "manifest");
  if (document.kind !== "manifest") return;
  assert.deepEqual(document.manifest.layers, [LAYER]);
  assert.equal(document.manifest.artifactType, "a/b");
  assert.deepEqual(document.manifest.annotations, { k: "v" });
  // How some index lists the subject is not part of it.
  assert.deepEqual(JSON.parse(bytes.toString()).subject, { mediaType: LAYER.mediaType, digest: LAYER.digest, size: 2 });
});

test("buildManifest() does not depend on the order of annotations", () => {
  const one = buildManifest({ ...NOTHING, annotations: { b: "1", a: "2", ä: "3", Z: "4" } });
  const other = buildManifest({ ...NOTHING, annotations: { Z: "4", ä: "3", a: "2", b: "1" } });
  assert.equal(one.digest, other.digest);
  assert.match(one.bytes.toString(), /"annotations":\{"Z":"4","a":"2","b":"1","ä":"3"\}/);
});

test("buildManifest() uses the empty descriptor if there is no layer or no config", () => {
  const { config, layers } = JSON.parse(buildManifest(NOTHING).bytes.toString());
  assert.deepEqual(layers, [config]);
  assert.equal(config.data, "e30=");
  assert.equal(EMPTY_DESCRIPTOR.digest, `sha256:${hashHex("sha256", EMPTY_BLOB)}`);
});

const REFUSED: Readonly<Record<string, Partial<ArtifactContent>>> = {
  "an empty config and no artifact type": { artifactType: null },
  "an artifact type without a slash": { artifactType: "signature" },
  "an artifact type with a space": { artifactType: "a/b c" },
  "a layer whose media type is none": { layers: [{ ...LAYER, mediaType: "tar" }] },
  "more than a registry takes": { annotations: { big: "x".repeat(5 * 1024 * 1024) } },
};

for (const [name, change] of Object.entries(REFUSED)) {
  test(`buildManifest() refuses ${name}`, () => {
    assert.throws(
      () => buildManifest({ ...NOTHING, ...change }),
      (error) => hasCode(error, "MANIFEST_INVALID"),
    );
  });
}

test("buildManifest() needs no artifact type if there is a config", () => {
  const { bytes } = buildManifest({ ...NOTHING, artifactType: null, config: { ...LAYER, mediaType: "app/config" } });
  assert.equal("artifactType" in JSON.parse(bytes.toString()), false);
});

test("descriptorOf() describes the document's bytes", () => {
  const built = buildManifest(NOTHING);
  assert.deepEqual(descriptorOf(built), {
    mediaType: built.mediaType,
    digest: built.digest,
    size: built.bytes.length,
    annotations: {},
  });
});

test("platformConfig() writes what oras writes", () => {
  const config = platformConfig({ os: "linux", architecture: "arm", variant: "v5" });
  assert.equal(config.toString(), '{"architecture":"arm","os":"linux","variant":"v5"}');
  assert.equal(platformConfig({ os: "linux", architecture: "amd64" }).length, 37);
});

test("isMediaType() distinguishes types from paths", () => {
  for (const type of ["text/plain", "application/vnd.oci.image.layer.v1.tar+gzip", "text/plain;charset=utf-8", "a/b"]) {
    assert.equal(isMediaType(type), true, type);
  }
  for (const text of ["", "text", "/text", "text/", "a/b/c", "../a", "a/ b", `a/${"b".repeat(200)}`, "a/b\n"]) {
    assert.equal(isMediaType(text), false, text);
  }
});
