import { hasCode } from "../errors.ts";
import { canonicalPath } from "../fs/canonical-path.ts";
import { formatLocation, keyIn, type Location, parseLocation, withKey } from "../oci/location.ts";
import type { Installation } from "../package/installation.ts";
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
