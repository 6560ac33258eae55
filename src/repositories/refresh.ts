import { ageInSentence } from "../base/age.ts";
import type { ConfiguredRepository } from "../config/repository.ts";
import type { PkgError } from "../errors.ts";
import type { IndexPatience } from "./fetch-watch.ts";
import { type IndexState, indexState } from "./index-state.ts";
import { givenUp, type LeftOut, lastFailure, leftOutNote, noneUsable, whyLeftOut } from "./left-out.ts";
import { reachable } from "./reachable.ts";
import { createRest, type Rest } from "./rest.ts";
import type { SyncCapabilities } from "./sync-capabilities.ts";
import { type Fetching, refreshThose, syncQuietly } from "./sync-unasked.ts";

/** How long a command waits for an index that nobody asked it to fetch; an explicit `pkg sync` waits longer. */
export interface RefreshPatience {
  /** For one that is usable as it is. */
  readonly stale: IndexPatience;
  /** For one that is missing, or of little use. */
  readonly needed: IndexPatience;
  /** For all that are left once the others are enough, ms. */
  readonly restMs: number;
}

/** What the program waits; tests wait less. */
export const REFRESH_PATIENCE: RefreshPatience = {
  stale: { answerMs: 1000, progressMs: 15_000, attempts: 1 },
  needed: { answerMs: 10_000, progressMs: 15_000, attempts: 2 },
  restMs: 1000,
};

export interface RefreshOptions {
  /** The repositories that matter; default: all that are enabled. */
  readonly only?: ReadonlySet<string | null>;
  /** Repositories that this run has asked already. */
  readonly tried?: ReadonlySet<string>;
  readonly patience?: RefreshPatience;
  /** Without any index nothing can be done, so those found dead lately are asked again; default false. */
  readonly needsOne?: boolean;
  /** Whether all that is wanted is known, so that the rest is not waited for; default: it never is. */
  readonly isEnough?: (settled: Settled) => boolean;
}

/** How far the repositories have got. */
export interface Settled {
  /** Those that are not asked, have answered, or have failed. */
  readonly names: ReadonlySet<string>;
  /** Those of them that have an index to use, in the order of the config. */
  readonly usable: readonly ConfiguredRepository[];
}

/** Which indexes there are to use. */
export interface Refreshed {
  readonly usable: readonly ConfiguredRepository[];
  /** The enabled repositories that have no index to use. */
  readonly leftOut: readonly LeftOut[];
  /** The repositories that this run has asked for their index. */
  readonly tried: ReadonlySet<string>;
}

/**
 * Makes sure that each enabled repository has an index, and a current one if its server answers at once. One that cannot be
 * read is left out and reported, and holds up nothing: each has its own bounded time, and one that was found dead
 * lately is not asked again as long as there is another.
 *
 * @throws {PkgError} when no repository has an index at all: INDEX_MISSING, or why the index could not be fetched
 */
export async function refreshIndexes(cap: SyncCapabilities, options: RefreshOptions = {}): Promise<Refreshed> {
  const refreshed = await refreshWanted(cap, { ...options, needsOne: true });
  if (refreshed.usable.length > 0) return refreshed;
  const { isOffline } = refreshed.leftOut.length === 0 ? { isOffline: false } : await cap.network();
  throw noneUsable(refreshed.leftOut, isOffline);
}

/** The same for work that can do without any index: nothing is thrown, and why there is none is in `leftOut`. */
export async function refreshWanted(cap: SyncCapabilities, options: RefreshOptions = {}): Promise<Refreshed> {
  const { only, tried = new Set() } = options;
  const enabled = cap.config.repositories.filter(({ name, enabled }) => enabled && (only?.has(name) ?? true));
  const stateOf = (repository: ConfiguredRepository) => indexState(repository, { ...cap, ...cap.config });
  const before = enabled.map((repository) => ({ repository, state: stateOf(repository) }));
  const asked = await reachable(cap.network, worthAsking(cap, before, options));
  const others = enabled.filter((repository) => !asked.includes(repository)).map(nameOf);
  const isUsable = (repository: ConfiguredRepository) => !UNUSABLE.includes(stateOf(repository));
  const isEnough = (names: ReadonlySet<string>) =>
    options.isEnough?.({ names, usable: enabled.filter((one) => names.has(one.name) && isUsable(one)) }) ?? false;
  const { restMs } = options.patience ?? REFRESH_PATIENCE;
  const rest = createRest({ asked: asked.map(nameOf), settled: others, isEnough, restMs });
  const failed = await refreshStates(
    cap,
    before.filter(({ repository }) => asked.includes(repository)),
    { ...options, onEnd: rest.ended, unwanted: rest.unwanted },
  );
  rest.end();
  const after = before.map(({ repository, state }) => {
    return { repository, state: asked.includes(repository) ? stateOf(repository) : state };
  });
  const leftOut = after
    .filter(({ state }) => UNUSABLE.includes(state))
    .map(({ repository }) =>
      rest.isGivenUp(repository.name)
        ? givenUp(repository.name)
        : whyLeftOut(cap, repository, failed.get(repository.name)),
    );
  const usable = after.filter(({ state }) => !UNUSABLE.includes(state)).map(({ repository }) => repository);
  const stale = after.filter(({ state, repository: { name } }) => state === "stale" && !rest.isGivenUp(name));
  for (const { repository } of stale) {
    tellStale(cap, repository.name, failed.get(repository.name) ?? lastFailure(cap, repository));
  }
  if (usable.length > 0 || options.needsOne !== true) for (const item of leftOut) cap.emit(leftOutNote(item));
  return { usable, leftOut, tried: new Set([...tried, ...asked.map(({ name }) => name)]) };
}

