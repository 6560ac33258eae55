import { hasCode, PkgError } from "../errors.ts";
import { findCandidates, type Lookup, metaOf, NO_LOOKUP, openLookup } from "../install/lookup.ts";
import { parseSpec } from "../install/spec.ts";
import type { IndexedPackage, PackageEntry } from "../package/metadata.ts";
import { packageKey } from "../package/narrow.ts";
import { newest, offersMeant, offersOf } from "../package/offers.ts";
import { missingVersion, noneFits } from "../package/select.ts";
import { newestFirst } from "../package/version.ts";
import { isSigned } from "../repositories/known-version.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { type InstallationSummary, type StateCapabilities, summarize } from "./inspect.ts";

/** Everything that is known about a name. */
export interface InfoOutcome {
  readonly packages: readonly KnownPackage[];
  readonly installed: InstallationSummary | null;
}

/** A package in an index, with its versions. */
export interface KnownPackage {
  readonly repository: string;
  /** Whether the index that it is in is signed. */
  readonly indexSigned: boolean;
  /** The entry of the version that was asked for, else of the newest release. */
  readonly entry: PackageEntry;
  /** All versions in the index, the newest release first. */
  readonly versions: readonly string[];
}

/**
 * Everything that is known about a name: every package it may mean, and what is installed under it.
 *
 * @throws {PkgError} USAGE, PACKAGE_NOT_FOUND
 */
export async function info(cap: SyncCapabilities & StateCapabilities, text: string): Promise<InfoOutcome> {
  const spec = parseSpec(text);
  if (spec.kind === "reference") {
    throw new PkgError("USAGE", `Cannot show "${text}": expected a name, found a reference`, {
      hint: `Run \`pkg pull ${text}\` to get its files`,
    });
  }
  const { installations } = await cap.state();
  const installed = installations.get(spec.name);
  const lookup = await openLookup(cap).catch((error: unknown) => {
    // What is installed can be shown without any index.
    if (installed !== null && hasCode(error, "INDEX_MISSING")) return NO_LOOKUP;
    throw error;
  });
  try {
    const found = findCandidates(lookup, spec);
    const narrowed = found.filter(
      ({ entry }) =>
        (spec.id === null || entry.id === spec.id) && (spec.family === null || entry.family === spec.family),
    );
    const version = installed?.version ?? null;
    const isMeant = offersMeant({ wanted: spec.version, installed: version }, offersOf(narrowed));
    const packages = [...Map.groupBy(narrowed, packageKey).values()].flatMap((group) => {
      const shown = newest(offersOf(group).filter(isMeant), version)?.package;
      return shown === undefined ? [] : [knownPackage(lookup, group, shown)];
    });
    if (packages.length === 0) throw narrowed.length === 0 ? noneFits(spec, found) : missingVersion(spec, narrowed);
    return { packages, installed: installed === null ? null : summarize(installed) };
  } catch (error) {
    // A package from a direct reference, or from a repository that was removed, is in no index.
    if (installed !== null && hasCode(error, "PACKAGE_NOT_FOUND"))
      return { packages: [], installed: summarize(installed) };
    throw error;
  } finally {
    lookup.close();
  }
}

function knownPackage(lookup: Lookup, group: readonly IndexedPackage[], shown: IndexedPackage): KnownPackage {
  const versions = newestFirst(new Set(group.map(({ entry }) => entry.version)));
  return { ...shown, indexSigned: isSigned(metaOf(lookup, shown)), versions };
}
