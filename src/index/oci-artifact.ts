import { type Digest, parseDigest, sha256Digest } from "../oci/digest.ts";
import { isTag, parseReference, tagText } from "../oci/reference.ts";
import type { Snapshot } from "../package/metadata.ts";

/** Where references without a registry lead (second-generation indexes). */
const DEFAULT_PREFIX = "ghcr.io/pkgforge/";

/** The parts of an artifact's reference, for indexes that do not write it out in full. */
export interface ReferenceParts {
  readonly text: string;
  readonly recipe: string;
  readonly version: string;
  /** Lower case; empty when unknown. */
  readonly host: string;
}

/**
 * The tag reference of an artifact: `{{version}}` filled in, registry, name and tag added where they are missing.
 *
 * @throws {PkgError} REFERENCE_INVALID
 */
export function artifactReference(parts: ReferenceParts): string {
  const text = parts.text.replaceAll("{{version}}", tagText(parts.version));
  const located = hasRegistry(text) ? text : `${DEFAULT_PREFIX}${text}${hasTag(text) ? "" : `/${parts.recipe}`}`;
  const tagged = hasTag(located) ? located : `${located}:${defaultTag(parts)}`;
  parseReference(tagged);
  return tagged;
}

function defaultTag({ version, host }: ReferenceParts): string {
  return tagText(host === "" ? version : `${version}-${host}`);
}

function hasRegistry(text: string): boolean {
  const [first = "", ...rest] = text.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
}

/** A digest counts as well. */
function hasTag(text: string): boolean {
  return /[:@]/.test(text.slice(text.lastIndexOf("/") + 1)) || text.includes("@");
}

/** The main file's blob, or why the entry contradicts itself. */
export type MainBlob =
  | { readonly kind: "blob"; readonly digest: Digest | null }
  | { readonly kind: "contradiction"; readonly reason: string };

/** Picks the main file's blob: if there are several, the one whose digest is `sha256`; if none, `sha256` itself. */
export function mainBlob(blobs: readonly string[], sha256: string | null): MainBlob {
  const digests = blobs.map((blob) => parseDigest(blob.slice(blob.lastIndexOf("@") + 1)));
  const expected = sha256 === null ? null : sha256Digest(sha256);
  const [first, ...others] = digests;
  if (first === undefined) return { kind: "blob", digest: expected };
  if (expected === null) return { kind: "blob", digest: others.length === 0 ? first : null };
  if (digests.includes(expected)) return { kind: "blob", digest: expected };
  const comparable = digests.find((digest) => digest.startsWith("sha256:"));
  if (comparable === undefined) return { kind: "blob", digest: expected };
  return { kind: "contradiction", reason: `ghcr_blob is ${comparable} and shasum is ${sha256}` };
}

/** Reads `tag[version]` or `tag`, whose version is the tag without its platform; null when it is not a tag. */
export function readSnapshot(text: string, host: string): Snapshot | null {
  const open = text.indexOf("[");
  const tag = open === -1 ? text : text.slice(0, open);
  if (!isTag(tag)) return null;
  if (open !== -1) {
    const version = text.slice(open + 1, -1);
    return text.endsWith("]") && /^[^\s\p{Cc}\p{Cf}]+$/u.test(version) ? { tag, version } : null;
  }
  const suffix = `-${host}`;
  const ownHost = host !== "" && tag.length > suffix.length && tag.toLowerCase().endsWith(suffix);
  return { tag, version: ownHost ? tag.slice(0, -suffix.length) : tag };
}
