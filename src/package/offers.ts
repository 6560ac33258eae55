import type { IndexedPackage, Snapshot } from "./metadata.ts";
import { withoutHost } from "./platform.ts";
import { newestOf } from "./version.ts";
import { isAnyVersion, type VersionWish, versionsMeant } from "./version-wish.ts";

/** A package in one version that can be installed. */
export interface Selection {
  readonly package: IndexedPackage;
  readonly version: string;
  /** The older tag to pull; null for the version the entry itself describes. */
  readonly snapshot: Snapshot | null;
}

/** All versions of a package that can be installed, the entries before their snapshots. */
export function offersOf(group: readonly IndexedPackage[]): readonly Selection[] {
  const entries = group.map((found) => ({ package: found, version: found.entry.version, snapshot: null }));
  const snapshots = group.flatMap((found) =>
    found.entry.snapshots.map((snapshot) => ({ package: found, version: snapshotVersion(snapshot), snapshot })),
  );
  return [...entries, ...snapshots];
}

/** Builds of commits between releases have the release's version: only the tag distinguishes them and shows their age. */
function snapshotVersion({ tag, version }: Snapshot): string {
  return tag.startsWith("HEAD-") ? withoutHost(tag) : version;
}

/**
 * Which offers have the version that is wanted. Without one, those are the entries' own versions: snapshots must be asked for.
 */
export function offersMeant(wish: VersionWish, all: readonly Selection[]): (offer: Selection) => boolean {
  const meant = versionsMeant(wish, all.flatMap(textsOf));
  const isAsked = !isAnyVersion(wish.wanted) || all.some(({ version }) => version === wish.wanted);
  return (offer) => (isAsked || offer.snapshot === null) && textsOf(offer).some(meant);
}

/** What can be typed for an offer: its version, or of a snapshot, also its tag. */
function textsOf({ version, snapshot }: Selection): readonly string[] {
  return snapshot === null ? [version] : [version, snapshot.tag, withoutHost(snapshot.tag), snapshot.version];
}

/** The offer that a person wants; of equal ones the first, so that an entry comes before a snapshot of the same version. */
export function newest(offers: readonly Selection[], installed: string | null): Selection | null {
  return newestOf(offers, ({ version }) => version, installed);
}
