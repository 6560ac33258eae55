import { hasCode } from "../errors.ts";
import type { ImageIndex, Manifest } from "../oci/manifest.ts";
import { isTag, type Reference } from "../oci/reference.ts";
import type { RegistryClient } from "../registry-client/registry-client.ts";

export interface ImageIndexRequest {
  readonly registry: RegistryClient;
  /** What the manifest was reached by. */
  readonly reference: Reference;
  readonly manifest: Manifest;
  readonly version: string;
  readonly signal: AbortSignal;
}

/**
 * The image index that lists a manifest: what its reference names, else what the tag of its version does, since a package
 * index leads to the manifest itself. A tag is as good as a digest here, for what counts is the list.
 *
 * @throws {PkgError} those of the registry
 */
export async function fetchImageIndex(request: ImageIndexRequest): Promise<ImageIndex | null> {
  for (const reference of candidates(request)) {
    const index = await fetchIndex(request, reference);
    if (index?.manifests.some(({ digest }) => digest === request.manifest.digest)) return index;
  }
  return null;
}

function candidates({ reference, manifest, version }: ImageIndexRequest): readonly Reference[] {
  const named = reference.digest === manifest.digest ? { ...reference, digest: null } : reference;
  const tag = version.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  return [
    ...(named.tag === null && named.digest === null ? [] : [named]),
    ...(isTag(tag) && tag !== reference.tag ? [{ ...reference, tag, digest: null }] : []),
  ];
}

async function fetchIndex(request: ImageIndexRequest, reference: Reference): Promise<ImageIndex | null> {
  try {
    const document = await request.registry.fetchManifest(reference, request.signal);
    return document.kind === "index" ? document.index : null;
  } catch (error) {
    // The tag may be gone while the manifest is still there.
    if (hasCode(error, "HTTP_NOT_FOUND", "MANIFEST_INVALID")) return null;
    throw error;
  }
}
