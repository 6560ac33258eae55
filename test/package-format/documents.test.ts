import assert from "node:assert/strict";
import { test } from "node:test";
import { parseManifestDocument } from "../../src/oci/manifest.ts";
import { PACKAGE_TYPE } from "../../src/package/artifact-types.ts";
import { annotationsOf } from "../../src/package-format/annotations.ts";
import {
  isPackageImageIndex,
  layerOf,
  packageImageIndex,
  packageManifest,
  signatureFiles,
} from "../../src/package-format/documents.ts";
import type { Signer } from "../../src/sign/signer.ts";
import { PLAIN, PUBLICATION, programFile } from "./sample-publication.ts";

const ANNOTATIONS = annotationsOf(PUBLICATION, null);

function listed(architecture: string, libc: "static" | "glibc" | "musl" | null) {
  const program = programFile({ platform: { os: "linux", architecture }, libc });
  return {
    ...program,
    manifest: packageManifest([layerOf({ ...program, title: `${architecture}-${libc}` })], ANNOTATIONS),
  };
}

test("annotationsOf() fills the annotations of the image-spec, with a time only when one is given", () => {
  assert.deepEqual(annotationsOf(PUBLICATION, "2025-01-31T12:00:00Z"), {
    "org.opencontainers.image.title": "trurl",
    "org.opencontainers.image.version": "8.14.1",
    "org.opencontainers.image.description": "Changes and reads URLs",
    "org.opencontainers.image.licenses": "curl",
    "org.opencontainers.image.url": "https://curl.se/trurl",
    "org.opencontainers.image.source": "https://github.com/curl/trurl",
    "org.opencontainers.image.documentation": "https://curl.se/trurl/manual.html",
    "org.opencontainers.image.created": "2025-01-31T12:00:00Z",
  });
  assert.deepEqual(Object.keys(annotationsOf(PLAIN, null)), [
    "org.opencontainers.image.title",
    "org.opencontainers.image.version",
  ]);
});

test("packageManifest() is an artifact with the spec's empty config and a title on every layer", () => {
  const built = packageManifest([layerOf(programFile())], ANNOTATIONS);
  const document = parseManifestDocument(built.bytes, built.mediaType, built.digest);
  assert.ok(document.kind === "manifest");
  const { config, layers, artifactType, annotations } = document.manifest;
  assert.equal(artifactType, PACKAGE_TYPE);
  assert.equal(config?.mediaType, "application/vnd.oci.empty.v1+json");
  assert.deepEqual(annotations, ANNOTATIONS);
  assert.deepEqual(
    layers.map((layer) => layer.annotations),
    [{ "org.opencontainers.image.title": "trurl" }],
  );
});

test("packageImageIndex() does not depend on the order, and lists first what most machines can run", () => {
  const items = [listed("arm64", "glibc"), listed("amd64", "musl"), listed("amd64", null), listed("amd64", "glibc")];
  const index = packageImageIndex(items, ANNOTATIONS);
  assert.deepEqual(packageImageIndex(items.toReversed(), ANNOTATIONS).bytes, index.bytes);
  const document = parseManifestDocument(index.bytes, index.mediaType, index.digest);
  assert.ok(document.kind === "index");
  assert.deepEqual(document.index.annotations, { ...ANNOTATIONS, "vnd.pkg.type": PACKAGE_TYPE });
  assert.ok(isPackageImageIndex(document.index));
  assert.deepEqual(
    document.index.manifests.map(({ platform }) => platform),
    [
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "amd64", osFeatures: ["libc.glibc"] },
      { os: "linux", architecture: "amd64", osFeatures: ["libc.musl"] },
      { os: "linux", architecture: "arm64", osFeatures: ["libc.glibc"] },
    ],
  );
  assert.doesNotMatch(index.bytes.toString(), /artifactType/, "a client older than image-spec 1.1 drops it");
});

test("signatureFiles() is a file for each key, with its signature of that file and no time but a given one", () => {
  const asked: unknown[] = [];
  const signer = (keyId: string): Signer => ({
    keyId,
    publicKey: "",
    sign: (content) => {
      asked.push(content);
      return Buffer.from(`${keyId}\n`);
    },
  });
  const program = programFile();
  const files = signatureFiles(program, [signer("A"), signer("B")], null);
  assert.deepEqual(
    files.map(({ title, bytes }) => [title, bytes.toString()]),
    [
      ["trurl.sig", "A\n"],
      ["trurl.B.sig", "B\n"],
    ],
  );
  const content = { blake2b512: program.blake2b512, fileName: "trurl", timestamp: null };
  assert.deepEqual(asked, [content, content]);
});
