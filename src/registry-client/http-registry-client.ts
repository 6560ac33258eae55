import { jitterMs, type RetryOptions, retry, sleep } from "../base/retry.ts";
import { hasCode, PkgError } from "../errors.ts";
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
import {
  askForBlob,
  type FetchBlobRequest,
  type FoundBlob,
  type HeadBlobRequest,
  headBlob,
  type OpenBlobRequest,
  readBlob,
} from "./blobs.ts";
import { readCatalog } from "./catalog.ts";
import { type DeleteRequest, deleteContent } from "./delete.ts";
import { createEndpoints, type Endpoint, type Endpoints } from "./endpoints.ts";
import { type BlobPlaces, Failover } from "./failover.ts";
import { manifestKey, readManifest, readRawDocument } from "./manifests.ts";
import type { ListRange } from "./pages.ts";
import { pushBlob } from "./push-blob.ts";
import { putManifest } from "./put-manifest.ts";
import { readReferrers } from "./referrers.ts";
import { ReferrersKeeper, referrerOf, storedReferrer } from "./referrers-keeper.ts";
import type { ListReferrersRequest, RegistryClient, RegistryClientOptions } from "./registry-client.ts";
import { withSource } from "./registry-error.ts";
import { RequestSender } from "./request-sender.ts";
import { hasManifest, resolveManifest } from "./resolve-manifest.ts";
import { readTags } from "./tags.ts";
import { UploadMemory } from "./upload-memory.ts";

/** The implementation of RegistryClient, which registry-client.ts documents. */
export class HttpRegistryClient implements RegistryClient {
  readonly #options: RegistryClientOptions;
  readonly #endpoints: Endpoints;
  readonly #sender: RequestSender;
  readonly #failover: Failover;
  readonly #keeper: ReferrersKeeper;
  /** Bases of endpoints that redirect requests for referrers to something that does not answer them. */
  readonly #misled = new Set<string>();
  readonly #uploads = new UploadMemory();

  constructor(options: RegistryClientOptions) {
    this.#options = options;
    this.#endpoints = createEndpoints(options);
    this.#sender = new RequestSender(options);
    this.#failover = new Failover({ now: options.now, onWarning: (message) => this.#sender.warn(message) });
    this.#keeper = new ReferrersKeeper(this.#sender);
  }

