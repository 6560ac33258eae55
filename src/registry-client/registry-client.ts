import type { RetryPolicy, Sleep } from "../base/retry.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import type {
  BlobStream,
  BlobUpload,
  BlobWritten,
  ManifestUpload,
  ManifestWritten,
  RawDocument,
} from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { ManifestDocument } from "../oci/manifest.ts";
import type { Reference } from "../oci/reference.ts";
import type { FetchBlobRequest, FoundBlob, HeadBlobRequest, OpenBlobRequest } from "./blobs.ts";
import type { EndpointSources } from "./endpoints.ts";
import type { ListRange } from "./pages.ts";

/** A client's question for the manifests that refer to a digest. */
export interface ListReferrersRequest {
  /** Which repository; its tag and digest say nothing here. */
  readonly reference: Reference;
  readonly subject: Digest;
  /** Null: of any type. */
  readonly artifactType: string | null;
  /**
   * Whether each is fetched to see that it does refer to the subject. Absent: where the list is one that anyone who may
   * push can write, which is that of the fallback tag.
   */
  readonly verifySubject?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads from registries and writes to them; all but openBlob is retried. What names content by its digest is asked of the
 * mirrors in order, then of the registry itself unless mirrors must do; so are tags to be fetched or listed. All else
 * goes to the registry itself, what is only read to the mirrors where the config allows nothing else.
 */
export interface RegistryClient {
  /**
   * The manifest or image index that a reference names, by digest when it has one, else by tag; retried, at most
   * `attempts` times where that is given.
   *
   * @throws {PkgError} REFERENCE_INVALID without tag and digest; HTTP_NOT_FOUND, HTTP_UNAUTHORIZED, HTTP_FORBIDDEN,
   * NOT_A_REGISTRY, MANIFEST_INVALID, DIGEST_MISMATCH, BODY_TOO_LARGE, INTERRUPTED, and those of the network
   */
  fetchManifest(reference: Reference, signal: AbortSignal, attempts?: number): Promise<ManifestDocument>;
  /** The same as it lies there, whatever its type. @throws {PkgError} as fetchManifest */
  fetchDocument(reference: Reference, signal: AbortSignal): Promise<RawDocument>;
  /** The descriptor of what a reference names, without its content where the registry can tell. @throws {PkgError} as fetchManifest */
  resolve(reference: Reference, signal: AbortSignal): Promise<Descriptor>;
  hasManifest(reference: Reference, signal: AbortSignal): Promise<boolean>;
  /**
   * Writes a manifest into the repository of `reference`, under its tag or by its digest. Where it has a `subject` and the
   * registry does not list referrers itself, it is added to the list under the fallback tag.
   *
   * @throws {PkgError} LAYER_MISSING when the registry lacks what it names; BODY_TOO_LARGE, DIGEST_MISMATCH, MANIFEST_INVALID when
   * the fallback tag names something else, STATE_CHANGED when others keep changing it, CONFIG_INVALID with `mirror_only`
   * @see OCI distribution-spec 1.1, "Pushing Manifests", "Pushing Manifests with Subject"
   */
  putManifest(reference: Reference, manifest: ManifestUpload, signal: AbortSignal): Promise<ManifestWritten>;
  /**
   * Deletes a manifest by its digest, and takes it out of a fallback list of referrers; or a tag, where there is no digest.
   *
   * @throws {PkgError} HTTP_NOT_FOUND; HTTP_UNEXPECTED with a hint where the registry allows no deleting
   * @see OCI distribution-spec 1.1, "Content Management"
   */
  deleteManifest(reference: Reference, signal: AbortSignal): Promise<void>;
  /**
   * Opens a blob at an offset: one attempt, the caller retries, hashes and counts. Its digest is not checked here.
   *
   * @throws {PkgError} SIZE_MISMATCH when the server announces another size; HTTP_UNEXPECTED for another part than
   * was asked for; as fetchManifest
   */
  openBlob(request: OpenBlobRequest): Promise<BlobStream>;
  /**
   * A whole small blob, verified.
   *
   * @throws {PkgError} BODY_TOO_LARGE over `maxBytes`; SIZE_MISMATCH, DIGEST_MISMATCH; as fetchManifest
   */
  fetchBlob(request: FetchBlobRequest): Promise<Buffer>;
  /** What the registry says of a blob; null when it does not have it. @throws {PkgError} SIZE_MISMATCH; as fetchManifest */
  headBlob(request: HeadBlobRequest): Promise<FoundBlob | null>;
  /** Writes a blob into the repository of `reference`, unless it is there. @throws {PkgError} as pushBlob of push-blob.ts */
  pushBlob(reference: Reference, blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten>;
  /** @throws {PkgError} as deleteManifest */
  deleteBlob(reference: Reference, digest: Digest, signal: AbortSignal): Promise<void>;
  /**
   * The manifests that refer to a digest: from the registry's own list, else from the one under the fallback tag.
   *
   * @throws {PkgError} REDIRECT_FORBIDDEN, HTTP_UNEXPECTED as listTags; as fetchManifest
   * @see OCI distribution-spec 1.1, "Listing Referrers"
   */
  listReferrers(request: ListReferrersRequest): Promise<readonly Descriptor[]>;
  /**
   * Tags of the repository, all unless a range is given, in the registry's order.
   *
   * @throws {PkgError} REDIRECT_FORBIDDEN when a page leads to another host; HTTP_UNEXPECTED; as fetchManifest
   * @see OCI distribution-spec 1.1, "Listing Tags"
   */
  listTags(reference: Reference, signal: AbortSignal, range?: ListRange): Promise<readonly string[]>;
  /** The names of a registry's repositories, where it tells them. @throws {PkgError} as listTags */
  listCatalog(registry: string, signal: AbortSignal, range?: ListRange): Promise<readonly string[]>;
  /** Opens a connection to the endpoint that is asked first; never throws. */
  warm(registry: string): void;
}

export interface RegistryClientOptions extends EndpointSources {
  readonly http: HttpClient;
  readonly retry: RetryPolicy;
  /** Where uploads under way are remembered, so that the next process continues them; unless given, they are not. */
  readonly uploadDirectory?: string;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Asked once a registry wants to know who asks; absent: everything is asked anonymously. */
  readonly credentials?: Credentials;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  /** Waits between tries; for tests. */
  readonly sleep?: Sleep;
}
