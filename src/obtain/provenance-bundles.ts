import type { RetrySettings } from "../base/retry.ts";
import { hasCode } from "../errors.ts";
import { fetchBytes } from "../oci/blob-bytes.ts";
import type { Source } from "../oci/content.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import type { Manifest } from "../oci/manifest.ts";

/** Anyone who may push can add any number of referrers, so only the first ones are looked at. */
const MAX_BUNDLES = 16;

export interface BundleSource {
  readonly place: Source;
  /** Of the package, for messages. */
  readonly name: string;
  readonly retry: RetrySettings;
  readonly signal: AbortSignal;
}

export interface FetchedBundle {
  readonly bytes: Buffer;
  /** For messages. */
  readonly what: string;
}

/**
 * The Sigstore bundles that refer to a digest, in the place's order. Artifacts that refer to something else, or turn out
 * not to be bundles, are skipped.
 *
 * @throws {PkgError} those of the place
 */
export async function fetchBundles(source: BundleSource, subject: Digest): Promise<readonly FetchedBundle[]> {
  const { place, signal } = source;
  const { isBundleType } = await import("../provenance/bundle.ts");
  // Listed without a type, since bundles have four, and each would be a request. The subject is checked below.
  const listed = await place.listReferrers(subject, { artifactType: null, verifySubject: false }, signal);
  // The fallback tags of old tools do not state the type: such an entry is read too.
  const likely = listed.filter(({ artifactType }) => artifactType === undefined || isBundleType(artifactType));
  const bundles: FetchedBundle[] = [];
  for (const descriptor of likely.slice(0, MAX_BUNDLES)) {
    const bytes = await fetchBundle(source, descriptor, subject);
    if (bytes !== null)
      bundles.push({ bytes, what: `Sigstore bundle "${descriptor.digest}" of package "${source.name}"` });
  }
  return bundles;
}

async function fetchBundle(source: BundleSource, { digest }: Descriptor, subject: Digest): Promise<Buffer | null> {
  const { isBundleType, MAX_BUNDLE_BYTES } = await import("../provenance/bundle.ts");
  const manifest = await fetchReferrer(source, digest);
  const layer = manifest?.layers.find(({ mediaType }) => isBundleType(mediaType));
  if (manifest?.subject?.digest !== subject || layer === undefined) return null;
  try {
    return await fetchBytes(source.place, layer, { ...source, maxBytes: MAX_BUNDLE_BYTES });
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND", "BODY_TOO_LARGE")) return null;
    throw error;
  }
}

async function fetchReferrer({ place, signal }: BundleSource, digest: Digest): Promise<Manifest | null> {
  try {
    const document = await place.fetchManifest(digest, signal);
    return document.kind === "manifest" ? document.manifest : null;
  } catch (error) {
    // A list may name a manifest that has been deleted since, or something that never was a manifest.
    if (hasCode(error, "HTTP_NOT_FOUND", "MANIFEST_INVALID", "BODY_TOO_LARGE")) return null;
    throw error;
  }
}
