import { hasCode, PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Machine } from "../package/machine.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { newest, offersMeant, offersOf, type Selection } from "../package/offers.ts";
import type { Waiver } from "../package/policy.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { runnable } from "../package/select.ts";
import { compareAge } from "../package/version.ts";
import { isPinned, isVersionMeant, nearestVersion } from "../package/version-wish.ts";
import { reachable } from "../repositories/reachable.ts";
import { REFRESH_PATIENCE } from "../repositories/refresh.ts";
import { sync } from "../repositories/sync.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { usableIndexes } from "../repositories/use-index.ts";
import { findAllInstalled, findUpdatable, type InstalledWords } from "./find-installed.ts";
import { type Lookup, NO_LOOKUP, openLookup } from "./lookup.ts";
import { isReference, parseSpec } from "./spec.ts";

/** What the index holds for one installation. */
export interface Candidate {
  readonly installation: Installation;
  readonly entry: PackageEntry;
  /** The same version with other bytes. */
  readonly rebuilt: boolean;
}

/** An installation that stays as it is because its version was typed when it was installed. */
export interface Held {
  readonly name: string;
  readonly version: string;
  readonly requested: string;
}

/** An installation that nothing updates, as its repository was removed. */
export interface Orphan {
  readonly name: string;
  readonly version: string;
  /** The name that its repository had. */
  readonly repository: string;
  /** Where the index was; null: not known. */
  readonly url: string | null;
}

/** What is to be updated. */
export interface Chosen {
  readonly chosen: readonly Installation[];
  /** The version or range to update each to that was named, by name; null: any. Empty: none was named, and all are meant. */
  readonly wanted: ReadonlyMap<string, string | null>;
  readonly missing: readonly { readonly requested: string; readonly error: PkgError }[];
}

/** The installations that words name, or all of them; and an error for each that is not installed. */
export function chooseInstallations(words: InstalledWords, texts: readonly string[]): Chosen {
  if (texts.length === 0) return { chosen: words.installations.list(), wanted: new Map(), missing: [] };
  const { found, missing } = findAllInstalled(words, texts, findUpdatable);
  return {
    chosen: found.map(({ installation }) => installation),
    wanted: new Map(found.map(({ word, installation }) => [installation.name, versionIn(word)])),
    missing: missing.map(({ word, error }) => ({
      requested: word,
      error: hasCode(error, "NOT_INSTALLED") ? notInstalled(word, error) : error,
    })),
  };
}

function versionIn(word: string): string | null {
  const spec = isReference(word) ? null : parseSpec(word);
  return spec?.kind === "named" ? spec.version : null;
}

function notInstalled(word: string, { message }: PkgError): PkgError {
  const reason = message.replace(/^Cannot find /, "Cannot update ");
  return new PkgError("NOT_INSTALLED", reason, { hint: `Run \`pkg install ${word}\`` });
}

/** What they can be updated from; null stands for direct references. Orphans have no repository any more. */
function repositoriesOf(chosen: readonly Installation[]): ReadonlySet<string | null> {
  return new Set(chosen.filter((item) => !isOrphaned(item)).map(({ repository }) => repository));
}

/** Syncs only the repositories that the chosen packages came from, and offline only those on this machine's disk. */
export async function syncFor(
  cap: SyncCapabilities,
  chosen: readonly Installation[],
  skip: readonly Waiver[],
): Promise<readonly PkgError[]> {
  const names = repositoriesOf(chosen);
  const repositories = cap.config.repositories.filter(({ name, enabled }) => enabled && names.has(name));
  const allowStale = skip.includes("freshness");
  const { errors } = await sync(cap, await reachable(cap.network, repositories), {
    force: false,
    patience: REFRESH_PATIENCE.needed,
    allowStale,
  });
  return errors;
}

/** The indexes that updates may come from, and an error for each index of the chosen packages that may not be used. */
export async function lookupFor(
  cap: SyncCapabilities,
  chosen: readonly Installation[],
  skip: readonly Waiver[],
): Promise<{ readonly lookup: Lookup; readonly errors: readonly PkgError[] }> {
  const wanted = repositoriesOf(chosen);
  if (wanted.size === 0 || (wanted.size === 1 && wanted.has(null))) {
    return { lookup: NO_LOOKUP, errors: [] };
  }
  const lookup = await openLookup(cap, skip);
  const { indexes, errors } = usableIndexes(cap, lookup.indexes, { wanted, skip });
  return { lookup: { ...lookup, indexes }, errors };
}

/** What `update` would change, what stays because its version was typed when it was installed, and what has no repository. */
export function findUpdates(machine: Machine, lookup: Lookup, { chosen, wanted }: Pick<Chosen, "chosen" | "wanted">) {
  const candidates: Candidate[] = [];
  const held: Held[] = [];
  const refused: Chosen["missing"][number][] = [];
  for (const installation of chosen.filter((item) => !isOrphaned(item))) {
    const { name, version, requested } = installation;
    const isNamed = wanted.has(name);
    const typed = isNamed ? (wanted.get(name) ?? null) : wantedVersion(installation);
    const isHeld = !isNamed && typed !== null && isPinned(typed, version);
    const offers = offersFor(machine, lookup, installation);
    const meant = offers.filter(offersMeant({ wanted: isHeld ? null : typed, installed: version }, offers));
    const entry = newest(meant, version)?.package.entry ?? null;
    const order = entry === null ? -1 : compareAge(entry.version, version);
    if (isNamed && typed !== null && order < 0 && !isVersionMeant(typed, version)) {
      refused.push({ requested: name, error: notNewer(installation, typed, { older: entry, offers }) });
    }
    if (entry === null) continue;
    const rebuilt = order === 0 && entry.sha256 !== null && !installation.programDigest.endsWith(`:${entry.sha256}`);
    if (order < 0 || (order === 0 && !rebuilt)) continue;
    if (isHeld) held.push({ name, version, requested });
    else candidates.push({ installation, entry, rebuilt });
  }
  return { candidates, held, refused, orphaned: chosen.filter(isOrphaned).map(describeOrphan) };
}

/** The error for a version to update to that is not there, or that is older than what is installed. */
function notNewer(
  { name, version }: Installation,
  wanted: string,
  { older, offers }: { readonly older: PackageEntry | null; readonly offers: readonly Selection[] },
): PkgError {
  const cannot = `Cannot update "${name}" to ${wanted}`;
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

function describeOrphan({ name, version, repository, owner }: Installation): Orphan {
  return { name, version, repository: repository ?? "", url: owner?.url ?? null };
}

/** The version or range that was typed when it was installed. */
function wantedVersion({ requested, repository }: Installation): string | null {
  if (repository === null) return null;
  const spec = parseSpec(requested);
  return spec.kind === "named" ? spec.version : null;
}

/** The installable entries of the same package in the same repository that run here. */
function offersFor(machine: Machine, lookup: Lookup, installation: Installation): readonly Selection[] {
  const repository = installation.repository ?? "";
  const entries = lookup.indexes.get(repository)?.byName(installation.name) ?? [];
  const same = entries.filter(
    (entry) =>
      entry.id === installation.packageId && entry.name === installation.name && !entry.disabled && entry.installable,
  );
  const candidates = runnable(
    same.map((entry) => ({ repository, entry })),
    machine,
  );
  return offersOf(candidates).filter(({ snapshot }) => snapshot === null);
}
