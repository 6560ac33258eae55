import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import { PkgError } from "../errors.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { ManifestKey, RawDocument, Target } from "../oci/content.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import { parseManifestDocument } from "../oci/manifest.ts";
import { OCI_INDEX } from "../oci/media-types.ts";
import type { BundledPlace } from "./table.ts";

/** A repository of a registry, as far as it is in a bundle. */
export interface BundledPlaceOptions {
  /** Where the bundle is. */
  readonly place: Target;
  readonly contents: BundledPlace;
  /** Which of its documents are among the blobs. */
  readonly documents: ReadonlySet<Digest>;
  /** For messages. */
  readonly bundle: string;
}

/**
 * The part of a registry's repository that is in a bundle, read as the repository itself would be.
 *
 * @throws {PkgError} HTTP_NOT_FOUND for what is not in it, LAYOUT_INVALID for writing to it
 */
export function bundledPlace(options: BundledPlaceOptions): Target {
  const { place, contents, documents, bundle } = options;
  const { name, tags } = contents;
  const missing = (key: ManifestKey, cause?: unknown) =>
    new PkgError(
      "HTTP_NOT_FOUND",
      `Cannot read "${name}${isDigest(key) ? "@" : ":"}${key}": the bundle "${bundle}" does not have it`,
      {
        hint: `Make a bundle that has it: \`pkg bundle create ${name}${isDigest(key) ? "@" : ":"}${key} -o FILE\``,
        cause,
      },
    );
  const digestOf = (key: ManifestKey): Digest => {
    const digest = isDigest(key) ? key : tags[key];
    if (digest === undefined || (!isDigest(key) && !Object.hasOwn(tags, key))) throw missing(key);
    return digest;
  };
  const fetchDocument = async (key: ManifestKey, signal: AbortSignal): Promise<RawDocument> => {
    const digest = digestOf(key);
    if (!documents.has(digest)) return place.fetchDocument(digest, signal);
    const bytes = await fetchBytes(place, { digest, size: null }, { maxBytes: MAX_MANIFEST_BYTES, signal });
    return { mediaType: OCI_INDEX, digest, bytes };
  };
  const refuse = async (): Promise<never> => {
    throw new PkgError("LAYOUT_INVALID", `Cannot write to "${name}": it is read from the bundle "${bundle}"`);
  };
  return {
    location: name,
    resolve: async (key, signal) => {
      const { mediaType, digest, bytes } = await fetchDocument(key, signal);
      return { mediaType, digest, size: bytes.length, annotations: {} };
    },
    fetchManifest: async (key, signal) => {
      const { bytes, mediaType, digest } = await fetchDocument(key, signal);
      return parseManifestDocument(bytes, mediaType, digest);
    },
    fetchDocument,
    openBlob: (blob, position, signal) => place.openBlob(blob, position, signal),
    listTags: async () => Object.keys(tags),
    listReferrers: (subject, filter, signal) => place.listReferrers(subject, filter, signal),
    ...{ pushBlob: refuse, pushManifest: refuse, deleteManifest: refuse, deleteBlob: refuse },
    hasBlob: (blob, signal) => place.hasBlob(blob, signal),
    hasManifest: (digest, signal) => place.hasManifest(digest, signal),
  };
}
