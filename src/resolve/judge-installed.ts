import { dirname } from "node:path";
import { ageInSentence } from "../base/age.ts";
import type { Config } from "../config/config.ts";
import { PkgError } from "../errors.ts";
import { expectWritable } from "../fs/writable.ts";
import type { Installation } from "../package/installation.ts";
import type { Waiver } from "../package/policy.ts";
import { isOrphaned } from "../package/repository-owner.ts";
import { reachable } from "../repositories/reachable.ts";
import { REFRESH_PATIENCE } from "../repositories/refresh.ts";
import { sync } from "../repositories/sync.ts";
import type { SyncCapabilities } from "../repositories/sync-capabilities.ts";
import { usableIndexes } from "../repositories/use-index.ts";
import { judgeByIndex, type Verdict } from "./judge-by-index.ts";
import { type Lookup, NO_LOOKUP, openLookupIfAny } from "./lookup.ts";
import type { ResolveCapabilities } from "./resolve.ts";
import { byOldIndex, inDisabled, orphaned, type Unjudged, withoutIndex } from "./unjudged.ts";
import type { Candidate, Chosen, Held } from "./update-candidates.ts";

/** What is known about what is installed from repositories. */
export interface Judged {
  readonly lookup: Lookup;
  readonly candidates: readonly Candidate[];
  readonly held: readonly Held[];
  /** What is up to date and needs others, or did: those may have changed, or be missing. */
  readonly needing: readonly Omit<Candidate, "rebuilt">[];
  /** Versions that were named and are not there. */
  readonly refused: Chosen["missing"];
  readonly unjudged: readonly Unjudged[];
  /** Why repositories could not be synced. */
  readonly syncErrors: readonly PkgError[];
  /** The repositories that this run has asked for their index. */
  readonly tried: ReadonlySet<string>;
}

export interface JudgeOptions {
  readonly skip: readonly Waiver[];
  /** Whether to sync first; otherwise the indexes are taken as they are. */
  readonly isSynced: boolean;
  /** Nothing is going to be changed: where nothing can be written, the stored indexes answer, and a note says so. */
  readonly readsOnly?: boolean;
  /** Repositories that this run has asked already. */
  readonly tried?: ReadonlySet<string>;
}

/**
 * Compares what is installed with the indexes of the repositories that it came from, and no others, and says of each package
 * what could not be judged. The caller closes the lookup.
 */
export async function judgeInstalled(cap: ResolveCapabilities, named: Chosen, options: JudgeOptions): Promise<Judged> {
  const synced = options.isSynced ? await syncFor(cap, named.chosen, options) : NOTHING_SYNCED;
  const tried = new Set([...(options.tried ?? []), ...synced.tried]);
  const wanted = repositoriesOf(cap.config, named.chosen);
  const { skip } = options;
  const lookup = wanted.size === 0 ? NO_LOOKUP : await openLookupIfAny(cap, { only: wanted, tried, skip });
  // A new index may have told that an orphan's repository is there again.
  const { installations } = await cap.records();
  const chosen = named.chosen.map((item) => (isOrphaned(item) ? (installations.get(item.name) ?? item) : item));
  const usable = usableIndexes(cap, lookup.indexes, { wanted, skip });
  const problems = new Map([
    ...lookup.leftOut.map(({ repository, error }) => [repository, error] as const),
    ...usable.errors,
    ...[...synced.failed].filter(([name]) => !usable.indexes.has(name)),
  ]);
  const verdicts = chosen
    .filter(({ repository }) => repository !== null)
    .map((installation): Verdict => {
      const problem = problemOf(cap, installation, problems);
      if (problem !== null) return { kind: "unjudged", unjudged: problem };
      const verdict = judgeByIndex(cap.config, usable.indexes, { ...named, installation });
      const failure = synced.failed.get(installation.repository ?? "");
      if (verdict.kind !== "current" || failure === undefined) return verdict;
      return { kind: "unjudged", unjudged: byOldIndex(installation, ageOf(cap, installation), failure) };
    });
  return {
    lookup: { ...lookup, indexes: usable.indexes },
    candidates: verdicts.flatMap((verdict) => (verdict.kind === "candidate" ? verdict.candidate : [])),
    held: verdicts.flatMap((verdict) => (verdict.kind === "held" ? verdict.held : [])),
    needing: verdicts.flatMap(needingOf),
    refused: verdicts.flatMap((verdict) => (verdict.kind === "refused" ? verdict.refused : [])),
    unjudged: verdicts.flatMap((verdict) => (verdict.kind === "unjudged" ? verdict.unjudged : [])),
    syncErrors: [...synced.failed.values()],
    tried: new Set([...tried, ...lookup.tried]),
  };
}

