import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { ManifestDocument } from "./manifest.ts";

/** A tag or a digest: `isDigest()` tells which. */
export type ManifestKey = string;

/** A manifest of any media type, as bytes. */
export interface RawDocument {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** Where in a blob to begin; `validator` as an earlier stream of the same blob gave it. */
export interface BlobPosition {
  /** Bytes. */
  readonly offset: number;
  readonly validator: string | null;
}

/** A blob's bytes from `offset` on. */
export interface BlobStream {
  /** Where `body` begins: the offset asked for, or 0 when the server starts anew. */
  readonly offset: number;
  /** Bytes of the whole blob, as the place announces them; null when it does not. */
  readonly size: number | null;
  /** A strong ETag, to resume with. */
  readonly validator: string | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/** How a place is asked. */
export interface ReadOptions {
  /** Tries at most, for callers that have another way; unless given, as the place repeats its requests. */
  readonly attempts?: number;
}

/** Which referrers are wanted. */
export interface ReferrersFilter {
  /** Null: of any type. */
  readonly artifactType: string | null;
  /** False: the caller checks by itself that what is listed refers to the subject. */
  readonly verifySubject?: boolean;
}

/** One repository's content to read: in a registry, in an OCI layout directory, in a tar of one, in memory. */
export interface Source {
  /** As a person writes it, without tag and digest: `ghcr.io/a/b`, `oci:dir`, `oci-archive:file.tar`. */
  readonly location: string;
  /**
   * The descriptor of what a tag or digest names, without its content where the place can tell; its `annotations` and
   * `platform` are those the place itself gives, if any.
   *
   * @throws {PkgError} HTTP_NOT_FOUND when it is not there, of any place; and those of the place
   */
  resolve(key: ManifestKey, signal: AbortSignal): Promise<Descriptor>;
  /** The document a tag or digest names, verified against its digest. @throws {PkgError} as resolve; MANIFEST_INVALID, DIGEST_MISMATCH */
  fetchManifest(key: ManifestKey, signal: AbortSignal, options?: ReadOptions): Promise<ManifestDocument>;
  /** The same as it lies there, of any media type, known or not; its digest verified. @throws {PkgError} as resolve; DIGEST_MISMATCH */
  fetchDocument(key: ManifestKey, signal: AbortSignal): Promise<RawDocument>;
  /**
   * A blob's bytes from a position on: one attempt, not verified (verifiedBlob does both).
   *
   * @throws {PkgError} HTTP_NOT_FOUND, SIZE_MISMATCH; and those of the place
   */
  openBlob(blob: BlobAddress, position: BlobPosition, signal: AbortSignal): Promise<BlobStream>;
  /** In the place's own order. */
  listTags(signal: AbortSignal): Promise<readonly string[]>;
  /** Descriptors of the manifests whose `subject` is this digest, with `artifactType` and the manifest's annotations. */
  listReferrers(subject: Digest, filter: ReferrersFilter, signal: AbortSignal): Promise<readonly Descriptor[]>;
}

/** Enough to find a blob; `size` in bytes, null when it is not known. */
export interface BlobAddress {
  readonly digest: Digest;
  readonly size: number | null;
}

/** A blob to be written. */
export interface BlobUpload {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** The bytes from `offset` on; called anew for each try. A reader that stops early returns the iterator. */
  readonly open: (offset: number, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  /** Another repository of the same registry that may hold it, e.g. `library/alpine`; null: none is known. */
  readonly mountFrom: string | null;
  /** Told of the bytes the target holds so far; never more than `size`. */
  readonly onProgress?: (bytes: number) => void;
}

/** What became of a blob that was to be written. */
export interface BlobWritten {
  readonly how: "existed" | "mounted" | "sent";
  /** Body bytes that were sent, repeats included. */
  readonly bytesSent: number;
}

/** A manifest or image index to be written. */
export interface ManifestUpload {
  /** Kept byte for byte. */
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** Of `bytes`. */
  readonly digest: Digest;
  /** Tags it; null: by digest alone. */
  readonly tag: string | null;
}

/** What became of a manifest that was written. */
export interface ManifestWritten {
  /** Who lists it among the referrers of its subject: the registry, or the fallback tag; null when it has no subject, or the place keeps no list. */
  readonly listedBy: "registry" | "tag" | null;
}

/** A place that can be written too. What a manifest names must be there before it. */
export interface Target extends Source {
  /** Writes a blob unless it is there; nothing appears under its digest unless the bytes hash to it. */
  pushBlob(blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten>;
  /**
   * Writes a manifest or image index. Where it has a `subject`, the place lists it among the subject's referrers; a
   * registry without the referrers API gets the fallback tag.
   *
   * @see OCI distribution-spec 1.1, "Pushing Manifests with Subject"
   */
  pushManifest(manifest: ManifestUpload, signal: AbortSignal): Promise<ManifestWritten>;
  hasBlob(blob: BlobAddress, signal: AbortSignal): Promise<boolean>;
  hasManifest(digest: Digest, signal: AbortSignal): Promise<boolean>;
  /** Removes a tag, or a manifest by its digest with every tag of it. @throws {PkgError} HTTP_NOT_FOUND */
  deleteManifest(key: ManifestKey, signal: AbortSignal): Promise<void>;
  /** @throws {PkgError} HTTP_NOT_FOUND */
  deleteBlob(digest: Digest, signal: AbortSignal): Promise<void>;
}
