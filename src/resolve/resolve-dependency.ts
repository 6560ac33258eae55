import { hasCode } from "../errors.ts";
import { compareEditions } from "../package/edition.ts";
import { nameBeside } from "../package/install-name.ts";
import type { Installation } from "../package/installation.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import type { Waiver } from "../package/policy.ts";
import { type Selection, selectPackage } from "../package/select.ts";
import { isSameOwner, type Owned } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import type { Installations } from "../state/installations.ts";
import { type Lookup, metaOf } from "./lookup.ts";
import { resolveEntry } from "./resolve-entry.ts";

/** Where dependencies are looked for, and what is installed. */
export interface DependencyContext {
  readonly cap: Pick<SyncCapabilities, "config" | "now">;
  readonly lookup: Lookup;
  readonly installations: Pick<Installations, "get" | "ownerOf">;
  readonly skip: readonly Waiver[];
}

/** A name among the dependencies of a package. */
export interface WantedDependency {
  readonly needer: Resolution;
  /** As the index calls it: its name, or another one that it has. */
  readonly name: string;
  /** The repositories of what was named, by the names that it is installed under. */
  readonly named: ReadonlyMap<string, string | null>;
}

/** A dependency to install, or one that is there and stays as it is. */
export type FoundDependency =
  | { readonly kind: "needed"; readonly resolution: Resolution }
  | { readonly kind: "there"; readonly name: string };

/**
 * The package of the needer's repository that a name means; null when it has none. What is installed stays where its version was
 * typed, or is newer than any that the index has, or where the index has it no more, or disabled.
 *
 * @throws {PkgError} those of selectPackage and resolveEntry
 */
export function findDependency(context: DependencyContext, wanted: WantedDependency): FoundDependency | null {
  const candidates = candidatesFor(context, wanted);
  const [first] = candidates;
  if (first === undefined) return withdrawn(context, wanted);
  const own = ownerIn(context, first);
  const name = nameOf(context, first.entry.name, { ...own, named: wanted.named });
  const there = context.installations.get(name);
  const installed = there !== null && isSameOwner(there, own) ? there : null;
  const chosen = selectUnlessThere(context, wanted, { candidates, installed });
  const twin = installed === null && chosen !== null ? sameBottle(context, chosen) : null;
  if (twin !== null) return { kind: "there", name: twin };
  return chosen === null || (installed !== null && staysAsIs(installed, chosen))
    ? { kind: "there", name }
    : { kind: "needed", resolution: resolutionOf(context, chosen, { name, installed }) };
}

/** The name of what another repository, such as a mirror, has placed of the very same bottle: a keg has one place in the prefix. */
function sameBottle({ installations }: DependencyContext, { version, package: { entry } }: Selection): string | null {
  const there = installations.get(entry.name);
  const isSame = there?.version === version && there.keg !== null && entry.keg !== null && entry.sha256 !== null;
  return isSame && there.programDigest === `sha256:${entry.sha256}` ? there.name : null;
}

/** What its repository does not have any more is there all the same where it is installed from it. */
function withdrawn({ installations }: DependencyContext, { needer, name }: WantedDependency): FoundDependency | null {
  const names = [nameBeside({ name, repository: needer.repository }), name];
  const there = names.map((known) => installations.get(known)).find((found) => found?.repository === needer.repository);
  return there ? { kind: "there", name: there.name } : null;
}

/** Null: the index has nothing of it for this machine (any more), and it is installed. */
function selectUnlessThere(context: DependencyContext, wanted: WantedDependency, has: Candidates): Selection | null {
  try {
    return select(context, wanted, has);
  } catch (error) {
    if (has.installed !== null && hasCode(error, "PACKAGE_UNINSTALLABLE", "PLATFORM_UNSUPPORTED")) return null;
    throw error;
  }
}

function candidatesFor({ lookup }: DependencyContext, { needer, name }: WantedDependency): readonly IndexedPackage[] {
  const repository = needer.repository ?? "";
  const entries = lookup.indexes.get(repository)?.byName(name) ?? [];
  const named = entries.filter((entry) => entry.name === name);
  const known = named.length > 0 ? named : entries.filter((entry) => entry.aliases.includes(name));
  return known.map((entry) => ({ repository, entry }));
}

function ownerIn({ installations }: DependencyContext, { repository, entry }: IndexedPackage): Owned {
  return { repository, owner: installations.ownerOf(repository), packageId: entry.id };
}

/** The name that a dependency is installed under: its own, or one beside it where another owner's package has that. */
function nameOf(
  { installations }: DependencyContext,
  name: string,
  { named, ...own }: Owned & Pick<WantedDependency, "named">,
): string {
  const beside = nameBeside({ name, repository: own.repository });
  const isOwn = (there: Installation | null) => there !== null && isSameOwner(there, own);
  if (isOwn(installations.get(beside))) return beside;
  const there = installations.get(name);
  const isTaken = named.has(name) ? named.get(name) !== own.repository : there !== null && !isOwn(there);
  return isTaken ? beside : name;
}

interface Candidates {
  readonly candidates: readonly IndexedPackage[];
  readonly installed: Installation | null;
}

function select({ cap, lookup }: DependencyContext, { needer, name }: WantedDependency, has: Candidates): Selection {
  const { candidates, installed } = has;
  const { repository } = needer;
  const spec = { kind: "named", text: name, name, family: null, id: null, version: null, repository } as const;
  const { host, libcs } = cap.config;
  const elsewhere = lookup.indexes.get(repository ?? "")?.elsewhere(name) ?? [];
  return selectPackage(spec, candidates, { host, libcs, elsewhere, installed });
}

/** A person has typed its version, or the index lists less than before. */
function staysAsIs(installed: Installation, { version, package: { entry } }: Selection): boolean {
  const isTyped = !installed.isDependency && installed.wish !== null;
  return isTyped || compareEditions({ version, keg: entry.keg }, installed) < 0;
}

function resolutionOf(
  { cap, lookup, installations, skip }: DependencyContext,
  { package: found, version, snapshot }: Selection,
  { name, installed }: { readonly name: string; readonly installed: Installation | null },
): Resolution {
  const isAsked = installed?.isDependency === false;
  const resolution = resolveEntry(cap, found, {
    ...(isAsked ? { requested: installed.requested, wish: installed.wish } : { requested: name, wish: null }),
    ...{ version, snapshot, skip, installed },
    meta: metaOf(lookup, found),
    owner: installations.ownerOf(found.repository),
    isOtherVersion: false,
  });
  return { ...resolution, name, isDependency: !isAsked };
}
