import { hashHex } from "../../src/base/hashes.ts";
import { INDEX_LAYER, INDEX_SIGNATURE_LAYER } from "../../src/index/index-artifact.ts";
import { type Digest, sha256Digest } from "../../src/oci/digest.ts";
import { OCI_EMPTY, OCI_MANIFEST } from "../../src/oci/media-types.ts";
import { INDEX_ARTIFACT_TYPE } from "../../src/package/artifact-types.ts";
import type { RegistryContent } from "./registry-content.ts";

export interface IndexArtifact {
  readonly index: Buffer;
  /** Null: the artifact has no such layer. */
  readonly signatures: Buffer | null;
}

const EMPTY = Buffer.from("{}");

function digestOf(bytes: Uint8Array): Digest {
  return sha256Digest(hashHex("sha256", bytes));
}

/** Puts an index into a registry, by its tag; gives the digest of its layer. */
export function addIndex(content: RegistryContent, repository: string, tag: string, artifact: IndexArtifact): Digest {
  const files = [
    [INDEX_LAYER, artifact.index] as const,
    ...(artifact.signatures === null ? [] : [[INDEX_SIGNATURE_LAYER, artifact.signatures] as const]),
  ];
  const layers = files.map(([{ title, mediaType }, bytes]) => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
    annotations: { "org.opencontainers.image.title": title },
  }));
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: INDEX_ARTIFACT_TYPE,
    config: { mediaType: OCI_EMPTY, digest: digestOf(EMPTY), size: EMPTY.length },
    layers,
  };
  for (const [, bytes] of files) content.addBlob(repository, digestOf(bytes), bytes);
  content.addManifest(repository, tag, Buffer.from(JSON.stringify(manifest)));
  return digestOf(artifact.index);
}
