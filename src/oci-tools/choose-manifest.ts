import { PkgError } from "../errors.ts";
import type { ManifestKey, Source } from "../oci/content.ts";
import type { DescriptorPlatform } from "../oci/descriptor.ts";
import type { Manifest } from "../oci/manifest.ts";
import { selectPlatform } from "../oci/platform.ts";

export interface ChooseManifestRequest {
  readonly place: Source;
  readonly key: ManifestKey;
  /** Of an image index's entries; null: `host`. */
  readonly platform: DescriptorPlatform | null;
  readonly host: DescriptorPlatform;
  readonly signal: AbortSignal;
}

/**
 * The manifest that a tag or digest names; through an image index, the one for a platform.
 *
 * @throws {PkgError} PLATFORM_UNSUPPORTED when the index has none for it; MANIFEST_INVALID for an index in an index;
 * and those of the place
 */
export async function chooseManifest(request: ChooseManifestRequest): Promise<Manifest> {
  const { place, key, signal } = request;
  const document = await place.fetchManifest(key, signal);
  if (document.kind === "manifest") return document.manifest;
  const inner = await place.fetchManifest(
    selectPlatform(document.index, request.platform ?? request.host, place.location).digest,
    signal,
  );
  if (inner.kind === "manifest") return inner.manifest;
  throw new PkgError(
    "MANIFEST_INVALID",
    `Cannot use "${place.location}": its image index leads to another image index`,
    {
      hint: `Name one of its manifests by its digest: \`pkg oci manifest inspect\` shows them`,
    },
  );
}