function needingOf(verdict: Verdict): Judged["needing"] {
  if ((verdict.kind !== "current" && verdict.kind !== "held") || verdict.entry === null) return [];
  const { installation, entry } = verdict;
  return installation.dependencies.length + entry.dependencies.length === 0 ? [] : [{ installation, entry }];
}

function problemOf(
  { config }: Pick<ResolveCapabilities, "config">,
  installation: Installation,
  problems: ReadonlyMap<string, PkgError>,
): Unjudged | null {
  const name = installation.repository ?? "";
  const repository = config.repositories.find((candidate) => candidate.name === name);
  if (isOrphaned(installation) || repository === undefined) return orphaned(installation);
  if (!repository.enabled) return inDisabled(installation);
  const error = problems.get(name);
  return error === undefined ? null : withoutIndex(installation, error);
}

function ageOf({ indexes, now }: Pick<ResolveCapabilities, "indexes" | "now">, { repository }: Installation): number {
  return now() - (indexes.freshAt(repository ?? "") ?? now());
}

/**
 * The repositories that they can be updated from, and those that orphans may have come from: one that is in the config again gets
 * its packages back with its index. Direct references have none.
 */
function repositoriesOf(
  { repositories }: Pick<Config, "repositories">,
  chosen: readonly Installation[],
): ReadonlySet<string> {
  return new Set(
    chosen.flatMap((item) => {
      if (!isOrphaned(item)) return item.repository ?? [];
      const back = repositories.filter(
        ({ name, url, enabled }) => enabled && (name === item.repository || url === item.owner?.url),
      );
      return back.map(({ name }) => name);
    }),
  );
}

interface Synced {
  readonly tried: ReadonlySet<string>;
  readonly failed: ReadonlyMap<string, PkgError>;
}

const NOTHING_SYNCED: Synced = { tried: new Set(), failed: new Map() };

/** Syncs only the repositories that the chosen packages came from, or orphans may have come from, and offline only those on this machine's disk. */
async function syncFor(
  cap: SyncCapabilities,
  chosen: readonly Installation[],
  { skip, readsOnly = false }: JudgeOptions,
): Promise<Synced> {
  const names = repositoriesOf(cap.config, chosen);
  const repositories = cap.config.repositories.filter(({ name, enabled }) => enabled && names.has(name));
  const asked = await reachable(cap.network, repositories);
  const tried = new Set(asked.map(({ name }) => name));
  const unwritable = readsOnly && asked.length > 0 ? whyUnwritable(cap.config) : null;
  if (unwritable !== null) {
    for (const name of tried) tellUnrefreshed(cap, name, unwritable);
    return { tried, failed: new Map() };
  }
  const { failed } = await sync(cap, asked, {
    force: false,
    patience: REFRESH_PATIENCE.needed,
    allowStale: skip.includes("freshness"),
  });
  return { tried, failed };
}

/** Why nothing can be remembered about indexes here, so that none can be taken; null: it can. */
function whyUnwritable({ paths }: Pick<Config, "paths">): PkgError | null {
  try {
    for (const directory of [dirname(paths.stateDatabase), paths.index]) expectWritable(directory);
    return null;
  } catch (error) {
    if (error instanceof PkgError) return error;
    throw error;
  }
}

function tellUnrefreshed(
  { indexes, now, emit }: Pick<SyncCapabilities, "indexes" | "now" | "emit">,
  name: string,
  { message }: PkgError,
): void {
  const freshAt = indexes.freshAt(name);
  if (freshAt === null) return;
  const age = ageInSentence(now() - freshAt);
  emit({ kind: "note", message: `The index of ${name} is ${age}, as it could not be refreshed: ${message}` });
}
