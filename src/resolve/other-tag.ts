import { hasCode } from "../errors.ts";
import { keyIn, type Location, withKey } from "../oci/location.ts";
import { isTagOf, withoutHost } from "../package/platform.ts";
import { newestOf } from "../package/version.ts";
import { type MissingTag, ownTags, tagsBeside, withNearestTag } from "../package-format/missing-tag.ts";
import { isVersionTag } from "../package-format/tags.ts";

/** A tag that a registry does not have. */
export interface TagNotFound extends MissingTag {
  /** A reference without a tag means the newest version, which nobody need have tagged `latest`. */
  readonly isTyped: boolean;
  /** The version that is installed from there; null: none. */
  readonly installed: string | null;
  /** The machine's, as tags of one platform end in it: `x86_64-linux`. */
  readonly host: string;
}

/**
 * What to read instead of a tag that is not there: the newest version, if no tag was typed.
 *
 * @throws the error about the tag, with a hint that names the nearest one that is there
 */
export async function otherTag(missing: TagNotFound): Promise<Location> {
  const { location, isTyped, error } = missing;
  const { tag, digest } = keyIn(location);
  if (isTyped || tag === null || digest !== null) throw await withNearestTag(missing);
  const tags = hasCode(error, "HTTP_NOT_FOUND") ? await tagsBeside(missing) : [];
  // What the tag leads to is missing, rather than the tag.
  const found = tags.includes(tag) ? null : newestTag(tags, missing);
  if (found === null) throw error;
  return withKey(location, { tag: found, digest });
}

/** The tag of the newest version; where there are none but those of platforms, of the machine's. */
function newestTag(tags: readonly string[], { installed, host }: TagNotFound): string | null {
  const ways = [
    ownTags(tags, ""),
    ownTags(tags, `-${host}`),
    tags.filter((tag) => isVersionTag(tag) && isTagOf(tag, host)),
  ];
  return newestOf(ways.find((own) => own.length > 0) ?? [], withoutHost, installed);
}
