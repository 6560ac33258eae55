import { hasCode, PkgError } from "../errors.ts";
import type { RawDocument } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import { checkManifest } from "./check-manifest.ts";
import type { ComingBlob } from "./coming-blob.ts";
import { DescriptorSizes } from "./descriptor-sizes.ts";
import { Problem } from "./problem.ts";
import type { ManifestReference } from "./route.ts";
import { BlobFetcher } from "./upstream-blobs.ts";
import type { UpstreamOptions } from "./upstream-options.ts";
import { FreshTags } from "./upstream-tags.ts";

/**
 * The registry that this one is a cache of: `/v2/<name>/…` here is `/v2/<name>/…` there. Content that is named by
 * digest is fetched once; a tag is asked for again after some time.
 */
export interface Upstream {
  /** The registry's name: `ghcr.io`. */
  readonly registry: string;
  /**
   * Fetches a manifest, and what its tag names now, into the storage. Nothing happens if the upstream does not have it,
   * or if the upstream cannot be asked and an older one is here.
   *
   * @throws {Problem} DENIED, TOOMANYREQUESTS, UNKNOWN with status 502, if there is none here and the upstream failed
   */
  bringManifest(name: string, reference: ManifestReference): Promise<void>;
  /** Fetches a blob that is not here, once for all requests that wait. @throws {Problem} as bringManifest */
  bringBlob(name: string, digest: Digest): Promise<void>;
  /**
   * A blob while it is being fetched; null if the upstream does not have it, or if it cannot be read while it arrives.
   *
   * @throws {Problem} as bringManifest
   */
  openBlob(name: string, digest: Digest): Promise<ComingBlob | null>;
  /** The size of a blob in bytes; null when the upstream does not say. @throws {Problem} as bringManifest */
  blobSize(name: string, digest: Digest): Promise<number | null>;
  /** The upstream's tags; null if it has no list or cannot be asked. */
  listTags(name: string): Promise<readonly string[] | null>;
  /** What refers to a manifest there; null if it has no list or cannot be asked. */
  listReferrers(name: string, subject: Digest): Promise<readonly Descriptor[] | null>;
}

/** How long an answer may take if an older one is here, in milliseconds. */
const REVALIDATION_MS = 10_000;
/** How long a manifest or list may take, in milliseconds. */
const ANSWER_MS = 60_000;
/** The longest list of tags that is passed on: each request for it keeps all of it in memory. */
const MAX_LISTED_TAGS = 100_000;
/** How long an upstream that could not be reached is not asked again about content that is here, in milliseconds. */
const AVOID_MS = 10_000;

/** A cache of the upstream that `options` names. */
export function createUpstream(options: UpstreamOptions): Upstream {
  return new RegistryUpstream(options);
}

class RegistryUpstream implements Upstream {
  readonly registry: string;
  readonly #options: UpstreamOptions;
  readonly #sizes: DescriptorSizes;
  readonly #blobs: BlobFetcher;
  readonly #tags: FreshTags;
  readonly #bringing = new Map<string, Promise<void>>();
  readonly #tagLists = new Map<string, Promise<readonly string[] | null>>();
  readonly #referrerLists = new Map<string, Promise<readonly Descriptor[] | null>>();
  #avoidUntil = Number.NEGATIVE_INFINITY;

  constructor(options: UpstreamOptions) {
    this.registry = options.registry;
    this.#options = options;
    this.#sizes = new DescriptorSizes(options.storage);
    this.#blobs = new BlobFetcher(options, this.#sizes, (error) => this.#note(error));
    this.#tags = new FreshTags(options.tagAgeMs, options.now);
  }

