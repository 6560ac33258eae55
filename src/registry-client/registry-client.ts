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

/** A request for the manifests that refer to a digest. */
export interface ListReferrersRequest {
  /** The repository; its tag and digest are ignored. */
  readonly reference: Reference;
  readonly subject: Digest;
  /** Null: any type. */
  readonly artifactType: string | null;
  /**
   * Whether each is fetched to check that it refers to the subject. Absent: only for the list under the fallback tag,
   * which anyone who may push can write.
   */
  readonly verifySubject?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads from registries and writes to them; everything except openBlob is retried. Content named by digest, and tags to
 * fetch or list, are requested from the mirrors in order, then from the registry itself unless the config allows only
 * mirrors; a mirror that sends something else is passed over. Everything else goes to the registry itself; if the config
 * allows only mirrors, reads go to those.
 */
export interface RegistryClient {
  /**
   * The manifest or image index that a reference names, by digest if it has one, else by tag; with `attempts`, it is
   * tried at most that many times.
   *
   * @throws {PkgError} REFERENCE_INVALID without tag and digest; HTTP_NOT_FOUND, HTTP_UNAUTHORIZED, HTTP_FORBIDDEN,
   * NOT_A_REGISTRY, MANIFEST_INVALID, DIGEST_MISMATCH, BODY_TOO_LARGE, INTERRUPTED, and those of the network
   */
  fetchManifest(reference: Reference, signal: AbortSignal, attempts?: number): Promise<ManifestDocument>;
  /** As fetchManifest, but as bytes, whatever the media type. @throws {PkgError} as fetchManifest */
  fetchDocument(reference: Reference, signal: AbortSignal): Promise<RawDocument>;
  /**
   * The descriptor of what a reference names, without fetching its content if the registry allows that.
   *
   * @throws {PkgError} as fetchManifest
   */
  resolve(reference: Reference, signal: AbortSignal): Promise<Descriptor>;
  hasManifest(reference: Reference, signal: AbortSignal): Promise<boolean>;
  /**
   * Writes a manifest into the repository of `reference`, under its tag or by its digest. If it has a `subject` and the
   * registry does not list referrers itself, it is added to the list under the fallback tag.
   *
   * @throws {PkgError} LAYER_MISSING if the registry lacks what it names; BODY_TOO_LARGE, DIGEST_MISMATCH,
   * MANIFEST_INVALID if the fallback tag names something else, STATE_CHANGED if others keep changing it, CONFIG_INVALID
   * with `mirror_only`
   * @see OCI distribution-spec 1.1, "Pushing Manifests", "Pushing Manifests with Subject"
   */
  putManifest(reference: Reference, manifest: ManifestUpload, signal: AbortSignal): Promise<ManifestWritten>;
  /**
   * Deletes a manifest by its digest and removes it from a fallback list of referrers; or, without a digest, a tag.
   *
   * @throws {PkgError} HTTP_NOT_FOUND; HTTP_UNEXPECTED with a hint if the registry does not allow deletion
   * @see OCI distribution-spec 1.1, "Content Management"
   */
  deleteManifest(reference: Reference, signal: AbortSignal): Promise<void>;
  /**
   * Opens a blob at an offset: a single attempt, the caller retries, hashes and counts. The digest is not checked here.
   *
   * @throws {PkgError} SIZE_MISMATCH if the server announces another size; HTTP_UNEXPECTED for another range than
   * requested; as fetchManifest
   */
  openBlob(request: OpenBlobRequest): Promise<BlobStream>;
  /**
   * Fetches a small blob into memory, verified.
   *
   * @throws {PkgError} BODY_TOO_LARGE over `maxBytes`; SIZE_MISMATCH, DIGEST_MISMATCH; as fetchManifest
   */
  fetchBlob(request: FetchBlobRequest): Promise<Buffer>;
  /**
   * Asks for a blob's headers; null if the registry does not have it.
   *
   * @throws {PkgError} SIZE_MISMATCH; as fetchManifest
   */
  headBlob(request: HeadBlobRequest): Promise<FoundBlob | null>;
  /**
   * Writes a blob into the repository of `reference`, unless it has it.
   *
   * @throws {PkgError} as pushBlob of push-blob.ts
   */
  pushBlob(reference: Reference, blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten>;
  /** Deletes a blob from the repository of `reference`. @throws {PkgError} as deleteManifest */
  deleteBlob(reference: Reference, digest: Digest, signal: AbortSignal): Promise<void>;
  /**
   * The manifests that refer to a digest: from the registry's own list, else from the one under the fallback tag.
   *
   * @throws {PkgError} REDIRECT_FORBIDDEN, HTTP_UNEXPECTED as listTags; as fetchManifest
   * @see OCI distribution-spec 1.1, "Listing Referrers"
   */
  listReferrers(request: ListReferrersRequest): Promise<readonly Descriptor[]>;
  /**
   * The tags of the repository, all or a range, in the registry's order.
   *
   * @throws {PkgError} REDIRECT_FORBIDDEN if a page leads to another host; HTTP_UNEXPECTED; as fetchManifest
   * @see OCI distribution-spec 1.1, "Listing Tags"
   */
  listTags(reference: Reference, signal: AbortSignal, range?: ListRange): Promise<readonly string[]>;
  /** The names of a registry's repositories, if it lists them. @throws {PkgError} as listTags */
  listCatalog(registry: string, signal: AbortSignal, range?: ListRange): Promise<readonly string[]>;
  /** Opens a connection to the endpoint that is tried first; never throws. */
  warm(registry: string, count?: number): void;
}

/** What a RegistryClient works with. */
export interface RegistryClientOptions extends EndpointSources {
  readonly http: HttpClient;
  readonly retry: RetryPolicy;
  /** The directory where the state of uploads is saved, so that the next process resumes them. Default: not saved. */
  readonly uploadDirectory?: string;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Asked when a registry requires credentials; absent: all access is anonymous. */
  readonly credentials?: Credentials;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  /** Called with what was put up with, in words for a person: odd names in a list. Default: nobody is told. */
  readonly onWarning?: (message: string) => void;
  /** Waits between attempts; for tests. */
  readonly sleep?: Sleep;
}
