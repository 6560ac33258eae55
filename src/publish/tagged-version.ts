import type { Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
import { unlessHidden } from "../oci-tools/set-tag.ts";
import { VERSION_ANNOTATION } from "../package-format/annotations.ts";

/** The version that a tag names. */
export interface TaggedVersion {
  readonly digest: Digest;
  /** The package's version; null when the manifest does not say. */
  readonly version: string | null;
}

/** What a tag names; null when the tag does not exist. @throws {PkgError} those of the place */
export async function readTag(place: Target, tag: string, signal: AbortSignal): Promise<TaggedVersion | null> {
  const document = await unlessHidden(() => place.fetchManifest(tag, signal));
  if (document === null) return null;
  const { digest, annotations } = document.kind === "index" ? document.index : document.manifest;
  return { digest, version: annotations[VERSION_ANNOTATION] ?? null };
}
