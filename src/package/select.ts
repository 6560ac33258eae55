import { PkgError } from "../errors.ts";
import type { IndexedPackage, Snapshot } from "./metadata.ts";
import type { NamedSpec } from "./spec.ts";
import { compareVersions, isExactVersion, matchesVersion } from "./version.ts";

/** The one package and version that a name means. */
export interface Selection {
  readonly package: IndexedPackage;
  readonly version: string;
  /** The older tag to pull; null for the version the entry itself describes. */
  readonly snapshot: Snapshot | null;
}

const MAX_LISTED = 10;

/**
 * Chooses among all packages of a name; never guesses between two.
 *
 * @throws {PkgError} PACKAGE_NOT_FOUND, PACKAGE_AMBIGUOUS, PACKAGE_UNINSTALLABLE, VERSION_NOT_FOUND
 */
export function selectPackage(spec: NamedSpec, candidates: readonly IndexedPackage[]): Selection {
  const narrowed = candidates.filter((candidate) => fits(spec, candidate));
  if (narrowed.length === 0) throw noneFits(spec, candidates);
  const usable = narrowed.filter(({ entry }) => entry.installable && !entry.disabled);
  if (usable.length === 0) throw uninstallable(spec, narrowed);
  const groups = Map.groupBy(usable, identity);
  const [group = []] = groups.values();
  if (groups.size > 1) throw ambiguous(spec, groups);
  return selectVersion(spec, group);
}

function fits(spec: NamedSpec, { entry, repository }: IndexedPackage): boolean {
  return (
    (spec.family === null || entry.family === spec.family) &&
    (spec.id === null || entry.id === spec.id) &&
    (spec.repository === null || repository === spec.repository)
  );
}

/** Entries that differ in nothing but their version are one package. */
function identity({ entry, repository }: IndexedPackage): string {
  return JSON.stringify([repository, entry.id, entry.name, entry.type]);
}

/** The newest that fits; an entry's own version before a snapshot of the same one. */
function selectVersion(spec: NamedSpec, group: readonly IndexedPackage[]): Selection {
  const offers = group.flatMap((found): readonly Selection[] => [
    { package: found, version: found.entry.version, snapshot: null },
    ...(spec.version === null
      ? []
      : found.entry.snapshots.map((snapshot) => ({ package: found, version: snapshot.version, snapshot }))),
  ]);
  const fitting = offers.filter((offer) => isWanted(spec, offer));
  const best = fitting.reduce<Selection | null>(
    (newest, offer) => (newest === null || isNewer(offer, newest) ? offer : newest),
    null,
  );
  if (best !== null) return best;
  throw noVersion(spec, offers);
}

function isWanted({ version: wanted }: NamedSpec, { version, snapshot }: Selection): boolean {
  // A snapshot may also be asked for by its tag, which tells two builds of one version apart.
  return wanted === null || matchesVersion(version, wanted) || (snapshot !== null && snapshot.tag === wanted);
}

function isNewer(a: Selection, b: Selection): boolean {
  return compareVersions(a.version, b.version) > 0;
}

function noneFits(spec: NamedSpec, candidates: readonly IndexedPackage[]): PkgError {
  return new PkgError(
    "PACKAGE_NOT_FOUND",
    `Cannot find "${spec.text}": expected one of ${listed(candidates.map(typed))}`,
    {
      hint: `Type one of these names in full`,
    },
  );
}

function uninstallable(spec: NamedSpec, narrowed: readonly IndexedPackage[]): PkgError {
  const reason = narrowed.every(({ entry }) => entry.disabled)
    ? "the index marks it as disabled"
    : "the index marks it as not installable";
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${spec.text}": ${reason}`, {
    hint: `Run \`pkg info ${spec.name}\` for its notes`,
  });
}

function ambiguous(spec: NamedSpec, groups: ReadonlyMap<string, readonly IndexedPackage[]>): PkgError {
  const names = [...groups.values()].flatMap(([first]) => (first === undefined ? [] : [typed(first)]));
  return new PkgError(
    "PACKAGE_AMBIGUOUS",
    `Cannot tell which "${spec.text}" is meant: ${names.length} packages have that name`,
    {
      hint: `Type one of: ${listed(withoutCommonParts(names, spec))}`,
    },
  );
}

/** What to type so that it can mean nothing else. */
function typed({ entry, repository }: IndexedPackage): string {
  return `${entry.name}#${entry.id}:${repository}`;
}

/** The repository is left out where every candidate comes from the same one. */
function withoutCommonParts(names: readonly string[], spec: NamedSpec): readonly string[] {
  const repositories = new Set(names.map((name) => name.slice(name.lastIndexOf(":"))));
  const version = spec.version === null ? "" : `@${spec.version}`;
  return names.map((name) => {
    const colon = name.lastIndexOf(":");
    return `${name.slice(0, colon)}${version}${repositories.size > 1 ? name.slice(colon) : ""}`;
  });
}

function noVersion(spec: NamedSpec, offers: readonly Selection[]): PkgError {
  const versions = [...new Set(offers.map((offer) => offer.version))].toSorted((a, b) => compareVersions(b, a));
  const kind = isExactVersion(spec.version ?? "") ? "version" : "range";
  return new PkgError(
    "VERSION_NOT_FOUND",
    `Cannot find "${spec.text}": no version fits the ${kind} "${spec.version}", found ${listed(versions)}`,
    {
      hint: `Run \`pkg install ${spec.name}@${versions[0] ?? ""}\``,
    },
  );
}

function listed(items: readonly string[]): string {
  const more = items.length > MAX_LISTED ? ` and ${items.length - MAX_LISTED} more` : "";
  return items.slice(0, MAX_LISTED).join(", ") + more;
}