  bringManifest(name: string, reference: ManifestReference): Promise<void> {
    if (reference.kind === "digest")
      return shared(this.#bringing, `${name}@${reference.digest}`, () => this.#bringDigest(name, reference.digest));
    const { tag } = reference;
    return shared(this.#bringing, `${name}:${tag}`, () => this.#bringTag(name, tag));
  }

  async bringBlob(name: string, digest: Digest): Promise<void> {
    await this.#blobs.bring(name, digest).catch((error: unknown) => this.#nullOrThrow(error));
  }

  async openBlob(name: string, digest: Digest): Promise<ComingBlob | null> {
    return this.#blobs.open(name, digest).catch((error: unknown) => this.#nullOrThrow(error));
  }

  async blobSize(name: string, digest: Digest): Promise<number | null> {
    const reference = this.#reference(name);
    const signal = this.#within(ANSWER_MS);
    const size = await this.#sizes.of(name, digest);
    const found = await this.#orNull(() => this.#options.client.headBlob({ reference, digest, size, signal }));
    return found?.size ?? null;
  }

  listTags(name: string): Promise<readonly string[] | null> {
    const ask = async (signal: AbortSignal) => {
      const tags = await this.#options.client.listTags(this.#reference(name), signal, { limit: MAX_LISTED_TAGS + 1 });
      if (tags.length > MAX_LISTED_TAGS) throw this.#tooManyTags(name);
      return tags;
    };
    return shared(this.#tagLists, name, () => this.#list(ask));
  }

  listReferrers(name: string, subject: Digest): Promise<readonly Descriptor[] | null> {
    const request = { reference: this.#reference(name), subject, artifactType: null };
    const ask = (signal: AbortSignal) => this.#options.client.listReferrers({ ...request, signal });
    return shared(this.#referrerLists, `${name}@${subject}`, () => this.#list(ask));
  }

  async #bringDigest(name: string, digest: Digest): Promise<void> {
    if (await this.#options.storage.hasManifest(name, digest)) return;
    await this.#orNull(() => this.#store(name, digest, []));
  }

  async #bringTag(name: string, tag: string): Promise<void> {
    const { storage, client } = this.#options;
    const here = await storage.readTag(name, tag);
    if (here !== null && (this.#tags.isFresh(name, tag) || this.#isAvoided)) return;
    const signal = this.#within(here === null ? ANSWER_MS : REVALIDATION_MS);
    try {
      const { digest } = await client.resolve({ ...this.#reference(name), tag }, signal);
      if (digest !== here) await this.#store(name, digest, [tag]);
      this.#tags.note(name, tag);
    } catch (error) {
      if (hasCode(error, "HTTP_NOT_FOUND")) await storage.removeTag(name, tag);
      else if (here !== null) this.#tellStale(`${name}:${tag}`, error);
      else this.#fail(error);
    }
  }

  async #store(name: string, digest: Digest, tags: readonly string[]): Promise<void> {
    const { client, storage } = this.#options;
    const known = await storage.readManifest(name, digest);
    const manifest =
      known ?? (await client.fetchDocument({ ...this.#reference(name), digest }, this.#within(ANSWER_MS)));
    if (known === null) this.#checkType(manifest);
    await storage.writeManifest(name, { mediaType: manifest.mediaType, bytes: manifest.bytes, digest, tags });
    this.#sizes.note(name, manifest.bytes);
  }

  /** It would be served under the type that the upstream gave it. @throws {PkgError} MANIFEST_INVALID */
  #checkType({ bytes, mediaType }: Pick<RawDocument, "bytes" | "mediaType">): void {
    try {
      checkManifest(bytes, mediaType);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const message = `Cannot use what "${this.#options.registry}" sent: ${error.message}`;
      throw new PkgError("MANIFEST_INVALID", message, { cause: error });
    }
  }

  async #list<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    if (this.#isAvoided) return null;
    try {
      return await ask(this.#within(REVALIDATION_MS));
    } catch (error) {
      if (!(error instanceof PkgError)) throw error;
      if (error.code === "HTTP_NOT_FOUND") return null;
      this.#noteFailure(error, `Serving a list of what is here: ${error.message}`);
      return null;
    }
  }

  async #orNull<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      return this.#fail(error);
    }
  }

  #fail(error: unknown): null {
    this.#note(error);
    return this.#nullOrThrow(error);
  }

  #nullOrThrow(error: unknown): null {
    if (hasCode(error, "HTTP_NOT_FOUND")) return null;
    throw this.#problem(error);
  }

  /** Warns the person who runs this registry. */
  #note(error: unknown): void {
    if (!(error instanceof PkgError)) return;
    const { code, message } = error;
    const isOrdinary = code === "HTTP_NOT_FOUND" || code === "HTTP_UNAUTHORIZED" || code === "HTTP_FORBIDDEN";
    if (!isOrdinary) this.#noteFailure(error, message);
  }

  #tellStale(what: string, error: unknown): void {
    if (!(error instanceof PkgError)) throw error;
    this.#noteFailure(error, `Serving "${what}" as it was last seen: ${error.message}`);
  }

  /** The error for content that is not here, when it is unknown whether it exists. */
  #problem(error: unknown): unknown {
    // What fails here is not the upstream's fault.
    if (!(error instanceof PkgError) || error.code === "DISK_FULL") return error;
    const { code, retryAfterMs = 10_000 } = error;
    const upstream = `the upstream "${this.#options.registry}"`;
    if (code === "HTTP_UNAUTHORIZED" || code === "HTTP_FORBIDDEN") {
      return new Problem("DENIED", `${upstream} refuses this`, { cause: error });
    }
    if (code === "SERVER_BUSY") {
      const headers = { "retry-after": `${Math.ceil(retryAfterMs / 1000)}` };
      return new Problem("TOOMANYREQUESTS", `${upstream} asks clients to retry later`, { headers, cause: error });
    }
    return new Problem("UNKNOWN", `${upstream} failed: ${code}`, { status: 502, cause: error });
  }

  /** Warns, but not at each request while the upstream is down. */
  #noteFailure(error: PkgError, warning: string): void {
    const isKnown = this.#isAvoided;
    const isDown = hasCode(error, "NETWORK_FAILED", "NETWORK_TIMEOUT", "SERVER_FAILED", "SERVER_BUSY", "INTERRUPTED");
    if (isDown) this.#avoidUntil = this.#options.now() + AVOID_MS;
    if (!isKnown && !this.#options.signal.aborted) this.#options.onWarning(warning);
  }

  get #isAvoided(): boolean {
    return this.#options.now() < this.#avoidUntil;
  }

  #tooManyTags(name: string): PkgError {
    const what = `list tags of "${this.#options.registry}/${name}"`;
    return new PkgError("HTTP_UNEXPECTED", `Cannot ${what}: the list has more than ${MAX_LISTED_TAGS} entries`);
  }

  #reference(name: string): Reference {
    return { registry: this.#options.registry, name, tag: null, digest: null };
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#options.signal, AbortSignal.timeout(ms)]);
  }
}

/** Does one piece of work, however many requests ask for it at a time. */
function shared<T>(running: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = running.get(key);
  if (known !== undefined) return known;
  const result = work().finally(() => running.delete(key));
  running.set(key, result);
  return result;
}
