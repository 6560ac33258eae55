import { listSome } from "../base/lists.ts";
import { PkgError } from "../errors.ts";
import { ambiguous } from "./ambiguous.ts";
import type { Installation } from "./installation.ts";
import { endingText } from "./keg.ts";
import { libcRank, type Machine, unsupported } from "./machine.ts";
import type { IndexedPackage } from "./metadata.ts";
import { fits, formatSpec, inFull, namedBest, packageKey } from "./narrow.ts";
import { newest, offersMeant, offersOf, type Selection } from "./offers.ts";
import type { NamedSpec } from "./spec.ts";
import { isPreRelease, newestFirst } from "./version.ts";
import { isRange } from "./version-range.ts";
import { nearestVersion } from "./version-wish.ts";

export type { Selection } from "./offers.ts";

const MAX_LISTED = 10;

/** A machine, and what else is known about the name that was asked for. */
export interface Wanting extends Machine {
  /** Other hosts for which something has this name; for messages only. */
  readonly elsewhere?: readonly string[];
  /** What is installed under the name; null: nothing. */
  readonly installed?: Pick<Installation, "version" | "repository" | "packageId"> | null;
}

/**
 * Chooses among all packages with a name, which are in the order of the config: the first repository that has it counts, and
 * between two of the same one there is no guessing. A version helps to choose: only packages that have it are meant. Of several versions, `newestOf` says which; of several builds of one, the one whose C library suits
 * the machine best is chosen.
 *
 * @throws {PkgError} PACKAGE_NOT_FOUND, PACKAGE_AMBIGUOUS, PACKAGE_UNINSTALLABLE, VERSION_NOT_FOUND,
 * PLATFORM_UNSUPPORTED
 */
export function selectPackage(spec: NamedSpec, candidates: readonly IndexedPackage[], machine: Wanting): Selection {
  const fitting = candidates.filter((candidate) => fits(spec, candidate));
  const narrowed = namedBest(spec.name, fitting);
  if (narrowed.length === 0) throw noneFits(spec, candidates);
  const installable = narrowed.filter(({ entry }) => entry.installable && !entry.disabled);
  if (installable.length === 0) throw uninstallable(spec, narrowed);
  const usable = runnable(installable, machine);
  if (usable.length === 0) throw unsupportedBy(spec, installable, machine);
  const groups = [...Map.groupBy(usable, packageKey).values()];
  const wish = { wanted: spec.version, installed: installedVersion(usable, machine) };
  const isMeant = offersMeant(wish, offersOf(usable));
  const those = groups.filter((group) => offersOf(group).some(isMeant));
  const meant = ofFirstRepository(those.length > 0 ? those : groups);
  if (meant.length > 1) throw ambiguous(spec, meant, candidates);
  const having = meant.map((group) => offersOf(group).filter(isMeant)).filter((offers) => offers.length > 0);
  const best = newest(having.flat(), wish.installed);
  if (best !== null) return best;
  // Nothing that runs here has the version: it exists for other machines only, or cannot be installed.
  const isMeantElsewhere = offersMeant(wish, offersOf(narrowed));
  const others = narrowed.filter((candidate) => offersOf([candidate]).some(isMeantElsewhere));
  if (others.length === 0) throw missingVersion(spec, usable);
  const built = others.filter((candidate) => installable.includes(candidate));
  throw built.length > 0 ? unsupportedBy(spec, built, machine) : uninstallable(spec, others);
}

/** The groups of the repository that comes first. */
function ofFirstRepository(groups: readonly (readonly IndexedPackage[])[]): readonly (readonly IndexedPackage[])[] {
  const first = groups[0]?.[0]?.repository;
  return groups.filter(([one]) => one?.repository === first);
}

/** The other repositories from which the same name could be installed here as well. */
export function otherRepositories(
  spec: NamedSpec,
  candidates: readonly IndexedPackage[],
  { machine, chosen }: { readonly machine: Machine; readonly chosen: string },
): readonly string[] {
  const named = namedBest(spec.name, candidates).filter(({ entry }) => entry.installable && !entry.disabled);
  const found = new Set(runnable(named, machine).map(({ repository }) => repository));
  return [...found].filter((repository) => repository !== chosen);
}

/** The version that is installed of one of these packages. */
function installedVersion(packages: readonly IndexedPackage[], { installed = null }: Wanting): string | null {
  const isOwn = ({ repository, entry }: IndexedPackage) =>
    repository === installed?.repository && entry.id === installed.packageId;
  return packages.some(isOwn) ? (installed?.version ?? null) : null;
}

/** The packages that run on the machine, the best builds first. */
export function runnable(packages: readonly IndexedPackage[], machine: Machine): readonly IndexedPackage[] {
  return packages
    .map((found) => ({ found, rank: libcRank(found.entry.libc, machine) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => Number(a.rank) - Number(b.rank))
    .map(({ found }) => found);
}

function unsupportedBy(spec: NamedSpec, packages: readonly IndexedPackage[], machine: Wanting): PkgError {
  const here = packages.map(({ entry: { host, libc } }) => ({ host: host === "" ? machine.host : host, libc }));
  const others = (machine.elsewhere ?? []).map((host) => ({ host, libc: null }));
  return unsupported(spec.text, machine, [...here, ...others]);
}

/** What to say when no package of the name has the family, id or repository that was typed. */
export function noneFits(spec: NamedSpec, candidates: readonly IndexedPackage[]): PkgError {
  return new PkgError(
    "PACKAGE_NOT_FOUND",
    `Cannot find "${spec.text}": expected one of ${listed([...new Set(candidates.map((candidate) => inFull(candidate, null)))])}`,
    { hint: "Type one of these names in full" },
  );
}

function uninstallable(spec: NamedSpec, narrowed: readonly IndexedPackage[]): PkgError {
  return new PkgError("PACKAGE_UNINSTALLABLE", `Cannot install "${spec.text}": ${whyUninstallable(narrowed)}`, {
    hint: `Run \`pkg info ${spec.name}\` for its notes`,
  });
}

function whyUninstallable(narrowed: readonly IndexedPackage[]): string {
  const [keg] = narrowed.flatMap(({ entry }) => entry.keg ?? []);
  const isDisabled = narrowed.every(({ entry }) => entry.disabled);
  if (keg?.disabled && isDisabled) return `it is disabled${endingText(keg.disabled)}`;
  if (isDisabled) return "the index marks it as disabled";
  return keg === undefined ? "the index marks it as not installable" : `there is no bottle of it for ${keg.bottleTag}`;
}

/** What to say when no package has the version that was asked for. */
export function missingVersion(spec: NamedSpec, usable: readonly IndexedPackage[]): PkgError {
  const wanted = spec.version ?? "";
  const versions = newestFirst(new Set(offersOf(usable).map((offer) => offer.version)));
  const near = nearestVersion(wanted, versions);
  return new PkgError(
    "VERSION_NOT_FOUND",
    `Cannot find "${spec.text}": no version fits the ${isRange(wanted) ? "range" : "version"} "${wanted}", found ${listed(versions)}`,
    {
      hint: near === null ? `Run \`pkg info ${spec.name}\`` : nearestHint(spec, near),
    },
  );
}

function nearestHint(spec: NamedSpec, near: string): string {
  const kind = isPreRelease(near) ? ", a pre-release" : "";
  return `The nearest is ${near}${kind}: type "${formatSpec(spec, near)}"`;
}

function listed(items: readonly string[]): string {
  return listSome(items, MAX_LISTED);
}
