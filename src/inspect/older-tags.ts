import { mapConcurrently } from "../base/concurrency.ts";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import { openLocation } from "../network/open-location.ts";
import { formatLocation, type Location, withKey } from "../oci/location.ts";
import { isTagOf, withoutHost } from "../package/platform.ts";
import { isVersionTag, tagAdmits } from "../package-format/tags.ts";

/** A tag that stands for a version. */
export interface VersionTag {
  readonly version: string;
  readonly location: Location;
}

/** The tags of versions at some places. */
export interface OlderTags {
  readonly found: readonly VersionTag[];
  /** The places that were not asked, or did not answer. */
  readonly unasked: readonly string[];
  /** Why, of the first of them; null: there are none. */
  readonly error: PkgError | null;
}

type TagCapabilities = Pick<Capabilities, "config" | "network" | "signal">;

/** Lists the tags of versions for this machine; offline, of places on this machine alone. Each place is asked once. */
export async function olderTags(cap: TagCapabilities, places: readonly Location[]): Promise<OlderTags> {
  const byName = new Map(places.map((place) => [formatLocation(withKey(place, { tag: null, digest: null })), place]));
  const isOffline = byName.size > 0 && (await cap.network()).isOffline;
  const answers = await mapConcurrently([...byName], cap.config.concurrency, async ([name, location]) => {
    if (isOffline && location.kind === "registry") return { name, error: notAsked() };
    try {
      return { name, found: await tagsAt(cap, name, location) };
    } catch (error) {
      return { name, error: asFailure(error) };
    }
  });
  const failed = answers.flatMap((answer) => ("error" in answer ? answer : []));
  return {
    found: answers.flatMap((answer) => ("found" in answer ? answer.found : [])),
    unasked: failed.map(({ name }) => name),
    error: failed[0]?.error ?? null,
  };
}

async function tagsAt(
  { network, config, signal }: TagCapabilities,
  name: string,
  location: Location,
): Promise<readonly VersionTag[]> {
  const { place, close } = await openLocation(network, location, {
    task: `list the tags of "${name}"`,
    namedBy: "person",
  });
  try {
    return versionTags(await place.listTags(signal), config.host).map(([version, tag]) => ({
      version,
      location: withKey(location, { tag, digest: null }),
    }));
  } finally {
    await close();
  }
}

/** Versions and their tags: one for each, that of all platforms first, and none that moves with the versions below it. */
export function versionTags(
  tags: readonly string[],
  host: string,
): readonly (readonly [version: string, tag: string])[] {
  const own = tags.filter((tag) => isVersionTag(tag) && (withoutHost(tag) === tag || isTagOf(tag, host)));
  const byVersion = new Map<string, string>();
  for (const tag of own.toSorted((a, b) => a.length - b.length)) {
    const version = withoutHost(tag);
    if (!byVersion.has(version)) byVersion.set(version, tag);
  }
  const versions = [...byVersion.keys()];
  const isMoving = (version: string) => versions.some((other) => other !== version && tagAdmits(version, other));
  return [...byVersion].filter(([version]) => !isMoving(version));
}

function notAsked(): PkgError {
  return new PkgError("OFFLINE", "no registry is asked offline");
}
