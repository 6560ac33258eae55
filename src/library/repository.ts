import { uninterrupted } from "../base/retry.ts";
import type {
  BlobAddress,
  BlobPosition,
  BlobStream,
  BlobUpload,
  BlobWritten,
  ManifestKey,
  ManifestUpload,
  ManifestWritten,
  RawDocument,
  ReadOptions,
  ReferrersFilter,
  Target,
} from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { ManifestDocument } from "../oci/manifest.ts";

/**
 * One repository to read from and write to: of a registry, in an OCI layout, in a tar of one, in memory. A Target whose
 * signals may be left out; then nothing interrupts. What is not there is an error that isNotFound() tells.
 */
export interface Repository extends Target {
  /** The descriptor of what a tag or digest names. @throws {PkgError} HTTP_NOT_FOUND; REFERENCE_INVALID; and those of the place */
  resolve(key: ManifestKey, signal?: AbortSignal): Promise<Descriptor>;
  /** The manifest or image index a tag or digest names, verified. @throws {PkgError} as resolve; MANIFEST_INVALID, DIGEST_MISMATCH */
  fetchManifest(key: ManifestKey, signal?: AbortSignal, options?: ReadOptions): Promise<ManifestDocument>;
  /** The same as bytes, of any media type, verified. @throws {PkgError} as resolve; DIGEST_MISMATCH */
  fetchDocument(key: ManifestKey, signal?: AbortSignal): Promise<RawDocument>;
  /** A blob's bytes from a position on: one attempt, not verified. fetchBytes(), fetchFile() and verifiedBlob() do both. */
  openBlob(blob: BlobAddress, position: BlobPosition, signal?: AbortSignal): Promise<BlobStream>;
  /** In the place's own order. */
  listTags(signal?: AbortSignal): Promise<readonly string[]>;
  /** Descriptors of the manifests whose `subject` is this digest. Default filter: of any type. */
  listReferrers(subject: Digest, filter?: ReferrersFilter, signal?: AbortSignal): Promise<readonly Descriptor[]>;
  /** Writes a blob unless it is there. pushBytes() and pushFile() call it. @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH; those of the place */
  pushBlob(blob: BlobUpload, signal?: AbortSignal): Promise<BlobWritten>;
  /** Writes a manifest or image index whose blobs are there. packManifest() calls it. @throws {PkgError} LAYER_MISSING, DIGEST_MISMATCH */
  pushManifest(manifest: ManifestUpload, signal?: AbortSignal): Promise<ManifestWritten>;
  hasBlob(blob: BlobAddress, signal?: AbortSignal): Promise<boolean>;
  hasManifest(digest: Digest, signal?: AbortSignal): Promise<boolean>;
  /** Removes a tag, or a manifest by its digest with every tag of it. @throws {PkgError} HTTP_NOT_FOUND; HTTP_UNEXPECTED where it is not allowed */
  deleteManifest(key: ManifestKey, signal?: AbortSignal): Promise<void>;
  /** @throws {PkgError} as deleteManifest */
  deleteBlob(digest: Digest, signal?: AbortSignal): Promise<void>;
}

const ANY_TYPE: ReferrersFilter = Object.freeze({ artifactType: null });

/** The same place with its signals made optional. */
export function repositoryOf(target: Target): Repository {
  return {
    ...target,
    resolve: (key, signal = uninterrupted()) => target.resolve(key, signal),
    fetchManifest: (key, signal = uninterrupted(), options) => target.fetchManifest(key, signal, options),
    fetchDocument: (key, signal = uninterrupted()) => target.fetchDocument(key, signal),
    openBlob: (blob, position, signal = uninterrupted()) => target.openBlob(blob, position, signal),
    listTags: (signal = uninterrupted()) => target.listTags(signal),
    listReferrers: (subject, filter = ANY_TYPE, signal = uninterrupted()) =>
      target.listReferrers(subject, filter, signal),
    pushBlob: (blob, signal = uninterrupted()) => target.pushBlob(blob, signal),
    pushManifest: (manifest, signal = uninterrupted()) => target.pushManifest(manifest, signal),
    hasBlob: (blob, signal = uninterrupted()) => target.hasBlob(blob, signal),
    hasManifest: (digest, signal = uninterrupted()) => target.hasManifest(digest, signal),
    deleteManifest: (key, signal = uninterrupted()) => target.deleteManifest(key, signal),
    deleteBlob: (digest, signal = uninterrupted()) => target.deleteBlob(digest, signal),
  };
}
