import { hasCode } from "../errors.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { formatLocation, keyIn, type Location, parseLocation, withKey } from "../oci/location.ts";
import { isTag, tagText } from "../oci/reference.ts";
import type { Installation } from "../package/installation.ts";
import { isRange } from "../package/version-range.ts";
import { isVersionTag, tagAdmits } from "../package-format/tags.ts";

/** True for what was installed from a place, by its reference or through an index; whatever tag and digest it had. */
export function isFromPlace({ repository, packageId, reference }: Installation, location: Location): boolean {
  const texts = repository === null ? [packageId, reference] : [reference];
  return texts.some((text) => {
    const from = locationIn(text);
    return from !== null && placeOf(from) === placeOf(location);
  });
}

/** Whether the tag and the digest that a place names, if it names any, are those of the installation. */
export function isOfKey(item: Installation, location: Location): boolean {
  const { tag, digest } = keyIn(location);
  const own = [item.requested, item.reference].flatMap((text) => {
    const from = locationIn(text);
    return from === null ? [] : [keyIn(from)];
  });
  const digests = [item.manifestDigest, item.programDigest, ...own.map((key) => key.digest)];
  if (digest !== null) return digests.includes(digest);
  return tag === null || own.some((key) => key.tag === tag) || (isVersionTag(tag) && tagAdmits(tag, item.version));
}

/** False for what was installed by a digest or by the tag of another version, which will never lead to this one. */
export function mayLeadTo({ repository, requested }: Installation, version: string): boolean {
  const from = repository === null ? locationIn(requested) : null;
  if (from === null) return true;
  const { tag, digest } = keyIn(from);
  if (digest !== null) return false;
  return tag === null || isRange(version) || tagAdmits(tag, version);
}

/** What `install` takes for a version of what was installed by its reference: the same place with the version's tag; null: none. */
export function referenceTo({ repository, packageId }: Installation, version: string): string | null {
  const place = repository === null ? locationIn(packageId) : null;
  const tag = tagText(version);
  return place === null || isRange(version) || !isTag(tag)
    ? null
    : formatLocation(withKey(place, { tag, digest: null }));
}

/** Without tag and digest; of a place on this machine only the path, which may hold a layout or a tar of one. */
function placeOf(location: Location): string {
  return location.kind === "registry"
    ? formatLocation(withKey(location, { tag: null, digest: null }))
    : canonicalPath(location.path);
}

/** A place on this machine, with its path as it is recorded of what is installed from there: it may be spelled in many ways. */
export function spelledAsInstalled(installations: readonly Installation[], location: Location): Location {
  if (location.kind === "registry") return location;
  const place = placeOf(location);
  for (const { repository, packageId } of installations) {
    const from = repository === null ? locationIn(packageId) : null;
    if (from?.kind === location.kind && placeOf(from) === place) return { ...location, path: from.path };
  }
  return location;
}

/** Null for a name, and for the address of a file. */
function locationIn(text: string): Location | null {
  try {
    return parseLocation(text);
  } catch (error) {
    if (hasCode(error, "REFERENCE_INVALID", "DIGEST_INVALID")) return null;
    throw error;
  }
}
