import { listSome } from "../base/lists.ts";
import { hasCode, PkgError } from "../errors.ts";
import type { Source } from "../oci/content.ts";
import { formatLocation, keyIn, type Location, withKey } from "../oci/location.ts";
import { nearest } from "../package/nearest.ts";
import { withoutHost } from "../package/platform.ts";
import { newestTagsFirst } from "../package/tag-order.ts";
import { isSameVersion } from "../package/version.ts";
import { nearestVersion } from "../package/version-wish.ts";
import { isVersionTag, LATEST_TAG } from "./tags.ts";

/** A tag or digest that a place does not have. */
export interface MissingTag {
  readonly place: Source;
  readonly location: Location;
  readonly error: unknown;
  readonly signal: AbortSignal;
}

const MAX_LISTED = 8;

/**
 * The error for what is not there, with a hint that names the nearest tag that is; the same error for anything else, such as
 * something missing that the tag leads to.
 */
export async function withNearestTag(missing: MissingTag): Promise<unknown> {
  const { location, error } = missing;
  if (!hasCode(error, "HTTP_NOT_FOUND")) return error;
  const { tag, digest } = keyIn(location);
  const tags = await tagsBeside(missing);
  if (tags.length === 0 || (digest === null && (tag === null || tags.includes(tag)))) return error;
  const found = tag === null || digest !== null ? null : nearestTag(tag, tags);
  const hint =
    found === null
      ? `Its tags are ${listSome(tags, MAX_LISTED)}`
      : `Did you mean ${formatLocation(withKey(location, { tag: found, digest: null }))}?`;
  return new PkgError(error.code, error.message, { hint, cause: error });
}

/** The tags that a place has, the newest first; none if they cannot be listed. @throws {PkgError} INTERRUPTED */
export async function tagsBeside({ place, signal }: Pick<MissingTag, "place" | "signal">): Promise<readonly string[]> {
  try {
    return newestTagsFirst(await place.listTags(signal));
  } catch (problem) {
    if (hasCode(problem, "INTERRUPTED")) throw problem;
    return [];
  }
}

/** The other spelling of the same version, the nearest version, or the word that is typed most alike; null: none is near. */
export function nearestTag(tag: string, tags: readonly string[]): string | null {
  const own = ownTags(tags, isVersionTag(tag) ? tag : "");
  if (isVersionTag(tag)) return own.find((text) => isSameVersion(text, tag)) ?? nearestVersion(tag, own);
  const alike = nearest(tag, tags, 1)[0] ?? null;
  return alike ?? (tag.toLowerCase() === LATEST_TAG ? (own[0] ?? null) : null);
}

/** The tags of versions, or if one of a platform was typed, those of that platform. */
export function ownTags(tags: readonly string[], typed: string): readonly string[] {
  const ending = endingOf(typed).toLowerCase();
  return tags.filter((tag) => isVersionTag(tag) && endingOf(tag).toLowerCase() === ending);
}

function endingOf(tag: string): string {
  return tag.slice(withoutHost(tag).length);
}