function nameOf({ name }: ConfiguredRepository): string {
  return name;
}

/** What came of fetching indexes that were not due. */
export interface Newer {
  /** The repositories that were asked. */
  readonly tried: ReadonlySet<string>;
  /** True if at least one of them has another index now. */
  readonly isNewer: boolean;
}

/**
 * Fetches the indexes of repositories again, which are in use, because something suggests that they are out of date. Nothing
 * is asked that was found dead lately, or offline, or where the config says that indexes are never fetched unasked.
 *
 * @param why why they are suspected, before the name: "NAME is not in"
 */
export async function fetchNewer(
  cap: SyncCapabilities,
  names: ReadonlySet<string>,
  why: string,
  patience: IndexPatience = REFRESH_PATIENCE.needed,
): Promise<Newer> {
  const known = cap.config.repositories.filter(({ name, enabled }) => enabled && names.has(name));
  const alive = known.filter((repository) => lastFailure(cap, repository) === null);
  const asked = cap.config.syncIntervalMs === null || !cap.config.mayChange ? [] : await reachable(cap.network, alive);
  if (asked.length > 0) cap.emit({ kind: "note", message: `As ${why} ${fetchedAgain(cap, asked.map(nameOf))}` });
  const { updated } = await syncQuietly(cap, asked, { patience });
  return { tried: new Set(asked.map(({ name }) => name)), isNewer: updated };
}

interface Known {
  readonly repository: ConfiguredRepository;
  readonly state: IndexState;
}

/**
 * Those that are not current, and were not found dead lately, unless there is nothing else. Whoever may only look takes them as
 * they are.
 */
function worthAsking(cap: SyncCapabilities, known: readonly Known[], { tried, needsOne = false }: RefreshOptions) {
  if (!cap.config.mayChange) return [];
  const mustTry = needsOne && known.every(({ state }) => UNUSABLE.includes(state));
  return known
    .filter(({ repository, state }) => state !== "current" && tried?.has(repository.name) !== true)
    .filter(({ repository }) => mustTry || lastFailure(cap, repository) === null)
    .map(({ repository }) => repository);
}

/** Asks all of them side by side, each with the patience that its state deserves; returns what went wrong by name. */
async function refreshStates(
  cap: SyncCapabilities,
  known: readonly Known[],
  { patience = REFRESH_PATIENCE, onEnd, unwanted }: RefreshOptions & Pick<Fetching, "onEnd"> & Pick<Rest, "unwanted">,
): Promise<ReadonlyMap<string, PkgError>> {
  const those = (...states: readonly IndexState[]) =>
    known.filter(({ state }) => states.includes(state)).map(({ repository }) => repository);
  const failures = await Promise.all([
    refreshThose(cap, those(...UNUSABLE), { patience: { ...patience.needed, unwanted }, hasOld: false, onEnd }),
    refreshThose(cap, those("expired"), { patience: { ...patience.needed, unwanted }, hasOld: true, onEnd }),
    refreshThose(cap, those("stale"), { patience: { ...patience.stale, unwanted }, hasOld: true, onEnd }),
  ]);
  return new Map(failures.flat());
}

const UNUSABLE: readonly IndexState[] = ["none", "damaged", "other rules"];

function tellStale(cap: SyncCapabilities, name: string, error: PkgError | null): void {
  const reason = error === null ? "" : ` (${error.message})`;
  const command = cap.config.mayChange ? "pkg sync" : "sudo pkg --system sync";
  const message = `The index of ${name} is ${ageOf(cap, name)} and could not be refreshed${reason}; run \`${command}\``;
  cap.emit({ kind: "note", message });
}

function fetchedAgain(cap: Pick<SyncCapabilities, "indexes" | "now">, names: readonly string[]): string {
  const [first = "", ...others] = names;
  if (others.length === 0) return `the index of ${first}, which is ${ageOf(cap, first)}, it is fetched again`;
  const oldest = names.reduce((a, b) => ((cap.indexes.freshAt(a) ?? 0) <= (cap.indexes.freshAt(b) ?? 0) ? a : b));
  const all = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  return `the index of ${all}, the oldest of which is ${ageOf(cap, oldest)}, they are fetched again`;
}

function ageOf({ indexes, now }: Pick<SyncCapabilities, "indexes" | "now">, name: string): string {
  return ageInSentence(now() - (indexes.freshAt(name) ?? now()));
}
