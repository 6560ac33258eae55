import { asObject, type JsonObject, parseJsonOrNull } from "../base/json.ts";
import { hasCode } from "../errors.ts";
import { decodeDescriptor } from "./decode-descriptor.ts";
import { type Descriptor, freezeDescriptor } from "./descriptor.ts";
import { type Digest, digestAlgorithm, digestHex } from "./digest.ts";
import { checkDigest, type ManifestDocument, sentMediaType } from "./manifest.ts";
import { OCI_INDEX } from "./media-types.ts";

/** A list of referrers as it was sent, its entries not decoded, so that unknown fields are kept. */
export interface ReferrersIndex {
  readonly document: JsonObject;
  readonly entries: readonly unknown[];
}

const MAX_ALGORITHM_CHARACTERS = 32;
const MAX_ENCODED_CHARACTERS = 64;

/**
 * The fallback tag that holds the list of a digest's referrers in a registry without the referrers API.
 *
 * @see OCI distribution-spec 1.1, "Referrers Tag Schema"
 */
export function referrersTag(subject: Digest): string {
  const algorithm = digestAlgorithm(subject).slice(0, MAX_ALGORITHM_CHARACTERS);
  return `${algorithm}-${digestHex(subject).slice(0, MAX_ENCODED_CHARACTERS)}`;
}

/**
 * Parses an answer as an image index of referrers. Null for anything else: an error document, a web page, a manifest,
 * or the subject itself, which GitLab sends for the tag.
 */
export function parseReferrersIndex(bytes: Buffer, contentType: string | null, subject: Digest): ReferrersIndex | null {
  const document = asObject(parseJsonOrNull(bytes));
  if (document === null || isBytesOf(subject, bytes)) return null;
  const types = [sentMediaType(contentType), document["mediaType"] ?? null];
  // Programs in Go write null for an empty list.
  const entries = document["manifests"] === null ? [] : document["manifests"];
  if (!Array.isArray(entries) || types.some((type) => type !== null && type !== OCI_INDEX)) return null;
  if (["layers", "config", "blobs", "fsLayers"].some((field) => Object.hasOwn(document, field))) return null;
  return { document, entries };
}

/** Decodes the entries, each digest once; those that are not descriptors are skipped, as they could not be fetched. */
export function decodeReferrers(entries: readonly unknown[], subject: Digest): readonly Descriptor[] {
  const found = new Map<Digest, Descriptor>();
  for (const entry of entries) {
    const descriptor = decodeEntry(entry);
    // Nothing can refer to itself: its bytes would have to contain their own digest.
    if (descriptor === null || descriptor.digest === subject || found.has(descriptor.digest)) continue;
    found.set(descriptor.digest, descriptor);
  }
  return [...found.values()];
}

/** The descriptor of a manifest or index in a list of referrers. */
export function referrerDescriptor(document: ManifestDocument): Descriptor {
  const content = document.kind === "manifest" ? document.manifest : document.index;
  const { mediaType, digest, bytes, annotations } = content;
  const artifactType = artifactTypeOf(document);
  const type = artifactType === null ? {} : { artifactType };
  return freezeDescriptor({ mediaType, digest, size: bytes.length, annotations, ...type });
}

/** The digest of a document's subject; null if it has none. */
export function subjectOf(document: ManifestDocument): Digest | null {
  return (document.kind === "manifest" ? document.manifest : document.index).subject?.digest ?? null;
}

/** Falls back to the config's media type. @see OCI distribution-spec 1.1, "Listing Referrers" */
function artifactTypeOf(document: ManifestDocument): string | null {
  if (document.kind === "index") return document.index.artifactType || null;
  return document.manifest.artifactType || (document.manifest.config?.mediaType ?? null);
}

function decodeEntry(entry: unknown): Descriptor | null {
  try {
    return decodeDescriptor(entry, "an entry");
  } catch (error) {
    if (hasCode(error, "MANIFEST_INVALID")) return null;
    throw error;
  }
}

function isBytesOf(digest: Digest, bytes: Buffer): boolean {
  try {
    checkDigest(bytes, digest);
    return true;
  } catch (error) {
    if (hasCode(error, "DIGEST_MISMATCH")) return false;
    throw error;
  }
}
