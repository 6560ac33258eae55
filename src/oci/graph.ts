import { asObject, parseJsonOrNull } from "../base/json.ts";
import { hasCode } from "../errors.ts";
import type { RawDocument } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";
import { type ManifestDocument, parseManifestDocument } from "./manifest.ts";
import { documentKind } from "./media-types.ts";

/** The content that a document names, in its order. The subject is not included. */
export interface Named {
  /** The config comes first. */
  readonly blobs: readonly Descriptor[];
  readonly manifests: readonly Descriptor[];
}

const NOTHING: Named = Object.freeze({ blobs: Object.freeze([]), manifests: Object.freeze([]) });

/**
 * Layers that may be missing from their manifest's repository (OCI image-spec 1.1, layer.md, "Non-Distributable
 * Layers").
 */
const FOREIGN_LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.tar|docker\.image\.rootfs\.foreign\.diff\.tar)(?:[.+](?:gzip|zstd))?$/;

/** True for a non-distributable layer, which may be missing from its manifest's repository. */
export function isForeignLayer({ mediaType }: Descriptor): boolean {
  return FOREIGN_LAYER.test(mediaType);
}

/**
 * The blobs and manifests that a document names; none for a document of an unknown type. Index entries of unknown types
 * count as blobs.
 */
export function namedBy(document: RawDocument): Named {
  const parsed = parseKnown(document);
  return parsed === null ? NOTHING : namedIn(parsed);
}

/** The blobs and manifests that a decoded document names. */
export function namedIn(document: ManifestDocument): Named {
  if (document.kind === "manifest") {
    const { config, layers } = document.manifest;
    return { blobs: config === null ? layers : [config, ...layers], manifests: [] };
  }
  const { manifests } = document.index;
  const isManifest = ({ mediaType }: Descriptor) => documentKind(mediaType) !== null;
  return { blobs: manifests.filter((child) => !isManifest(child)), manifests: manifests.filter(isManifest) };
}

/** Fields that name content by its digest: of descriptors, and of the layers of Docker's schema 1. */
const DIGEST_FIELDS: readonly string[] = ["digest", "blobSum"];

/**
 * The digests that a JSON document of any type names in its fields, at any depth, but for its subject. Nothing tells which
 * of them are blobs. None for bytes that are not JSON.
 */
export function digestsIn(bytes: Buffer): readonly Digest[] {
  const found = new Set<Digest>();
  const { subject: _, ...document } = asObject(parseJsonOrNull(bytes)) ?? {};
  const left: unknown[] = [document];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === "object") left.push(inner);
      else if (typeof inner === "string" && DIGEST_FIELDS.includes(key) && isDigest(inner)) found.add(inner);
    }
  }
  return [...found];
}

/** True for a document of an unknown type that names other content, or may do so, as its form is not known either. */
export function isOpaque({ bytes, mediaType }: Pick<RawDocument, "bytes" | "mediaType">): boolean {
  if (documentKind(mediaType) !== null) return false;
  return asObject(parseJsonOrNull(bytes)) === null || digestsIn(bytes).length > 0;
}

/** Decodes a document; null if its type is unknown. @throws {PkgError} MANIFEST_INVALID if it is damaged */
export function parseKnown({ bytes, mediaType, digest }: RawDocument): ManifestDocument | null {
  return documentKind(mediaType) === null ? null : parseManifestDocument(bytes, mediaType, digest);
}

/** As parseKnown(), but null for a damaged document too. */
export function parseAny(document: RawDocument): ManifestDocument | null {
  try {
    return parseKnown(document);
  } catch (error) {
    if (hasCode(error, "MANIFEST_INVALID", "NOT_A_REGISTRY")) return null;
    throw error;
  }
}
