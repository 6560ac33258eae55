import type { PkgError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import { type RetryPolicy, retry, type Sleep, sleep } from "../http/retry.ts";
import { askForBlob, type FetchBlobRequest, type OpenBlobRequest, readBlob } from "./blobs.ts";
import { createEndpoints, type Endpoint, type EndpointSources, type Endpoints } from "./endpoints.ts";
import { Exchange } from "./exchange.ts";
import { Failover } from "./failover.ts";
import type { ManifestDocument } from "./manifest.ts";
import { readManifest } from "./manifests.ts";
import type { Reference } from "./reference.ts";
import { readTags } from "./tags.ts";

/** A blob's bytes from `offset` on. */
export interface BlobStream {
  /** Where `body` begins: the offset asked for, or 0 when the server starts anew. */
  readonly offset: number;
  /** Bytes of the whole blob; null when neither side knows. */
  readonly size: number | null;
  /** A strong ETag, to resume with. */
  readonly validator: string | null;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Reads from registries: every request goes to the mirrors in order, then to the registry unless mirrors must do. */
export interface RegistryClient {
  /**
   * The manifest or image index that a reference names, by digest when it has one, else by tag; retried, at most
   * `attempts` times where that is given.
   *
   * @throws {PkgError} REFERENCE_INVALID without tag and digest; HTTP_NOT_FOUND, HTTP_UNAUTHORIZED, HTTP_FORBIDDEN,
   * NOT_A_REGISTRY, MANIFEST_INVALID, DIGEST_MISMATCH, BODY_TOO_LARGE, INTERRUPTED, and those of the network
   */
  fetchManifest(reference: Reference, signal: AbortSignal, attempts?: number): Promise<ManifestDocument>;
  /**
   * Opens a blob at an offset: one attempt, the caller retries, hashes and counts. Its digest is not checked here.
   *
   * @throws {PkgError} SIZE_MISMATCH when the server announces another size; HTTP_UNEXPECTED for another part than
   * was asked for; as fetchManifest
   */
  openBlob(request: OpenBlobRequest): Promise<BlobStream>;
  /**
   * A whole small blob, verified; retried.
   *
   * @throws {PkgError} BODY_TOO_LARGE over `maxBytes`; SIZE_MISMATCH, DIGEST_MISMATCH; as fetchManifest
   */
  fetchBlob(request: FetchBlobRequest): Promise<Buffer>;
  /**
   * All tags of the repository, in the registry's order; retried.
   *
   * @throws {PkgError} REDIRECT_FORBIDDEN when a page leads to another host; HTTP_UNEXPECTED; as fetchManifest
   * @see OCI distribution-spec 1.1, "Listing Tags"
   */
  listTags(reference: Reference, signal: AbortSignal): Promise<readonly string[]>;
  /** Opens a connection to the endpoint that is asked first; never throws. */
  warm(registry: string): void;
}

export interface RegistryClientOptions extends EndpointSources {
  readonly http: HttpClient;
  readonly retry: RetryPolicy;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly onRetry?: (error: PkgError, waitMs: number) => void;
  /** Waits between tries; for tests. */
  readonly sleep?: Sleep;
}

/**
 * A client for any registry of the OCI distribution-spec.
 *
 * @throws {PkgError} CONFIG_INVALID for a mirror that cannot be used
 */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  return new HttpRegistryClient(options);
}

interface RetriedRequest {
  readonly reference: Reference;
  readonly signal: AbortSignal;
  readonly attempts?: number | undefined;
}

class HttpRegistryClient implements RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #endpoints: Endpoints;
  readonly #exchange: Exchange;
  readonly #failover: Failover;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#endpoints = createEndpoints(options);
    this.#exchange = new Exchange(options);
    this.#failover = new Failover(options);
  }

  fetchManifest(reference: Reference, signal: AbortSignal, attempts?: number): Promise<ManifestDocument> {
    const work = (endpoint: Endpoint) => readManifest(this.#exchange, { endpoint, reference, signal });
    return this.#retried({ reference, signal, attempts }, work);
  }

  openBlob(request: OpenBlobRequest): Promise<BlobStream> {
    return this.#failover.run(this.#endpoints(request.reference.registry), async (endpoint) => {
      const { response, head } = await askForBlob(this.#exchange, { ...request, endpoint });
      return { ...head, body: this.#watched(endpoint, response.body) };
    });
  }

  fetchBlob(request: FetchBlobRequest): Promise<Buffer> {
    const { reference, signal } = request;
    return this.#retried({ reference, signal }, (endpoint) => readBlob(this.#exchange, { ...request, endpoint }));
  }

  listTags(reference: Reference, signal: AbortSignal): Promise<readonly string[]> {
    return this.#retried({ reference, signal }, (endpoint) =>
      readTags(this.#exchange, { endpoint, reference, signal }),
    );
  }

  warm(registry: string): void {
    const [first] = this.#endpoints(registry);
    if (first !== undefined) this.#exchange.warm(first);
  }

  #retried<T>({ reference, signal, attempts }: RetriedRequest, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const { retry: usual, random, onRetry } = this.#options;
    const policy = attempts === undefined ? usual : { ...usual, attempts };
    const options = { policy, signal, random, sleep: this.#options.sleep ?? sleep };
    const endpoints = this.#endpoints(reference.registry);
    return retry(() => this.#failover.run(endpoints, work), onRetry === undefined ? options : { ...options, onRetry });
  }

  /** A body that breaks off counts against its endpoint as a refused connection does. */
  async *#watched(endpoint: Endpoint, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      this.#failover.noteFailure(endpoint, error);
      throw error;
    }
  }
}
