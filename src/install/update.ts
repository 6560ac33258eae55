import type { Capabilities } from "../capabilities/capabilities.ts";
import type { WithErrors } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Waiver } from "../package/policy.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { installPlan } from "./install.ts";
import type { InstalledItem, InstallOutcome } from "./install-outcome.ts";
import { metaOf } from "./lookup.ts";
import type { Consent, Question } from "./name-concerns.ts";
import { openForChange } from "./open-for-change.ts";
import { planResolved } from "./plan-install.ts";
import { keepOrRepair } from "./repair.ts";
import { type Resolved, resolveSpecs } from "./resolve.ts";
import { resolveEntry } from "./resolve-entry.ts";
import { isReference, parseSpec } from "./spec.ts";
import { type Chosen, chooseInstallations, findUpdates, lookupFor, syncFor } from "./update-candidates.ts";

export interface UpdateRequest {
  /** Words that `install` takes; empty: everything that is installed. */
  readonly names: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly skip: readonly Waiver[];
  /** Answers the questions that the updates raise. */
  readonly consentTo: (questions: readonly Question[]) => Promise<Consent>;
}

/** Syncs, then updates the named packages, or all that are installed. */
export async function update(cap: Capabilities, request: UpdateRequest): Promise<WithErrors<InstallOutcome>> {
  await openForChange(cap, request.dryRun);
  const words = { installations: (await cap.records()).installations, directory: request.directory };
  const named = chooseInstallations(words, request.names);
  const syncErrors = await syncFor(cap, named.chosen, request.skip);
  const { resolved: found, errors: expired } = await resolveUpdates(cap, named, request);
  const resolved = [...named.missing, ...found];
  // Syncing may have told whose a package is.
  const state = await cap.records();
  const plan = planResolved({ state, names: cap.config }, resolved, { reinstall: false, repairs: false });
  // An update comes from the same owner, so no name changes hands.
  const consent = await request.consentTo(plan.questions.filter(({ kind }) => kind !== "replace"));
  const { outcome, errors } = await installPlan(cap, plan, {
    force: request.force,
    dryRun: request.dryRun,
    consent: { ...consent, replace: [] },
  });
  const changed = outcome.packages.filter(({ action }) => action !== "keep");
  const told = new Set(changed.map((item) => item.name));
  const untouched = named.chosen.filter(({ name, requested }) => !told.has(name) && !told.has(requested));
  const kept: Awaited<ReturnType<typeof keepOrRepair>>[] = [];
  for (const { name } of untouched) {
    // As it is now: another process may have updated it, or removed it.
    const now = (await cap.records()).installations.get(name);
    if (now !== null) kept.push(await keepOrRepair(cap, now, keptItem(now), request));
  }
  const all = [...syncErrors, ...expired, ...errors, ...kept.flatMap(({ error }) => error ?? [])];
  return { outcome: { ...outcome, packages: [...changed, ...kept.map(({ item }) => item)] }, errors: all };
}

function keptItem(installation: Installation): InstalledItem {
  const { name, version, repository } = installation;
  return { action: "keep", name, version, repository, orphaned: isOrphaned(installation) };
}

async function resolveUpdates(
  cap: Capabilities,
  { chosen, wanted }: Chosen,
  request: UpdateRequest,
): Promise<{ readonly resolved: readonly Resolved[]; readonly errors: readonly PkgError[] }> {
  const { lookup, errors } = await lookupFor(cap, chosen, request.skip);
  const { installations } = await cap.records();
  try {
    const { candidates, held, refused } = findUpdates(cap.config, lookup, { chosen, wanted });
    for (const { name, version, requested } of held) {
      cap.emit({
        kind: "note",
        message: `${name} stays at ${version}, as "${requested}" asked for; run \`pkg update ${name}\` to change it`,
      });
    }
    const fromIndex = candidates.map(({ installation, entry }): Resolved => {
      const found = { repository: installation.repository ?? "", entry };
      const chosenVersion = {
        requested: requestedBy(installation, wanted),
        owner: installations.ownerOf(found.repository),
        version: entry.version,
        snapshot: null,
        meta: metaOf(lookup, found),
        skip: request.skip,
        installed: installation,
        isOtherVersion: false,
      };
      return { requested: installation.name, resolution: resolveEntry(cap, found, chosenVersion) };
    });
    return { resolved: [...refused, ...fromIndex, ...(await resolveTags(cap, chosen, request))], errors };
  } finally {
    lookup.close();
  }
}

/** What is recorded as typed: what `update` was told, else what `install` was, so that a range holds for the next update too. */
function requestedBy({ name, requested }: Installation, wanted: Chosen["wanted"]): string {
  if (!wanted.has(name)) return requested;
  const version = wanted.get(name) ?? null;
  return version === null ? name : `${name}@${version}`;
}

/** Resolves the tags of direct references again; a reference by digest never moves. A package keeps its name. */
async function resolveTags(
  cap: Capabilities,
  chosen: readonly Installation[],
  { skip }: UpdateRequest,
): Promise<readonly Resolved[]> {
  const isOffline = chosen.some(({ repository }) => repository === null) && (await cap.network()).isOffline;
  const direct = chosen.filter((installation) => mayMove(installation, isOffline));
  const specs = direct.map(({ requested }) => requested);
  const resolved = specs.length === 0 ? [] : await resolveSpecs(cap, specs, { skip, key: null, directory: "/" });
  return resolved.map((item, index) => {
    const name = direct[index]?.name;
    return "error" in item || name === undefined ? item : { ...item, resolution: { ...item.resolution, name } };
  });
}

/** True for a direct reference by tag; offline, only for a place on this machine. */
function mayMove({ repository, requested }: Installation, isOffline: boolean): boolean {
  if (repository !== null || !isReference(requested)) return false;
  const spec = parseSpec(requested, "/");
  if (spec.kind !== "reference") return false;
  const { location } = spec;
  return location.kind === "registry" ? !isOffline && location.reference.digest === null : location.digest === null;
}
