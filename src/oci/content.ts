import type { OnProgress } from "../base/on-progress.ts";
import type { PkgError } from "../errors.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { ManifestDocument } from "./manifest.ts";

/** A tag or a digest; isDigest() tells them apart. */
export type ManifestKey = string;

/** A document of any media type, as bytes. */
export interface RawDocument {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly bytes: Buffer;
}

/** Where to start reading a blob; `validator` is from an earlier stream of the same blob, or null. */
export interface BlobPosition {
  /** Bytes. */
  readonly offset: number;
  readonly validator: string | null;
}

/** Who sends the bytes of a blob that others may have as well. */
export interface BlobSender {
  /**
   * Takes note that what it sent is not the blob, so that it is not asked for that again. Null if another may be asked in its
   * place; else the error to report, with what others have answered before.
   */
  refuse(error: PkgError): PkgError | null;
}

/** A blob's bytes from `offset` on. */
export interface BlobStream {
  /** Where `body` starts: the requested offset, or 0 if the server starts over. */
  readonly offset: number;
  /** The size of the whole blob in bytes, as the place announces it; null if it does not. */
  readonly size: number | null;
  /** A strong ETag for resuming; null if there is none. */
  readonly validator: string | null;
  readonly body: AsyncIterable<Uint8Array>;
  /** Absent: nobody else has the blob. */
  readonly sender?: BlobSender;
}

/** How a place is read. */
export interface ReadOptions {
  /** The maximum number of attempts, for callers with an alternative. Default: the place's own retry policy. */
  readonly attempts?: number;
}

/** Which referrers to list. */
export interface ReferrersFilter {
  /** Null: any type. */
  readonly artifactType: string | null;
  /** False: the caller checks itself that the listed manifests refer to the subject. */
  readonly verifySubject?: boolean;
}

/** The readable content of one repository: in a registry, an OCI layout directory, a tar of one, or memory. */
export interface Source {
  /** As a person writes it, without tag and digest: `ghcr.io/a/b`, `oci:dir`, `oci-archive:file.tar`. */
  readonly location: string;
  /**
   * The descriptor of what a tag or digest names, without fetching its content if the place allows that. Its
   * `annotations` and `platform` are those that the place lists, if any.
   *
   * @throws {PkgError} HTTP_NOT_FOUND if it does not exist, from every kind of place; and those of the place
   */
  resolve(key: ManifestKey, signal: AbortSignal): Promise<Descriptor>;
  /**
   * The document that a tag or digest names, verified and decoded.
   *
   * @throws {PkgError} as resolve; MANIFEST_INVALID, DIGEST_MISMATCH
   */
  fetchManifest(key: ManifestKey, signal: AbortSignal, options?: ReadOptions): Promise<ManifestDocument>;
  /** The document as bytes, of any media type, verified. @throws {PkgError} as resolve; DIGEST_MISMATCH */
  fetchDocument(key: ManifestKey, signal: AbortSignal): Promise<RawDocument>;
  /**
   * Opens a blob at a position: a single attempt, not verified (verifiedBlob() retries and verifies).
   *
   * @throws {PkgError} HTTP_NOT_FOUND, SIZE_MISMATCH; and those of the place
   */
  openBlob(blob: BlobAddress, position: BlobPosition, signal: AbortSignal): Promise<BlobStream>;
  /** All tags, in the place's own order. */
  listTags(signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Descriptors of the manifests whose `subject` is this digest, with `artifactType` and the manifest's annotations.
   */
  listReferrers(subject: Digest, filter: ReferrersFilter, signal: AbortSignal): Promise<readonly Descriptor[]>;
}

/** What identifies a blob; `size` in bytes, null if unknown. */
export interface BlobAddress {
  readonly digest: Digest;
  readonly size: number | null;
}

/** A blob to write. */
export interface BlobUpload {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /**
   * Opens the bytes from `offset` on, once per attempt. The memory of a chunk may be used again once the one after the next
   * is requested: who keeps a chunk copies it. A reader that stops early calls the iterator's `return()`.
   */
  readonly open: (offset: number, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;
  /** Another repository of the same registry that may have the blob, e.g. `library/alpine`; null: none known. */
  readonly mountFrom: string | null;
  /** Called with the bytes that the target holds so far; never more than `size`. */
  readonly onProgress?: OnProgress;
}

/** How a blob came to be in the target. */
export interface BlobWritten {
  readonly how: "existed" | "mounted" | "sent";
  /** Body bytes that were sent, including repeats. */
  readonly bytesSent: number;
}

/** A manifest or image index to write. */
export interface ManifestUpload {
  /** Written byte for byte. */
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** The digest of `bytes`. */
  readonly digest: Digest;
  /** The tag to set; null: none, only the digest names it. */
  readonly tag: string | null;
}

/** The result of writing a manifest. */
export interface ManifestWritten {
  /**
   * What lists it among its subject's referrers: the registry, or the fallback tag; null if it has no subject, or if
   * the place keeps no list.
   */
  readonly listedBy: "registry" | "tag" | null;
}

/** A place that can also be written. What a manifest names must be written before it. */
export interface Target extends Source {
  /** Writes a blob unless the place has it; it appears only if its bytes match its digest. */
  pushBlob(blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten>;
  /**
   * Writes a manifest or image index. If it has a `subject`, the place lists it among the subject's referrers; in a
   * registry without the referrers API, the fallback tag does.
   *
   * @see OCI distribution-spec 1.1, "Pushing Manifests with Subject"
   */
  pushManifest(manifest: ManifestUpload, signal: AbortSignal): Promise<ManifestWritten>;
  /** True if the place has the blob, with that size if it is given. */
  hasBlob(blob: BlobAddress, signal: AbortSignal): Promise<boolean>;
  /** True if the place has the manifest or image index. */
  hasManifest(digest: Digest, signal: AbortSignal): Promise<boolean>;
  /** Deletes a tag, or a manifest by its digest together with all its tags. @throws {PkgError} HTTP_NOT_FOUND */
  deleteManifest(key: ManifestKey, signal: AbortSignal): Promise<void>;
  /** Deletes a blob. @throws {PkgError} HTTP_NOT_FOUND */
  deleteBlob(digest: Digest, signal: AbortSignal): Promise<void>;
}
