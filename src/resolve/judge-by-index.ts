import { PkgError } from "../errors.ts";
import type { PackageIndex } from "../index-database/package-index.ts";
import { compareEditions } from "../package/edition.ts";
import type { Installation } from "../package/installation.ts";
import type { Machine } from "../package/machine.ts";
import type { IndexedPackage, PackageEntry } from "../package/metadata.ts";
import { newest, offersMeant, offersOf, type Selection } from "../package/offers.ts";
import { runnable } from "../package/select.ts";
import { compareAge } from "../package/version.ts";
import { isPinned, isVersionMeant, nearestVersion } from "../package/version-wish.ts";
import { renamed, type Unjudged, unusable, withdrawn } from "./unjudged.ts";
import type { Candidate, Chosen, Held } from "./update-candidates.ts";

/** What an index says about one installation. */
export type Verdict =
  | { readonly kind: "candidate"; readonly candidate: Candidate }
  /** `entry`: that of the version that is installed, where that is at hand; else null. */
  | {
      readonly kind: "held";
      readonly held: Held;
      readonly installation: Installation;
      readonly entry: PackageEntry | null;
    }
  | { readonly kind: "refused"; readonly refused: Chosen["missing"][number] }
  | { readonly kind: "unjudged"; readonly unjudged: Unjudged }
  /** `entry`: that of the version that is installed; null where the index has only other ones at hand. */
  | { readonly kind: "current"; readonly installation: Installation; readonly entry: PackageEntry | null };

/** Compares one installation with the index of its repository. */
export function judgeByIndex(
  machine: Machine,
  indexes: ReadonlyMap<string, PackageIndex>,
  { installation, wanted, cannot }: Pick<Chosen, "wanted" | "cannot"> & { readonly installation: Installation },
): Verdict {
  const { name, version } = installation;
  const isNamed = wanted.has(name);
  const named = wanted.get(name) ?? null;
  const { isExact, wish } = keptWish(installation);
  // Whoever names a package wants another version than the very one that was typed once; a range holds all the same.
  const typed = named ?? (isNamed && isExact ? null : wish);
  const same = samePackage(indexes, installation);
  const isHeld = isExact && !isNamed;
  const offers = usableOffers(machine, same).filter(({ snapshot }) => snapshot === null);
  const meant = offers.filter(offersMeant({ wanted: isHeld ? null : typed, installed: version }, offers));
  const entry = newest(meant, version)?.package.entry ?? null;
  const order = entry === null ? -1 : compareEditions(entry, installation);
  if (named !== null && order < 0 && !isVersionMeant(named, version)) {
    const error = notNewer(installation, `${cannot} "${name}" to ${named}`, { wanted: named, older: entry, offers });
    return { kind: "refused", refused: { requested: name, error } };
  }
  const rebuilt = entry !== null && order === 0 && isRebuilt(installation, entry);
  const stays = entry === null || order < 0 || (order === 0 && !rebuilt);
  const beyond = stays && named === null && wish !== null ? newestBeyond(installation, offers) : null;
  if (beyond !== null) return heldBy(installation, { availableVersion: beyond, entry: order === 0 ? entry : null });
  if (same.length === 0) return { kind: "unjudged", unjudged: missing(indexes, installation) };
  if (entry === null || order < 0) return judgeStaying(machine, installation, { same, entry: null });
  if (order === 0 && !rebuilt) return judgeStaying(machine, installation, { same, entry });
  if (isHeld || installation.isPinned) return heldBy(installation, { availableVersion: entry.version, entry: null });
  return { kind: "candidate", candidate: { installation, entry, rebuilt } };
}

/** What an installation keeps to; `isExact`: it is one version, not a range. */
function keptWish({ wish, version }: Installation) {
  return { wish, isExact: wish !== null && isPinned(wish, version) };
}

function heldBy(
  installation: Installation,
  { availableVersion, entry }: { readonly availableVersion: string; readonly entry: PackageEntry | null },
): Verdict {
  const { name, version, requested, wish, isPinned: pinned } = installation;
  return {
    kind: "held",
    held: { name, version, requested, wish, isPinned: pinned, availableVersion },
    ...{ installation, entry },
  };
}

/** The newest version, whatever it keeps to, if that is newer than what is installed. */
function newestBeyond(installation: Installation, offers: readonly Selection[]): string | null {
  const { version } = installation;
  const meant = offers.filter(offersMeant({ wanted: null, installed: version }, offers));
  const entry = newest(meant, version)?.package.entry ?? null;
  return entry !== null && compareEditions(entry, installation) > 0 ? entry.version : null;
}

function isRebuilt({ programDigest }: Installation, { sha256 }: PackageEntry): boolean {
  return sha256 !== null && !programDigest.endsWith(`:${sha256}`);
}

/** Nothing newer is there; but is what is installed? */
function judgeStaying(
  machine: Machine,
  installation: Installation,
  { same, entry }: { readonly same: readonly IndexedPackage[]; readonly entry: PackageEntry | null },
): Verdict {
  const usableHere = usableOffers(machine, same);
  const isThere = usableHere.some((offer) => compareAge(offer.version, installation.version) === 0);
  if (isThere) return { kind: "current", installation, entry };
  if (usableHere.length > 0) {
    const best = newest(usableHere, installation.version)?.version ?? null;
    return { kind: "unjudged", unjudged: withdrawn(installation, best) };
  }
  const isDisabled = same.every(({ entry }) => entry.disabled || !entry.installable);
  return { kind: "unjudged", unjudged: unusable(installation, isDisabled ? "disabled" : "other machines") };
}

/** Its repository has nothing by that name and id, but may have it by another name. */
function missing(indexes: ReadonlyMap<string, PackageIndex>, installation: Installation): Unjudged {
  const { repository, packageName, packageId } = installation;
  const known = indexes.get(repository ?? "")?.byName(packageName) ?? [];
  const successor = packageId === null ? undefined : known.find(({ replaces }) => replaces.includes(packageId));
  return successor === undefined ? withdrawn(installation, null) : renamed(installation, successor.name);
}

interface NotNewer {
  readonly wanted: string;
  readonly older: PackageEntry | null;
  readonly offers: readonly Selection[];
}

/** The error for a version to update to that is not there, or that is older than what is installed. */
function notNewer({ name, version }: Installation, cannot: string, { wanted, older, offers }: NotNewer): PkgError {
  if (older !== null) {
    return new PkgError("VERSION_NOT_FOUND", `${cannot}: ${version}, which is newer, is installed`, {
      hint: `Run \`pkg install ${name}@${wanted}\` to go back to it`,
    });
  }
  const versions = offers.map((offer) => offer.version);
  return new PkgError("VERSION_NOT_FOUND", `${cannot}: its repository has no such version, ${version} is installed`, {
    hint: `The nearest is ${nearestVersion(wanted, versions) ?? version}; \`pkg info ${name}\` shows all`,
  });
}

/** The entries of the same package in the same repository. */
function samePackage(
  indexes: ReadonlyMap<string, PackageIndex>,
  installation: Installation,
): readonly IndexedPackage[] {
  const repository = installation.repository ?? "";
  const name = installation.packageName;
  const entries = indexes.get(repository)?.byName(name) ?? [];
  return entries
    .filter((entry) => entry.id === installation.packageId && entry.name === name)
    .map((entry) => ({ repository, entry }));
}

/** Those versions of it that can be installed here, the entries' own and older ones. */
function usableOffers(machine: Machine, same: readonly IndexedPackage[]): readonly Selection[] {
  return offersOf(
    runnable(
      same.filter(({ entry }) => entry.installable && !entry.disabled),
      machine,
    ),
  );
}
