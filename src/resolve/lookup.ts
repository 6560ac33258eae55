import { listSome } from "../base/lists.ts";
import { PkgError, reworded } from "../errors.ts";
import type { IndexMeta, PackageIndex } from "../index-database/package-index.ts";
import type { IndexedPackage } from "../package/metadata.ts";
import type { Waiver } from "../package/policy.ts";
import { type NamedSpec, splitVersions, withWholeName } from "../package/spec.ts";
import { nearestVersion, versionsMeant } from "../package/version-wish.ts";
import { tellUnchanged } from "../repositories/formula-age.ts";
import type { LeftOut } from "../repositories/left-out.ts";
import { type Refreshed, type RefreshOptions, refreshIndexes, refreshWanted } from "../repositories/refresh.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { tellExpired } from "../repositories/use-index.ts";

/** The open indexes of the enabled repositories. */
export interface Lookup {
  readonly indexes: ReadonlyMap<string, PackageIndex>;
  /** The repositories that have no index to look in, and why; nothing is known of what they hold. */
  readonly leftOut: readonly LeftOut[];
  /** The repositories that this run has asked for their index: asking again would bring nothing new. */
  readonly tried: ReadonlySet<string>;
  /** The repositories that are configured and not used. */
  readonly disabled: readonly string[];
  close(): void;
}

/** An empty lookup, for work that needs no index. */
export const NO_LOOKUP: Lookup = { indexes: new Map(), leftOut: [], tried: new Set(), disabled: [], close: () => {} };

/**
 * Opens the index of every repository that has one, after refreshing those that are due. `skip`: the checks that a person
 * who installs chose to waive; null if nothing is installed.
 *
 * @throws {PkgError} as refreshIndexes, when there is none
 */
export async function openLookup(
  cap: SyncCapabilities,
  { skip = null, isEnough }: Pick<RefreshOptions, "isEnough"> & { readonly skip?: readonly Waiver[] | null } = {},
): Promise<Lookup> {
  return openIndexes(cap, await refreshIndexes(cap, isEnough === undefined ? {} : { isEnough }), skip);
}

/** The same for what is installed already, which can be told about without any index; of `only` these repositories. */
export async function openLookupIfAny(
  cap: SyncCapabilities,
  { only, tried, skip = null }: Pick<RefreshOptions, "only" | "tried"> & { readonly skip?: readonly Waiver[] | null },
): Promise<Lookup> {
  const options = { ...(only === undefined ? {} : { only }), ...(tried === undefined ? {} : { tried }) };
  return openIndexes(cap, await refreshWanted(cap, options), skip);
}

function openIndexes(
  cap: SyncCapabilities,
  { usable, leftOut, tried }: Refreshed,
  skip: readonly Waiver[] | null,
): Lookup {
  const indexes = new Map<string, PackageIndex>();
  for (const { name } of usable) {
    const index = cap.indexes.open(name);
    if (index !== null) indexes.set(name, index);
  }
  tellExpired(cap, indexes, skip);
  tellUnchanged(cap, indexes);
  const close = () => {
    for (const index of indexes.values()) index.close();
  };
  const disabled = cap.config.repositories.filter(({ enabled }) => !enabled).map(({ name }) => name);
  return { indexes, leftOut, tried, disabled, close };
}

/** What was typed, with the name as the indexes have it: a package called `openssl@3` comes before version 3 of `openssl`. */
export function withIndexedName({ indexes }: Pick<Lookup, "indexes">, typed: NamedSpec): NamedSpec {
  const isName = (name: string) =>
    [...indexes.values()].some((index) =>
      index
        .byName(name)
        .some((entry) => [entry.name, ...entry.aliases].some((own) => own.toLowerCase() === name.toLowerCase())),
    );
  return withWholeName(typed, isName);
}

/** Every package that a name may mean, in the order in which the repositories are configured. */
export function findCandidates(lookup: Lookup, spec: NamedSpec): readonly IndexedPackage[] {
  if (spec.repository !== null && !lookup.indexes.has(spec.repository)) throw notUsed(lookup, spec, spec.repository);
  const found: IndexedPackage[] = [];
  for (const [repository, index] of lookup.indexes) {
    if (spec.repository !== null && spec.repository !== repository) continue;
    for (const entry of index.byName(spec.name)) found.push({ repository, entry });
  }
  if (found.length === 0) throw notFound(lookup, spec);
  return found;
}

