import { PkgError } from "../errors.ts";
import type { PackageIndex } from "../index-database/package-index.ts";
import { ownersFirst } from "../package/narrow.ts";
import { selectPackage } from "../package/select.ts";
import type { NamedSpec } from "../package/spec.ts";
import type { Settled } from "../repositories/refresh.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { type InstallationsByName, installedNow } from "./installed-now.ts";
import { findCandidates, type Lookup, NO_LOOKUP, withIndexedName } from "./lookup.ts";

interface DecidingCapabilities extends Pick<SyncCapabilities, "config" | "indexes"> {
  readonly installations: InstallationsByName;
}

/**
 * True once no repository that is still waited for could change what these names mean: each is found, by its name or an alias,
 * in the repository that was typed, or in one that comes before all of those.
 */
export function areDecided(cap: DecidingCapabilities, specs: readonly NamedSpec[], settled: Settled): boolean {
  const ordered = cap.config.repositories.filter(({ enabled }) => enabled);
  const end = ordered.findIndex(({ name }) => !settled.names.has(name));
  const before = new Set(ordered.slice(0, end === -1 ? undefined : end).map(({ name }) => name));
  const usable = settled.usable.map(({ name }) => name);
  return specs.every((spec) => {
    const counting = usable.filter((name) => (spec.repository === null ? before.has(name) : name === spec.repository));
    return withIndexes(cap, counting, (lookup) => isFound(cap, lookup, spec));
  });
}

function withIndexes(
  { indexes }: DecidingCapabilities,
  names: readonly string[],
  ask: (lookup: Lookup) => boolean,
): boolean {
  const opened = new Map<string, PackageIndex>();
  try {
    for (const name of names) {
      const index = indexes.open(name);
      if (index !== null) opened.set(name, index);
    }
    return ask({ ...NO_LOOKUP, indexes: opened });
  } finally {
    for (const index of opened.values()) index.close();
  }
}

/** What is installed stays with its own repository, so that has to be among them. */
function isFound({ config, installations }: DecidingCapabilities, lookup: Lookup, typed: NamedSpec): boolean {
  const spec = withIndexedName(lookup, typed);
  try {
    const all = findCandidates(lookup, spec);
    const installed = installedNow(installations, spec, all);
    if (typeof installed?.repository === "string" && !lookup.indexes.has(installed.repository)) return false;
    const { package: found } = selectPackage(spec, ownersFirst(spec, all, installed), { ...config, installed });
    return found.entry.name === spec.name || found.entry.aliases.includes(spec.name);
  } catch (error) {
    if (error instanceof PkgError) return false;
    throw error;
  }
}
