import { KeyedTurns } from "../base/keyed-turns.ts";
import { hasCode } from "../errors.ts";
import type { ManifestUpload } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { type ManifestDocument, parseManifestDocument } from "../oci/manifest.ts";
import type { Reference } from "../oci/reference.ts";
import { referrerDescriptor, referrersTag, subjectOf } from "../oci/referrers-index.ts";
import { type Endpoint, repositoryPath } from "./endpoints.ts";
import { readManifest } from "./manifests.ts";
import { hasReferrersApi } from "./referrers.ts";
import type { ReferrersTagRequest } from "./referrers-tag.ts";
import { type ReferrersUpdate, updateReferrersTag } from "./referrers-update.ts";
import type { RequestSender } from "./request-sender.ts";

/** A manifest that refers to another one. */
export interface ListedReferrer {
  readonly subject: Digest;
  /** Its descriptor in a list of referrers. */
  readonly descriptor: Descriptor;
}

/** A referrer to list, and where. */
export interface KeptReferrer extends Pick<ReferrersUpdate, "pause" | "signal"> {
  readonly endpoint: Endpoint;
  /** The repository; its tag and digest are ignored. */
  readonly reference: Reference;
  readonly referrer: ListedReferrer;
}

/**
 * Maintains the lists of referrers in registries that do not maintain them; in this process, one writer at a time per
 * list.
 */
export class ReferrersKeeper {
  readonly #sender: RequestSender;
  readonly #turns = new KeyedTurns();
  /** Keyed by the endpoint's base: whether an endpoint that claims to list referrers really does. */
  readonly #hasApi = new Map<string, boolean>();

  constructor(sender: RequestSender) {
    this.#sender = sender;
  }

  /**
   * Makes sure that a newly written manifest is listed; `announced` is the `OCI-Subject` in the registry's response.
   *
   * @returns what lists it
   * @throws {PkgError} as updateReferrersTag
   */
  async add(kept: KeptReferrer, announced: string | null): Promise<"registry" | "tag"> {
    const { subject, descriptor } = kept.referrer;
    if (announced === subject && (await this.#confirmed({ ...kept, subject }))) return "registry";
    await this.#update({ ...kept, subject, change: { kind: "add", referrer: descriptor } });
    return "tag";
  }

  /**
   * Removes a deleted manifest from the list under the fallback tag, if there is one.
   *
   * @throws {PkgError} as updateReferrersTag
   */
  remove(kept: KeptReferrer): Promise<void> {
    const { subject, descriptor } = kept.referrer;
    return this.#update({ ...kept, subject, change: { kind: "remove", digest: descriptor.digest } });
  }

  /** Some registries send the header but have no list, so each is checked once. */
  async #confirmed(request: ReferrersTagRequest): Promise<boolean> {
    const key = request.endpoint.base.href;
    const known = this.#hasApi.get(key) ?? (await hasReferrersApi(this.#sender, request));
    this.#hasApi.set(key, known);
    return known;
  }

  #update(update: ReferrersUpdate): Promise<void> {
    const { endpoint, reference, subject } = update;
    const key = `${endpoint.base.href} ${repositoryPath(reference)} ${referrersTag(subject)}`;
    return this.#turns.run(key, () => updateReferrersTag(this.#sender, update));
  }
}

/** The referrer and subject of a manifest to be written; null if it has no subject or is of an unknown type. */
export function referrerOf({ bytes, mediaType, digest }: ManifestUpload): ListedReferrer | null {
  return referrerIn(() => parseManifestDocument(bytes, mediaType, digest));
}

/**
 * The referrer and subject of a stored manifest; null if it has no subject or does not exist.
 *
 * @throws {PkgError} those of registryError and the network
 */
export async function storedReferrer(
  sender: RequestSender,
  request: { readonly endpoint: Endpoint; readonly reference: Reference; readonly signal: AbortSignal },
): Promise<ListedReferrer | null> {
  try {
    const document = await readManifest(sender, request);
    return referrerIn(() => document);
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND", "MANIFEST_INVALID", "DIGEST_MISMATCH", "BODY_TOO_LARGE")) return null;
    throw error;
  }
}

function referrerIn(read: () => ManifestDocument): ListedReferrer | null {
  try {
    const document = read();
    const subject = subjectOf(document);
    return subject === null ? null : { subject, descriptor: referrerDescriptor(document) };
  } catch (error) {
    if (hasCode(error, "MANIFEST_INVALID", "NOT_A_REGISTRY")) return null;
    throw error;
  }
}
