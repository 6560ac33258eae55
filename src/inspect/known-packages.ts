import type { IndexedPackage, PackageEntry } from "../package/metadata.ts";
import { packageKey } from "../package/narrow.ts";
import { newest, offersMeant, offersOf } from "../package/offers.ts";
import { missingVersion, noneFits } from "../package/select.ts";
import type { NamedSpec } from "../package/spec.ts";
import { newestFirst } from "../package/version.ts";
import { isSigned } from "../repositories/known-version.ts";
import { findCandidates, type Lookup, metaOf, withIndexedName } from "../resolve/lookup.ts";

/** A package in an index, with its versions, or one that was named by its reference. */
export interface KnownPackage {
  /** Null for a package that was named by its reference. */
  readonly repository: string | null;
  /** Whether the index that it is in is signed; null: it is in none. */
  readonly indexSigned: boolean | null;
  /** The entry of the version that was asked for, else of the newest release. */
  readonly entry: PackageEntry;
  /** All versions in the index, the newest release first. */
  readonly versions: readonly string[];
  /** What a container image has; null: it is none. */
  readonly image: KnownImage | null;
}

/** What a container image has, as far as it was looked at. */
export interface KnownImage {
  /** What it starts: a program and its arguments. */
  readonly entrypoint: readonly string[];
  /** Names of programs that `--program` takes, those of the top layers first. */
  readonly programs: readonly string[];
  /** False when there are more: not all layers were read, or all programs listed. */
  readonly isComplete: boolean;
}

/**
 * Every package that a name may mean and that has the version that was typed, if one was.
 *
 * @param installed the version that is installed under the name; null: none
 * @throws {PkgError} PACKAGE_NOT_FOUND, VERSION_NOT_FOUND, REPOSITORY_UNKNOWN
 */
export function knownPackages(lookup: Lookup, typed: NamedSpec, installed: string | null): readonly KnownPackage[] {
  const spec = withIndexedName(lookup, typed);
  const found = findCandidates(lookup, spec);
  const narrowed = found.filter(
    ({ entry }) => (spec.id === null || entry.id === spec.id) && (spec.family === null || entry.family === spec.family),
  );
  const isMeant = offersMeant({ wanted: spec.version, installed }, offersOf(narrowed));
  const packages = [...Map.groupBy(narrowed, packageKey).values()].flatMap((group) => {
    const shown = newest(offersOf(group).filter(isMeant), installed)?.package;
    return shown === undefined ? [] : [knownPackage(lookup, group, shown)];
  });
  if (packages.length > 0) return packages;
  throw narrowed.length === 0 ? noneFits(spec, found) : missingVersion(spec, narrowed);
}

function knownPackage(lookup: Lookup, group: readonly IndexedPackage[], shown: IndexedPackage): KnownPackage {
  const versions = newestFirst(new Set(group.map(({ entry }) => entry.version)));
  return { ...shown, indexSigned: isSigned(metaOf(lookup, shown)), versions, image: null };
}