function configuredHint(lookup: Lookup, spec: NamedSpec): string {
  const meant = meantVersion(lookup, spec);
  const { indexes, leftOut, disabled } = lookup;
  const configured = [...indexes.keys(), ...leftOut.map(({ repository }) => repository), ...disabled];
  const turned = `${spec.repository}:${spec.name}`;
  if (meant === null && configured.includes(spec.name)) return `Did you mean "${turned}"?`;
  return meant === null ? `Configured: ${configured.join(", ")}` : `Did you mean "${meant}"?`;
}

/** Why nothing is looked for in a repository that was named. */
function notUsed(lookup: Lookup, spec: NamedSpec, name: string): PkgError {
  const { leftOut, disabled } = lookup;
  const cannot = `Cannot find "${spec.text}"`;
  const missing = leftOut.find(({ repository }) => repository === name);
  if (missing !== undefined) {
    const { error } = missing;
    return reworded(error, `${cannot}: "${name}" has no index to look in. ${error.message}`);
  }
  if (disabled.includes(name)) return disabledRepository(cannot, name);
  return new PkgError("REPOSITORY_UNKNOWN", `${cannot}: no repository "${name}" is configured`, {
    hint: configuredHint(lookup, spec),
  });
}

/** Makes the error for what would need a repository that is not used. */
export function disabledRepository(cannot: string, name: string): PkgError {
  return new PkgError("REPOSITORY_DISABLED", `${cannot}: its repository "${name}" is disabled`, {
    hint: `Run \`pkg repo enable ${name}\``,
  });
}

function notFound(lookup: Lookup, spec: NamedSpec): PkgError {
  if (lookup.indexes.size === 0) return nothingEnabled(lookup, spec);
  const elsewhere = elsewhereOf(lookup, spec);
  const near = new Set([...lookup.indexes.values()].flatMap((index) => index.suggest(spec.name, 3)));
  const guesses = [...near].slice(0, 3).map((name) => `"${name}"`);
  const meant = meantVersion(lookup, spec);
  const guess =
    meant !== null
      ? `Did you mean "${meant}"?`
      : guesses.length > 0
        ? `Did you mean ${guesses.join(" or ")}?`
        : `Run \`pkg search ${spec.name}\``;
  return new PkgError(
    "PACKAGE_NOT_FOUND",
    `Cannot find "${spec.text}": no package of that name in ${[...lookup.indexes.keys()].join(", ")}`,
    { hint: elsewhere.length > 0 ? `There is one for other machines: ${listed(elsewhere)}` : guess },
  );
}

/** The error where there is no index to look in. */
function nothingEnabled({ leftOut, disabled }: Lookup, { text }: NamedSpec): PkgError {
  const [missing] = leftOut;
  const [only, ...others] = disabled;
  const named =
    others.length === 0 ? `Run \`pkg repo enable ${only}\`` : "Run `pkg repo list`, then `pkg repo enable NAME`";
  const hint = only === undefined ? "Run `pkg repo add ADDRESS`" : named;
  return missing === undefined
    ? new PkgError("PACKAGE_NOT_FOUND", `Cannot find "${text}": no repository is enabled`, { hint })
    : new PkgError("PACKAGE_NOT_FOUND", `Cannot find "${text}": no repository has an index to look in`, {
        hint: missing.error.hint ?? "Run `pkg sync`",
      });
}

/** `curl-8.13` as we write it, if there is a package of that name: with the version, or the one that is nearest to it. */
export function meantVersion({ indexes }: Pick<Lookup, "indexes">, { text }: Pick<NamedSpec, "text">): string | null {
  for (const { name, version } of splitVersions(text)) {
    const own = name.slice(name.lastIndexOf("/") + 1);
    const versions = [...indexes.values()].flatMap((index) => index.byName(own).map((entry) => entry.version));
    const isThere = versions.some(versionsMeant({ wanted: version, installed: null }, versions));
    const near = isThere ? version : nearestVersion(version, versions);
    if (near !== null) return `${name}@${near}`;
  }
  return null;
}

const MAX_LISTED_HOSTS = 8;

function listed(hosts: readonly string[]): string {
  return listSome(hosts, MAX_LISTED_HOSTS);
}

/** The other machines that the indexes have a package of this name for. */
export function elsewhereOf({ indexes }: Lookup, { name, repository }: NamedSpec): readonly string[] {
  const asked = [...indexes].filter(([own]) => repository === null || own === repository);
  return [...new Set(asked.flatMap(([, index]) => index.elsewhere(name)))];
}

/** The facts recorded about the index that an entry was found in. */
export function metaOf({ indexes }: Lookup, { repository }: Pick<IndexedPackage, "repository">): IndexMeta {
  const index = indexes.get(repository);
  if (index === undefined) throw new Error(`${repository} has an entry and no index`);
  return index.meta;
}