  fetchManifest(reference: Reference, signal: AbortSignal, attempts?: number): Promise<ManifestDocument> {
    const work = (endpoint: Endpoint) => readManifest(this.#sender, { endpoint, reference, signal });
    return this.#anywhere({ registry: reference.registry, signal, attempts }, work);
  }

  fetchDocument(reference: Reference, signal: AbortSignal): Promise<RawDocument> {
    const work = (endpoint: Endpoint) => readRawDocument(this.#sender, { endpoint, reference, signal });
    return this.#anywhere({ registry: reference.registry, signal }, work);
  }

  resolve(reference: Reference, signal: AbortSignal): Promise<Descriptor> {
    const work = (endpoint: Endpoint) => resolveManifest(this.#sender, { endpoint, reference, signal });
    return this.#atRegistry({ registry: reference.registry, signal }, work);
  }

  hasManifest(reference: Reference, signal: AbortSignal): Promise<boolean> {
    const work = (endpoint: Endpoint) => hasManifest(this.#sender, { endpoint, reference, signal });
    return this.#atRegistry({ registry: reference.registry, signal }, work);
  }

  async putManifest(reference: Reference, manifest: ManifestUpload, signal: AbortSignal): Promise<ManifestWritten> {
    const place = { endpoint: this.#writable(reference), reference, signal };
    const outcome = await this.#retried(signal, () => putManifest(this.#sender, { ...place, manifest }));
    const referrer = referrerOf(manifest);
    if (referrer === null) return { listedBy: null };
    const announced = outcome.kind === "written" ? outcome.subject : null;
    const kept = { ...place, referrer, pause: this.#pause(signal) };
    return { listedBy: await this.#retried(signal, () => this.#keeper.add(kept, announced)) };
  }

  async deleteManifest(reference: Reference, signal: AbortSignal): Promise<void> {
    const key = manifestKey(reference);
    const place = { endpoint: this.#writable(reference), reference, signal };
    // Deleting a tag leaves the manifest, and so its entry in a list of referrers.
    const isWhole = reference.digest !== null;
    const referrer = isWhole ? await this.#retried(signal, () => storedReferrer(this.#sender, place)) : null;
    await this.#delete({ ...place, kind: "manifest", key });
    if (referrer === null) return;
    const kept = { ...place, referrer, pause: this.#pause(signal) };
    await this.#retried(signal, () => this.#keeper.remove(kept));
  }

  openBlob(request: OpenBlobRequest): Promise<BlobStream> {
    const { reference, digest, size } = request;
    const blob = { digest, endpoints: this.#endpoints(reference.registry) };
    return this.#failover.runForBlob(blob, async (endpoint) => {
      const { response, head } = await askForBlob(this.#sender, { ...request, endpoint });
      const body = this.#watched(blob, endpoint, response.content(size));
      const sentBy = response.url;
      const sender = this.#failover.senderOf(blob, endpoint, (error) => withSource(error, { url: sentBy }));
      return { ...head, body, ...(sender === null ? {} : { sender }) };
    });
  }

  fetchBlob(request: FetchBlobRequest): Promise<Buffer> {
    const { reference, signal } = request;
    const work = (endpoint: Endpoint) => readBlob(this.#sender, { ...request, endpoint });
    return this.#anywhere({ registry: reference.registry, signal }, work);
  }

  headBlob(request: HeadBlobRequest): Promise<FoundBlob | null> {
    const { reference, signal } = request;
    const work = (endpoint: Endpoint) => headBlob(this.#sender, { ...request, endpoint });
    return this.#atRegistry({ registry: reference.registry, signal }, work);
  }

  async pushBlob(reference: Reference, blob: BlobUpload, signal: AbortSignal): Promise<BlobWritten> {
    const endpoint = this.#writable(reference);
    const { signal: _, ...retryOptions } = this.#retryOptions(signal);
    const { uploadDirectory = null } = this.#options;
    return pushBlob(this.#sender, {
      endpoint,
      reference,
      blob,
      memory: this.#uploads,
      uploadDirectory,
      retry: retryOptions,
      signal,
    });
  }

  async deleteBlob(reference: Reference, digest: Digest, signal: AbortSignal): Promise<void> {
    await this.#delete({ endpoint: this.#writable(reference), reference, signal, kind: "blob", key: digest });
  }

  listReferrers(request: ListReferrersRequest): Promise<readonly Descriptor[]> {
    const { reference, signal } = request;
    const work = (endpoint: Endpoint) => readReferrers(this.#sender, { ...request, endpoint, misled: this.#misled });
    return this.#atRegistry({ registry: reference.registry, signal }, work);
  }

  listTags(reference: Reference, signal: AbortSignal, range: ListRange = {}): Promise<readonly string[]> {
    const work = (endpoint: Endpoint) => readTags(this.#sender, { ...range, endpoint, reference, signal });
    return this.#anywhere({ registry: reference.registry, signal }, work);
  }

  listCatalog(registry: string, signal: AbortSignal, range: ListRange = {}): Promise<readonly string[]> {
    const work = (endpoint: Endpoint) => readCatalog(this.#sender, { ...range, endpoint, registry, signal });
    return this.#atRegistry({ registry, signal }, work);
  }

  warm(registry: string, count = 1): void {
    const [first] = this.#endpoints(registry);
    if (first !== undefined) this.#sender.warm(first, count);
  }

  /** Asks the mirrors, then the registry. */
  #anywhere<T>({ registry, signal, attempts }: Question, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    return this.#retried(signal, () => this.#failover.run(this.#endpoints(registry), work), attempts);
  }

  /** Asks the registry itself, which is authoritative; mirrors only if the config rules the registry out. */
  #atRegistry<T>({ registry, signal }: Question, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    const all = this.#endpoints(registry);
    const own = all.filter(({ kind }) => kind === "registry");
    return this.#retried(signal, () => this.#failover.run(own.length === 0 ? all : own, work));
  }

  /** The endpoint for writing, which is always the registry itself. @throws {PkgError} CONFIG_INVALID */
  #writable({ registry }: Reference): Endpoint {
    const own = this.#endpoints(registry).find(({ kind }) => kind === "registry");
    if (own !== undefined) return own;
    throw new PkgError("CONFIG_INVALID", `Cannot write to registry "${registry}": mirror_only is set`, {
      hint: `Remove mirror_only from [registries."${registry}"]`,
    });
  }

  /** If a retried delete finds nothing, the attempt before it has succeeded. */
  #delete(request: DeleteRequest): Promise<void> {
    return this.#retried(request.signal, async (attempt) => {
      try {
        await deleteContent(this.#sender, request);
      } catch (error) {
        if (attempt === 1 || !hasCode(error, "HTTP_NOT_FOUND")) throw error;
      }
    });
  }

  #retried<T>(signal: AbortSignal, work: (attempt: number) => Promise<T>, attempts?: number): Promise<T> {
    return retry(work, this.#retryOptions(signal, attempts));
  }

  #retryOptions(signal: AbortSignal, attempts?: number): RetryOptions {
    const { retry: usual, random, onRetry } = this.#options;
    const policy = attempts === undefined ? usual : { ...usual, attempts };
    const options = { policy, signal, random, sleep: this.#options.sleep ?? sleep };
    return onRetry === undefined ? options : { ...options, onRetry };
  }

  #pause(signal: AbortSignal): (attempt: number) => Promise<void> {
    const { policy, random, sleep: wait } = this.#retryOptions(signal);
    return (attempt) => wait(jitterMs(policy, random, attempt), signal);
  }

  /** A body that breaks off counts against its endpoint like a refused connection. */
  async *#watched(blob: BlobPlaces, endpoint: Endpoint, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      this.#failover.noteBreak(blob, endpoint, error);
      throw error;
    }
  }
}

interface Question {
  readonly registry: string;
  readonly signal: AbortSignal;
  readonly attempts?: number | undefined;
}
