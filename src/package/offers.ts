import type { IndexedPackage, Snapshot } from "./metadata.ts";
import { withoutHost } from "./platform.ts";
import { compareVersions, matchesVersion } from "./version.ts";

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

/** Whether an offer has the version `wanted`. Null means the entries' own versions: snapshots must be asked for. */
export function isWanted(wanted: string | null, { version, snapshot }: Selection): boolean {
  if (wanted === null) return snapshot === null;
  if (matchesVersion(version, wanted)) return true;
  if (snapshot === null) return false;
  const { tag } = snapshot;
  return tag === wanted || withoutHost(tag) === wanted || matchesVersion(snapshot.version, wanted);
}

/** The newest offer; of equal ones the first, so that an entry comes before a snapshot of the same version. */
export function newest(offers: readonly Selection[]): Selection | null {
  return offers.reduce<Selection | null>(
    (best, offer) => (best === null || compareVersions(offer.version, best.version) > 0 ? offer : best),
    null,
  );
}
