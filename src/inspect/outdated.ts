import { describeFailure, type FailedName, type Failure, type WithErrors } from "../capabilities/outcome.ts";
import { allNeeded } from "../package/dependency-graph.ts";
import type { Installation } from "../package/installation.ts";
import type { Waiver } from "../package/policy.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { makePlan } from "../plan/plan.ts";
import { judgeInstalled } from "../resolve/judge-installed.ts";
import { type NewerTag, newerTags } from "../resolve/newer-tags.ts";
import type { ResolveCapabilities } from "../resolve/resolve.ts";
import { resolveTags } from "../resolve/resolve-tags.ts";
import { errorsOf, type Unjudged } from "../resolve/unjudged.ts";
import {
  CANNOT_FIND_UPDATE,
  type Candidate,
  type Chosen,
  chooseInstallations,
  type Held,
  withWanted,
} from "../resolve/update-candidates.ts";
import type { Installations } from "../state/installations.ts";

/** What is to be known about one installation that is not simply up to date. */
export type OutdatedItem =
  | {
      readonly state: "outdated";
      readonly name: string;
      readonly version: string;
      readonly availableVersion: string;
      /** The same version with other bytes. */
      readonly rebuilt: boolean;
      /** Null for what was installed by its reference. */
      readonly repository: string | null;
      /** True when nobody asked for it. */
      readonly isDependency: boolean;
    }
  | ({ readonly state: "held" } & Held)
  /** An image that stays with the tag of its version, while there is a newer one. */
  | ({ readonly state: "newer-tag" } & NewerTag)
  | {
      /** Orphaned: nothing updates it, as its repository was removed. Unjudged: nobody can tell; the error says why. */
      readonly state: "orphaned" | "unjudged";
      readonly name: string;
      readonly version: string;
      readonly repository: string | null;
      readonly isDependency: boolean;
      /** Where the index of its repository was; null: not known. */
      readonly url: string | null;
      readonly error: Failure;
    }
  | ({ readonly state: "failed" } & FailedName);

export interface OutdatedOutcome {
  readonly packages: readonly OutdatedItem[];
}

/** What to look at. */
export interface OutdatedRequest {
  /** Words that `install` takes; empty: everything that is installed. */
  readonly texts: readonly string[];
  /** Where relative paths begin. */
  readonly directory: string;
}

/** Syncs, then lists what `update` would change: the same that it would judge. */
export function syncThenOutdated(
  cap: ResolveCapabilities,
  request: OutdatedRequest,
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  return listOutdated(cap, request, { skip, isSynced: true });
}

/** Lists what `update` would change, from the indexes as they are; the tags of direct references are asked for. */
export function outdated(
  cap: ResolveCapabilities,
  request: OutdatedRequest,
  skip: readonly Waiver[],
): Promise<WithErrors<OutdatedOutcome>> {
  return listOutdated(cap, request, { skip, isSynced: false });
}

async function listOutdated(
  cap: ResolveCapabilities,
  { texts, directory }: OutdatedRequest,
  options: { readonly skip: readonly Waiver[]; readonly isSynced: boolean },
): Promise<WithErrors<OutdatedOutcome>> {
  const { installations } = await cap.records();
  const asked = chooseInstallations({ installations, directory }, texts, CANNOT_FIND_UPDATE);
  const named = { ...asked, chosen: withNeeded(installations, asked.chosen) };
  const judged = await judgeInstalled(cap, named, { ...options, readsOnly: true });
  try {
    const tags = await movedTags(cap, named, options.skip);
    const newer = await newerTags(cap, named.chosen);
    const unjudged = [...judged.unjudged, ...tags.unjudged];
    const failed = [...named.missing, ...judged.refused, ...tags.failed];
    const packages: readonly OutdatedItem[] = [
      ...judged.candidates.map(describeCandidate),
      ...tags.moved,
      ...[...judged.held, ...tags.held].map((item) => ({ state: "held" as const, ...item })),
      ...newer.map((item) => ({ state: "newer-tag" as const, ...item })),
      ...unjudged.map(describeUnjudged),
      ...failed.map(({ requested: name, error }) => ({
        state: "failed" as const,
        name,
        error: describeFailure(error),
      })),
    ];
    const askedFor = unjudged.filter(({ installation: { name } }) => asked.chosen.some((item) => item.name === name));
    const errors = [...judged.syncErrors, ...errorsOf(askedFor, texts.length > 0), ...failed.map(({ error }) => error)];
    return { outcome: { packages }, errors: [...new Set(errors)] };
  } finally {
    judged.lookup.close();
  }
}

/** `update` changes what is named with all that it needs. */
export function withNeeded(
  installations: Pick<Installations, "get" | "needs">,
  chosen: readonly Installation[],
): readonly Installation[] {
  const needs = new Map(installations.needs().map(({ name, dependencies }) => [name, dependencies]));
  const named = new Set(chosen.map(({ name }) => name));
  const others = [...allNeeded(named, (name) => needs.get(name) ?? [])].filter((name) => !named.has(name));
  return [...chosen, ...others.flatMap((name) => installations.get(name) ?? [])];
}

/** The direct references whose tags stand for something else now. */
export async function movedTags(cap: ResolveCapabilities, named: Chosen, skip: readonly Waiver[]) {
  const { resolved: tagged, unjudged, held } = await resolveTags(cap, named.chosen, skip);
  const resolved = withWanted(named, tagged);
  const { installations } = await cap.records();
  const resolutions = resolved.flatMap((item) => ("resolution" in item ? item.resolution : []));
  const { steps } = makePlan(resolutions, (name) => installations.get(name), { reinstall: false });
  const moved = steps.flatMap((step): readonly OutdatedItem[] => {
    if (step.kind !== "change") return [];
    const { name, version: availableVersion } = step.resolution;
    const { version, isDependency } = step.from;
    const rebuilt = availableVersion === version;
    return [{ state: "outdated", name, version, availableVersion, rebuilt, repository: null, isDependency }];
  });
  return { moved, unjudged, held, failed: resolved.filter((item) => "error" in item) };
}

function describeCandidate({ installation, entry, rebuilt }: Candidate): OutdatedItem {
  const { name, version, repository, isDependency } = installation;
  return { state: "outdated", name, version, availableVersion: entry.version, rebuilt, repository, isDependency };
}

function describeUnjudged({ installation, error }: Unjudged): OutdatedItem {
  const { name, version, repository, owner, isDependency } = installation;
  const state = isOrphaned(installation) ? "orphaned" : "unjudged";
  return { state, name, version, repository, isDependency, url: owner?.url ?? null, error: describeFailure(error) };
}
