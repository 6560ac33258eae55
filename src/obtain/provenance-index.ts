import { hasCode } from "../errors.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { isTag } from "../oci/reference.ts";
import type { PackageOrigin } from "../plan/origin.ts";

export interface ImageIndexRequest {
  readonly place: Source;
  readonly origin: PackageOrigin;
  readonly manifest: Manifest;
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * The image index that lists a manifest: the one its reference names, else the one that the tag of its version names,
 * since a package index names the manifest itself. A tag is as good as a digest here: only what it lists counts.
 *
 * @throws {PkgError} those of the place
 */
export async function fetchImageIndex(request: ImageIndexRequest): Promise<ImageIndex | null> {
  for (const key of candidates(request)) {
    const index = await fetchIndex(request, key);
    if (index?.manifests.some(({ digest }) => digest === request.manifest.digest)) return index;
  }
  return null;
}

function candidates({ origin, manifest, version }: ImageIndexRequest): readonly ManifestKey[] {
  const { tag, digest } = origin;
  const named = digest === null || digest === manifest.digest ? tag : digest;
  const versionTag = version.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  return [...(named === null ? [] : [named]), ...(isTag(versionTag) && versionTag !== tag ? [versionTag] : [])];
}

async function fetchIndex({ place, signal }: ImageIndexRequest, key: ManifestKey): Promise<ImageIndex | null> {
  try {
    const document = await place.fetchManifest(key, signal);
    return document.kind === "index" ? document.index : null;
  } catch (error) {
    // The tag may have been deleted while the manifest still exists.
    if (hasCode(error, "HTTP_NOT_FOUND", "MANIFEST_INVALID")) return null;
    throw error;
  }
}
