import { hasCode } from "../errors.ts";
import type { Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";
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

/** All tags of a repository; none when it does not exist yet. @throws {PkgError} those of the place */
export async function tagsIn(place: Target, signal: AbortSignal): Promise<readonly string[]> {
  return (await unlessHidden(() => place.listTags(signal))) ?? [];
}

/** A registry may answer 401 or 403 for a repository that does not exist yet, even to those who may create it. */
async function unlessHidden<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, "HTTP_NOT_FOUND", "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN")) return null;
    throw error;
  }
}
