import { PkgError } from "../errors.ts";
import { libcRank, type Machine, unsupported } from "./machine.ts";
import type { IndexedPackage } from "./metadata.ts";
import { fits, inFull, namedBest, packageKey, typedFor } from "./narrow.ts";
import { isWanted, newest, offersOf, type Selection } from "./offers.ts";
import type { NamedSpec } from "./spec.ts";
import { compareVersions, isExactVersion } from "./version.ts";

export type { Selection } from "./offers.ts";

const MAX_LISTED = 10;

/** A machine, and what else is known about the name that was asked for. */
export interface Wanting extends Machine {
  /** Other hosts for which something has this name; for messages only. */
  readonly elsewhere?: readonly string[];
}

/**
 * Chooses among all packages with a name; never guesses between two. A version helps to choose: if only one package has
 * it, that one is meant. Of several builds of a version, the one whose C library suits the machine best is chosen.
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
  const wanted = groups.map((group) => offersOf(group).filter((offer) => isWanted(spec.version, offer)));
  const having = wanted.filter((offers) => offers.length > 0);
  if (having.length > 1 || (having.length === 0 && groups.length > 1)) throw ambiguous(spec, groups, candidates);
  const best = newest(having.flat());
  if (best !== null) return best;
  // Nothing that runs here has the version: it exists for other machines only, or cannot be installed.
  const others = offering(spec, narrowed);
  if (others.length === 0) throw missingVersion(spec, usable);
  const built = others.filter((candidate) => installable.includes(candidate));
  throw built.length > 0 ? unsupportedBy(spec, built, machine) : uninstallable(spec, others);
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

/** The packages that have the version that was asked for. */
function offering(spec: NamedSpec, packages: readonly IndexedPackage[]): readonly IndexedPackage[] {
  return packages.filter((candidate) => offersOf([candidate]).some((offer) => isWanted(spec.version, offer)));
}

function noneFits(spec: NamedSpec, candidates: readonly IndexedPackage[]): PkgError {
  return new PkgError(
    "PACKAGE_NOT_FOUND",
    `Cannot find "${spec.text}": expected one of ${listed(candidates.map((candidate) => inFull(candidate, null)))}`,
    { hint: "Type one of these names in full" },
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

function ambiguous(
  spec: NamedSpec,
  groups: readonly (readonly IndexedPackage[])[],
  candidates: readonly IndexedPackage[],
): PkgError {
  const others = candidates.filter(({ entry }) => entry.installable && !entry.disabled);
  const names = groups.flatMap(([first]) => (first === undefined ? [] : [typedFor(first, others, spec.version)]));
  return new PkgError(
    "PACKAGE_AMBIGUOUS",
    `Cannot tell which "${spec.text}" is meant: ${names.length} packages have that name`,
    { hint: `Type one of: ${listed([...new Set(names)])}` },
  );
}

function missingVersion(spec: NamedSpec, usable: readonly IndexedPackage[]): PkgError {
  const offered = offersOf(usable).map((offer) => offer.version);
  const versions = [...new Set(offered)].toSorted((a, b) => compareVersions(b, a));
  const kind = isExactVersion(spec.version ?? "") ? "version" : "range";
  return new PkgError(
    "VERSION_NOT_FOUND",
    `Cannot find "${spec.text}": no version fits the ${kind} "${spec.version}", found ${listed(versions)}`,
    { hint: `Run \`pkg install ${spec.name}@${versions[0] ?? ""}\`` },
  );
}

function listed(items: readonly string[]): string {
  const more = items.length > MAX_LISTED ? ` and ${items.length - MAX_LISTED} more` : "";
  return items.slice(0, MAX_LISTED).join(", ") + more;
}
