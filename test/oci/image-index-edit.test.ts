import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import type { Descriptor } from "../../src/oci/descriptor.ts";
import { parseDigest } from "../../src/oci/digest.ts";
import { buildIndex, editIndex } from "../../src/oci/image-index-edit.ts";
import { parseManifestDocument } from "../../src/oci/manifest.ts";
import { DOCKER_MANIFEST_LIST, OCI_INDEX, OCI_MANIFEST } from "../../src/oci/media-types.ts";

function manifest(digit: string, architecture: string): Descriptor {
  const digest = parseDigest(`sha256:${digit.repeat(64)}`);
  return { mediaType: OCI_MANIFEST, digest, size: 7, annotations: {}, platform: { os: "linux", architecture } };
}

const AMD64 = manifest("a", "amd64");
const ARM64 = manifest("b", "arm64");
const EMPTY = { manifests: [], annotations: {}, artifactType: null, subject: null };

test("buildIndex() makes what parseManifestDocument() reads", () => {
  const subject = { ...ARM64, annotations: { not: "kept" } };
  const built = buildIndex({ manifests: [AMD64, ARM64], annotations: { k: "v" }, artifactType: "a/b", subject });
  const document = parseManifestDocument(built.bytes, OCI_INDEX, built.digest);
  assert.equal(document.kind, "index");
  if (document.kind !== "index") return;
  assert.deepEqual(document.index.manifests, [AMD64, ARM64]);
  assert.deepEqual(document.index.annotations, { k: "v" });
  const { artifactType, subject: written } = JSON.parse(built.bytes.toString());
  assert.equal(artifactType, "a/b");
  assert.deepEqual(written, { mediaType: OCI_MANIFEST, digest: ARM64.digest, size: 7 });
});

test("buildIndex() may be of nothing", () => {
  const { bytes } = buildIndex(EMPTY);
  assert.equal(bytes.toString(), `{"schemaVersion":2,"mediaType":"${OCI_INDEX}","manifests":[]}`);
});

test("editIndex() adds, and puts an entry in the place of the one with its digest", () => {
  const first = buildIndex({ ...EMPTY, manifests: [AMD64] });
  const both = editIndex(first.bytes, { add: [ARM64] });
  assert.deepEqual(platforms(both.bytes), ["amd64", "arm64"]);
  const again = editIndex(both.bytes, { add: [{ ...AMD64, platform: { os: "linux", architecture: "386" } }] });
  assert.deepEqual(platforms(again.bytes), ["386", "arm64"]);
  assert.equal(editIndex(both.bytes, { add: [ARM64] }).digest, both.digest);
});

test("editIndex() removes by digest", () => {
  const both = buildIndex({ ...EMPTY, manifests: [AMD64, ARM64] });
  assert.deepEqual(platforms(editIndex(both.bytes, { remove: [AMD64.digest] }).bytes), ["arm64"]);
  assert.throws(
    () => editIndex(both.bytes, { remove: [manifest("c", "x").digest] }),
    (error) => hasCode(error, "HTTP_NOT_FOUND"),
  );
});

test("editIndex() changes and removes annotations", () => {
  const index = buildIndex({ ...EMPTY, annotations: { keep: "1", change: "2", remove: "3" } });
  const { bytes } = editIndex(index.bytes, { annotations: { change: "4", remove: null, add: "5" } });
  assert.deepEqual(JSON.parse(bytes.toString()).annotations, { add: "5", change: "4", keep: "1" });
});

test("editIndex() keeps the type and the fields it does not know", () => {
  const entry = {
    mediaType: OCI_MANIFEST,
    digest: AMD64.digest,
    size: 7,
    platform: { os: "windows", architecture: "amd64", "os.version": "10" },
  };
  const list = { schemaVersion: 2, mediaType: DOCKER_MANIFEST_LIST, unknown: { a: 1 }, manifests: [entry] };
  const edited = editIndex(Buffer.from(JSON.stringify(list)), { add: [ARM64] });
  const { manifests, ...rest } = JSON.parse(edited.bytes.toString());
  assert.equal(edited.mediaType, DOCKER_MANIFEST_LIST);
  assert.deepEqual(rest, { schemaVersion: 2, mediaType: DOCKER_MANIFEST_LIST, unknown: { a: 1 } });
  assert.deepEqual(manifests[0], entry);
});

test("editIndex() refuses a manifest", () => {
  const manifestBytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config: { ...AMD64 }, layers: [] }),
  );
  assert.throws(
    () => editIndex(manifestBytes, {}),
    (error) => hasCode(error, "MANIFEST_INVALID"),
  );
});

function platforms(bytes: Buffer): readonly string[] {
  const document = parseManifestDocument(bytes, null, null);
  return document.kind === "index" ? document.index.manifests.map((entry) => entry.platform?.architecture ?? "") : [];
}
