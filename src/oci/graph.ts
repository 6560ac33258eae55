import { hasCode } from "../errors.ts";
import type { RawDocument } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { type ManifestDocument, parseManifestDocument } from "./manifest.ts";
import { documentKind } from "./media-types.ts";

/** What a document names, in its own order. Its subject is not part of it. */
export interface Named {
  /** A config comes first. */
  readonly blobs: readonly Descriptor[];
  readonly manifests: readonly Descriptor[];
}

const NOTHING: Named = Object.freeze({ blobs: Object.freeze([]), manifests: Object.freeze([]) });

/** Layers that are had elsewhere and need not be where their manifest is (OCI image-spec 1.1, layer.md, "Non-Distributable Layers"). */
const FOREIGN_LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.tar|docker\.image\.rootfs\.foreign\.diff\.tar)(?:[.+](?:gzip|zstd))?$/;

/** True for a layer that may be missing where its manifest is. */
export function isForeignLayer({ mediaType }: Descriptor): boolean {
  return FOREIGN_LAYER.test(mediaType);
}

/**
 * The blobs and manifests that a document names; of a type that is not known: nothing. What an index lists and is of no
 * known type of manifest is a blob.
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

/** The document decoded; null where its type is not known. @throws {PkgError} MANIFEST_INVALID for a damaged one of a known type */
export function parseKnown({ bytes, mediaType, digest }: RawDocument): ManifestDocument | null {
  return documentKind(mediaType) === null ? null : parseManifestDocument(bytes, mediaType, digest);
}

/** The same; null also for a damaged one. */
export function parseAny(document: RawDocument): ManifestDocument | null {
  try {
    return parseKnown(document);
  } catch (error) {
    if (hasCode(error, "MANIFEST_INVALID", "NOT_A_REGISTRY")) return null;
    throw error;
  }
}
