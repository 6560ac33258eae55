import { hasCode, PkgError } from "../errors.ts";
import type { Source } from "../oci/content.ts";
import { formatLocation, keyIn, type Location, withKey } from "../oci/location.ts";
import { nearest } from "../package/nearest.ts";
import { withoutHost } from "../package/platform.ts";
import { newestTagsFirst } from "../package/tag-order.ts";
import { isSameVersion, newestOf } from "../package/version.ts";
import { nearestVersion } from "../package/version-wish.ts";
import { isVersionTag } from "../package-format/tags.ts";

/** A tag that a registry does not have. */
export interface TagNotFound {
  readonly place: Source;
  readonly location: Location;
  /** A reference without a tag means the newest version, which nobody need have tagged `latest`. */
  readonly isTyped: boolean;
  /** The version that is installed from there; null: none. */
  readonly installed: string | null;
  /** The machine's, as tags of one platform end in it: `x86_64-linux`. */
  readonly host: string;
  readonly error: unknown;
  readonly signal: AbortSignal;
}

/**
 * What to read instead of a tag that is not there: the newest version, if no tag was typed.
 *
 * @throws the error about the tag, with a hint that names the nearest one that is there
 */
export async function otherTag(missing: TagNotFound): Promise<Location> {
  const { location, isTyped, error } = missing;
  const { tag, digest } = keyIn(location);
  if (tag === null || digest !== null || !hasCode(error, "HTTP_NOT_FOUND")) throw error;
  const tags = await tagsBeside(missing);
  // What the tag leads to is missing, rather than the tag.
  if (tags.includes(tag)) throw error;
  const found = isTyped ? nearestTag(tag, tags) : newestTag(tags, missing);
  if (found === null) throw error;
  const other = withKey(location, { tag: found, digest });
  if (!isTyped) return other;
  throw new PkgError(error.code, error.message, { hint: `Did you mean ${formatLocation(other)}?`, cause: error });
}

/** The tag of the newest version; where there are none but those of platforms, of the machine's. */
function newestTag(tags: readonly string[], { installed, host }: TagNotFound): string | null {
  const plain = ownTags(tags, "");
  return newestOf(plain.length > 0 ? plain : ownTags(tags, `-${host}`), withoutHost, installed);
}

async function tagsBeside({ place, error, signal }: TagNotFound): Promise<readonly string[]> {
  try {
    return newestTagsFirst(await place.listTags(signal));
  } catch (problem) {
    throw hasCode(problem, "INTERRUPTED") ? problem : error;
  }
}

/** The other spelling of the same version, the nearest version, or the word that is typed most alike. */
function nearestTag(tag: string, tags: readonly string[]): string | null {
  if (!isVersionTag(tag)) return nearest(tag, tags, 1)[0] ?? null;
  const own = ownTags(tags, tag);
  return own.find((text) => isSameVersion(text, tag)) ?? nearestVersion(tag, own);
}

/** The tags of versions, or if one of a platform was typed, those of that platform. */
function ownTags(tags: readonly string[], typed: string): readonly string[] {
  const ending = endingOf(typed).toLowerCase();
  return tags.filter((tag) => isVersionTag(tag) && endingOf(tag).toLowerCase() === ending);
}

function endingOf(tag: string): string {
  return tag.slice(withoutHost(tag).length);
}
