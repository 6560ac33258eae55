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

/** A manifest that refers to another. */
export interface ListedReferrer {
  readonly subject: Digest;
  /** As a list of referrers has it. */
  readonly descriptor: Descriptor;
}

export interface KeptReferrer extends Pick<ReferrersUpdate, "pause" | "signal"> {
  readonly endpoint: Endpoint;
  /** Which repository; its tag and digest say nothing here. */
  readonly reference: Reference;
  readonly referrer: ListedReferrer;
}

/** Keeps the lists of referrers in registries that keep none themselves, one writer of this program at a time. */
export class ReferrersKeeper {
  readonly #sender: RequestSender;
  readonly #turns = new KeyedTurns();
  /** By the endpoint's base: whether one that says it lists referrers does. */
  readonly #hasApi = new Map<string, boolean>();

  constructor(sender: RequestSender) {
    this.#sender = sender;
  }

  /**
   * Sees to it that a manifest that was just written is listed; `announced` is what the registry answered as
   * `OCI-Subject`.
   *
   * @returns who lists it
   * @throws {PkgError} as updateReferrersTag
   */
  async add(kept: KeptReferrer, announced: string | null): Promise<"registry" | "tag"> {
    const { subject, descriptor } = kept.referrer;
    if (announced === subject && (await this.#confirmed({ ...kept, subject }))) return "registry";
    await this.#update({ ...kept, subject, change: { kind: "add", referrer: descriptor } });
    return "tag";
  }

  /**
   * Takes a deleted manifest out of the list under the fallback tag, where there is one.
   *
   * @throws {PkgError} as updateReferrersTag
   */
  remove(kept: KeptReferrer): Promise<void> {
    const { subject, descriptor } = kept.referrer;
    return this.#update({ ...kept, subject, change: { kind: "remove", digest: descriptor.digest } });
  }

  /** Some registries send the header and have no list: each is asked once. */
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

/** What a manifest to be written refers to; null: nothing, as a document of an unknown type. */
export function referrerOf({ bytes, mediaType, digest }: ManifestUpload): ListedReferrer | null {
  return referrerIn(() => parseManifestDocument(bytes, mediaType, digest));
}

/**
 * What a stored manifest refers to; null: nothing, or it is not there.
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
