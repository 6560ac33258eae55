import type { WithErrors } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { PackageEntry } from "../package/metadata.ts";
import { newest, offersOf } from "../package/offers.ts";
import type { Waiver } from "../package/policy.ts";
import { runnable } from "../package/select.ts";
import { compareVersions, isExactVersion, matchesVersion } from "../package/version.ts";
import { sync } from "../repositories/sync.ts";
import { usableIndexes } from "../repositories/use-index.ts";
import { carryOut, type InstallCapabilities, planResolved } from "./install.ts";
import type { InstalledItem, InstallOutcome } from "./install-outcome.ts";
import { type Lookup, metaOf, openLookup, type Resolved, resolveEntry, resolveSpecs } from "./resolve.ts";
import { parseSpec } from "./spec.ts";

export interface UpdateRequest {
  /** Installed names; none: all that is installed. */
  readonly names: readonly string[];
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  /** Names that an update may newly take although they are protected, or hide a program. */
  readonly allowedNames: readonly string[];
}

/** What the index holds for one installation. */
export interface Candidate {
  readonly installation: Installation;
  readonly entry: PackageEntry;
  /** The same version with other bytes. */
  readonly rebuilt: boolean;
}

/** An installation that stays as it is because its version was asked for by name. */
export interface Held {
  readonly name: string;
  readonly version: string;
  readonly requested: string;
}

export interface OutdatedOutcome {
  readonly outdated: readonly {
    readonly name: string;
    readonly installed: string;
    readonly available: string;
    readonly repository: string;
  }[];
  readonly held: readonly Held[];
}

/** Syncs, then brings the named packages, or all that are installed, up to date. */
export async function update(cap: InstallCapabilities, request: UpdateRequest): Promise<WithErrors<InstallOutcome>> {
  const { installations } = await cap.state();
  const named = chooseInstallations(installations.list(), request.names);
  const syncErrors = cap.config.offline ? [] : await syncFor(cap, named.chosen, request.skip);
  const { resolved: found, errors: expired } = await resolveUpdates(cap, named.chosen, request);
  const resolved = [...named.missing, ...found];
  const { outcome, errors } = await carryOut(cap, await planResolved(cap, resolved, { reinstall: false }), {
    force: request.force,
    dryRun: request.dryRun,
    // An update stays with whom it came from, so no name is given away.
    consent: { replace: [], names: request.allowedNames },
  });
  const told = new Set(outcome.items.map((item) => item.name));
  const untouched = named.chosen.filter(({ name, requested }) => !told.has(name) && !told.has(requested));
  const kept = untouched.map(
    ({ name, version, repository }): InstalledItem => ({ action: "keep", name, version, repository }),
  );
  const all = [...syncErrors, ...expired, ...errors];
  return { outcome: { ...outcome, items: [...outcome.items, ...kept] }, errors: all };
}

/** Syncs, then tells what `update` would change. */
export async function syncThenOutdated(
  cap: InstallCapabilities,
  names: readonly string[],
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.state();
  const { chosen } = chooseInstallations(installations.list(), names);
  const syncErrors = cap.config.offline ? [] : await syncFor(cap, chosen, skip);
  const { outcome, errors } = await outdated(cap, names, skip);
  return { outcome, errors: [...syncErrors, ...errors] };
}

/** What `update` would change, from the indexes as they are; direct references are not asked for over the network. */
export async function outdated(
  cap: InstallCapabilities,
  names: readonly string[],
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.state();
  const { chosen, missing } = chooseInstallations(installations.list(), names);
  const { lookup, errors } = await lookupFor(cap, chosen, skip);
  try {
    const { candidates, held } = findCandidates(cap, lookup, { chosen, named: names.length > 0 });
    return {
      outcome: {
        outdated: candidates.map(({ installation, entry, rebuilt }) => ({
          name: installation.name,
          installed: installation.version,
          available: rebuilt ? `${entry.version} (rebuilt)` : entry.version,
          repository: installation.repository ?? "",
        })),
        held,
      },
      errors: [...errors, ...missing.map(({ error }) => error)],
    };
  } finally {
    lookup.close();
  }
}

function chooseInstallations(all: readonly Installation[], names: readonly string[]) {
  if (names.length === 0) return { chosen: all, missing: [] };
  const byName = new Map(all.map((installation) => [installation.name, installation]));
  const chosen = names.flatMap((name) => byName.get(name) ?? []);
  const missing = names
    .filter((name) => !byName.has(name))
    .map((requested) => ({
      requested,
      error: new PkgError("NOT_INSTALLED", `Cannot update "${requested}": it is not installed`, {
        hint: `Run \`pkg install ${requested}\``,
      }),
    }));
  return { chosen, missing };
}

/** Only the repositories that the chosen packages came from. */
async function syncFor(
  cap: InstallCapabilities,
  chosen: readonly Installation[],
  skip: readonly Waiver[],
): Promise<readonly PkgError[]> {
  const names = new Set(chosen.map(({ repository }) => repository));
  const repositories = cap.config.repositories.filter(({ name, enabled }) => enabled && names.has(name));
  const allowStale = skip.includes("freshness");
  const { errors } = await sync(cap, repositories, { force: false, answerWithinMs: null, allowStale });
  return errors;
}

