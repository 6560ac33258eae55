import { MAX_MANIFEST_BYTES } from "../base/limits.ts";
import type { Digest } from "../oci/digest.ts";
import type { Reference } from "../oci/reference.ts";
import { parseReferrersIndex, type ReferrersIndex, referrersTag } from "../oci/referrers-index.ts";
import type { Endpoint } from "./endpoints.ts";
import { ANY_MANIFEST_ACCEPT } from "./manifests.ts";
import { registryError } from "./registry-error.ts";
import type { RequestSender } from "./request-sender.ts";

/** A request for the fallback tag of a subject at one endpoint. */
export interface ReferrersTagRequest {
  readonly endpoint: Endpoint;
  /** The repository; its tag and digest are ignored. */
  readonly reference: Reference;
  readonly subject: Digest;
  readonly signal: AbortSignal;
}

/** What a fallback tag names. */
export type ReferrersTag =
  | { readonly kind: "absent" }
  | {
      readonly kind: "index";
      readonly index: ReferrersIndex;
      readonly bytes: Buffer;
      /** A strong ETag for `If-Match`; null: none was sent. */
      readonly etag: string | null;
    }
  /** Something that is not a list of referrers and must not be replaced. */
  | { readonly kind: "foreign"; readonly contentType: string | null };

const STRONG_ETAG = /^"[\x21\x23-\x7e]*"$/;

/**
 * Reads the fallback tag of a digest from one endpoint.
 *
 * @throws {PkgError} BODY_TOO_LARGE, and those of registryError and the network
 * @see OCI distribution-spec 1.1, "Referrers Tag Schema"
 */
export async function readReferrersTag(sender: RequestSender, request: ReferrersTagRequest): Promise<ReferrersTag> {
  const { reference, subject } = request;
  const path = `manifests/${referrersTag(subject)}`;
  const response = await sender.send({ ...request, path, headers: { accept: ANY_MANIFEST_ACCEPT } });
  if (response.status !== 200) {
    const what = `list referrers of "${reference.registry}/${reference.name}@${subject}"`;
    const error = await registryError(response, what);
    if (error.code === "HTTP_NOT_FOUND") return { kind: "absent" };
    throw error;
  }
  const bytes = await response.readBytes(MAX_MANIFEST_BYTES);
  const contentType = response.header("content-type");
  const index = parseReferrersIndex(bytes, contentType, subject);
  if (index === null) return { kind: "foreign", contentType };
  const etag = response.header("etag");
  return { kind: "index", index, bytes, etag: etag !== null && STRONG_ETAG.test(etag) ? etag : null };
}
