import { hasCode, isNotFound } from "../errors.ts";
import type { ManifestUpload, Target } from "../oci/content.ts";
import type { Digest } from "../oci/digest.ts";

/** A tag to set. */
export interface SetTagRequest {
  readonly document: Omit<ManifestUpload, "tag">;
  readonly tag: string;
  /** What the tag is expected to name; null: nothing. */
  readonly before: Digest | null;
}

/**
 * Points a tag to a document, unless the tag has been moved by somebody else since `before` was read. A registry cannot compare and
 * set, so the tag is read right before it is written, and again afterwards.
 *
 * @returns what the tag names afterwards: another digest when somebody else was faster
 * @throws {PkgError} those of the place
 */
export async function setTag(
  place: Target,
  { document, tag, before }: SetTagRequest,
  signal: AbortSignal,
): Promise<Digest | null> {
  const found = await tagDigest(place, tag, signal);
  if (found === document.digest || found !== before) return found;
  await place.pushManifest({ ...document, tag }, signal);
  return tagDigest(place, tag, signal);
}

/** The digest of what a tag names; null when there is no such tag. @throws {PkgError} those of the place */
export async function tagDigest(place: Target, tag: string, signal: AbortSignal): Promise<Digest | null> {
  return (await unlessHidden(() => place.resolve(tag, signal)))?.digest ?? null;
}

/** All tags of a repository; none when it does not exist yet. @throws {PkgError} those of the place */
export async function tagsIn(place: Target, signal: AbortSignal): Promise<readonly string[]> {
  return (await unlessHidden(() => place.listTags(signal))) ?? [];
}

/**
 * What a repository answers; null when it has nothing there. A registry may answer 401 or 403 for a repository that does not exist
 * yet, even to those who may create it.
 */
export async function unlessHidden<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (isNotFound(error) || hasCode(error, "HTTP_UNAUTHORIZED", "HTTP_FORBIDDEN")) return null;
    throw error;
  }
}
