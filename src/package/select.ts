import { PkgError } from "../errors.ts";
import type { IndexedPackage } from "./metadata.ts";
import { fits, inFull, namedBest, packageKey, typedFor } from "./narrow.ts";
import { isWanted, newest, offersOf, type Selection } from "./offers.ts";
import type { NamedSpec } from "./spec.ts";
import { compareVersions, isExactVersion } from "./version.ts";

export type { Selection } from "./offers.ts";

const MAX_LISTED = 10;

/**
 * Chooses among all packages of a name; never guesses between two. A version narrows as well: where only one of them
 * has it, that one is meant.
 *
 * @throws {PkgError} PACKAGE_NOT_FOUND, PACKAGE_AMBIGUOUS, PACKAGE_UNINSTALLABLE, VERSION_NOT_FOUND
 */
export function selectPackage(spec: NamedSpec, candidates: readonly IndexedPackage[]): Selection {
  const fitting = candidates.filter((candidate) => fits(spec, candidate));
  const narrowed = namedBest(spec.name, fitting);
  if (narrowed.length === 0) throw noneFits(spec, candidates);
  const usable = narrowed.filter(({ entry }) => entry.installable && !entry.disabled);
  if (usable.length === 0) throw uninstallable(spec, narrowed);
  const groups = [...Map.groupBy(usable, packageKey).values()];
  const wanted = groups.map((group) => offersOf(group).filter((offer) => isWanted(spec.version, offer)));
  const having = wanted.filter((offers) => offers.length > 0);
  if (having.length > 1 || (having.length === 0 && groups.length > 1)) throw ambiguous(spec, groups, candidates);
  const best = newest(having.flat());
  if (best !== null) return best;
  throw missingVersion(spec, narrowed, usable);
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

/** The version is there, but marked as not to be installed; or there is none. */
function missingVersion(
  spec: NamedSpec,
  narrowed: readonly IndexedPackage[],
  usable: readonly IndexedPackage[],
): PkgError {
  const refused = narrowed.filter((candidate) => !usable.includes(candidate));
  const marked = refused.filter((candidate) => offersOf([candidate]).some((offer) => isWanted(spec.version, offer)));
  if (marked.length > 0) return uninstallable(spec, marked);
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