async function resolveUpdates(
  cap: InstallCapabilities,
  chosen: readonly Installation[],
  request: UpdateRequest,
): Promise<{ readonly resolved: readonly Resolved[]; readonly errors: readonly PkgError[] }> {
  const { lookup, errors } = await lookupFor(cap, chosen, request.skip);
  try {
    const { candidates, held } = findCandidates(cap, lookup, { chosen, named: request.names.length > 0 });
    for (const { name, version, requested } of held) {
      cap.emit({
        kind: "note",
        message: `${name} stays at ${version}, as "${requested}" asked for; run \`pkg update ${name}\` to change it`,
      });
    }
    const fromIndex = candidates.map(({ installation, entry }): Resolved => {
      const found = { repository: installation.repository ?? "", entry };
      const chosenVersion = {
        requested: installation.name,
        version: entry.version,
        snapshot: null,
        meta: metaOf(lookup, found),
        skip: request.skip,
      };
      return { requested: installation.name, resolution: resolveEntry(cap, found, chosenVersion) };
    });
    return { resolved: [...fromIndex, ...(await resolveTags(cap, chosen, request))], errors };
  } finally {
    lookup.close();
  }
}

/** The indexes that updates may come from, and why those that the chosen packages came from may not be used. */
async function lookupFor(
  cap: InstallCapabilities,
  chosen: readonly Installation[],
  skip: readonly Waiver[],
): Promise<{ readonly lookup: Lookup; readonly errors: readonly PkgError[] }> {
  const wanted = new Set(chosen.map(({ repository }) => repository));
  if (wanted.size === 0 || (wanted.size === 1 && wanted.has(null))) {
    return { lookup: { indexes: new Map(), close: () => {} }, errors: [] };
  }
  const lookup = await openLookup(cap, skip);
  const { indexes, errors } = usableIndexes(cap, lookup.indexes, { wanted, skip });
  return { lookup: { ...lookup, indexes }, errors };
}

function findCandidates(
  cap: InstallCapabilities,
  lookup: Lookup,
  { chosen, named }: { readonly chosen: readonly Installation[]; readonly named: boolean },
) {
  const candidates: Candidate[] = [];
  const held: Held[] = [];
  for (const installation of chosen) {
    const wanted = wantedVersion(installation);
    const entry = newestEntry(cap, lookup, { installation, range: named ? null : wanted });
    if (entry === null) continue;
    const order = compareVersions(entry.version, installation.version);
    const rebuilt = order === 0 && entry.sha256 !== null && !installation.programDigest.endsWith(`:${entry.sha256}`);
    if (order < 0 || (order === 0 && !rebuilt)) continue;
    const { name, version, requested } = installation;
    if (!named && wanted !== null && isExactVersion(wanted)) held.push({ name, version, requested });
    else candidates.push({ installation, entry, rebuilt });
  }
  return { candidates, held };
}

/** The version or range in what was typed when it was installed. */
function wantedVersion({ requested, repository }: Installation): string | null {
  if (repository === null) return null;
  const spec = parseSpec(requested);
  return spec.kind === "named" ? spec.version : null;
}

/**
 * The newest installable entry of the same package in the same repository that runs here, within `range` unless that is an
 * exact version.
 */
function newestEntry(
  { config }: InstallCapabilities,
  lookup: Lookup,
  { installation, range }: { readonly installation: Installation; readonly range: string | null },
): PackageEntry | null {
  const repository = installation.repository ?? "";
  const entries = lookup.indexes.get(repository)?.byName(installation.name) ?? [];
  const same = entries.filter(
    (entry) =>
      entry.id === installation.packageId &&
      entry.name === installation.name &&
      !entry.disabled &&
      entry.installable &&
      (range === null || isExactVersion(range) || matchesVersion(entry.version, range)),
  );
  const candidates = runnable(
    same.map((entry) => ({ repository, entry })),
    config,
  );
  return newest(offersOf(candidates).filter(({ snapshot }) => snapshot === null))?.package.entry ?? null;
}

/** Where the tags of direct references lead now; a reference by digest never moves. A package keeps its name. */
async function resolveTags(
  cap: InstallCapabilities,
  chosen: readonly Installation[],
  request: UpdateRequest,
): Promise<readonly Resolved[]> {
  const direct = chosen.filter(({ repository, requested }) => repository === null && !requested.includes("@"));
  if (cap.config.offline || direct.length === 0) return [];
  const specs = direct.map(({ requested }) => requested);
  const resolved = await resolveSpecs(cap, specs, { skip: request.skip, key: null });
  return resolved.map((item, index) => {
    const name = direct[index]?.name;
    return "error" in item || name === undefined ? item : { ...item, resolution: { ...item.resolution, name } };
  });
}
