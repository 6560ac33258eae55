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
 * One repository to read from and write to: in a registry, an OCI layout, a tar of one, or memory. It is a Target whose
 * signals may be left out, in which case nothing interrupts it. For what does not exist it throws an error of which
 * isNotFound() is true.
 */
export interface Repository extends Target {
  /**
   * The descriptor of what a tag or digest names.
   *
   * @throws {PkgError} HTTP_NOT_FOUND; REFERENCE_INVALID; and those of the place
   */
  resolve(key: ManifestKey, signal?: AbortSignal): Promise<Descriptor>;
  /**
   * The manifest or image index that a tag or digest names, verified.
   *
   * @throws {PkgError} as resolve; MANIFEST_INVALID, DIGEST_MISMATCH
   */
  fetchManifest(key: ManifestKey, signal?: AbortSignal, options?: ReadOptions): Promise<ManifestDocument>;
  /** The same as bytes, of any media type, verified. @throws {PkgError} as resolve; DIGEST_MISMATCH */
  fetchDocument(key: ManifestKey, signal?: AbortSignal): Promise<RawDocument>;
  /** Bytes of a blob from a position on: one attempt, unverified; fetchBytes() and fetchFile() retry and verify. */
  openBlob(blob: BlobAddress, position: BlobPosition, signal?: AbortSignal): Promise<BlobStream>;
  /** All tags, in the place's own order. */
  listTags(signal?: AbortSignal): Promise<readonly string[]>;
  /** Descriptors of the manifests whose `subject` is this digest. Default filter: of any type. */
  listReferrers(subject: Digest, filter?: ReferrersFilter, signal?: AbortSignal): Promise<readonly Descriptor[]>;
  /**
   * Writes a blob unless it exists already. pushBytes() and pushFile() call it.
   *
   * @throws {PkgError} DIGEST_MISMATCH, SIZE_MISMATCH; those of the place
   */
  pushBlob(blob: BlobUpload, signal?: AbortSignal): Promise<BlobWritten>;
  /**
   * Writes a manifest or image index whose blobs exist already. packManifest() calls it.
   *
   * @throws {PkgError} LAYER_MISSING, DIGEST_MISMATCH
   */
  pushManifest(manifest: ManifestUpload, signal?: AbortSignal): Promise<ManifestWritten>;
  hasBlob(blob: BlobAddress, signal?: AbortSignal): Promise<boolean>;
  hasManifest(digest: Digest, signal?: AbortSignal): Promise<boolean>;
  /**
   * Removes a tag, or by its digest a manifest and all of its tags.
   *
   * @throws {PkgError} HTTP_NOT_FOUND; HTTP_UNEXPECTED where deleting is not allowed
   */
  deleteManifest(key: ManifestKey, signal?: AbortSignal): Promise<void>;
  /** Removes a blob. @throws {PkgError} as deleteManifest */
  deleteBlob(digest: Digest, signal?: AbortSignal): Promise<void>;
}

const ANY_TYPE: ReferrersFilter = Object.freeze({ artifactType: null });

/** The same place with optional signals. */
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
