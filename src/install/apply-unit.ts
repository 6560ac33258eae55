import { PkgError } from "../errors.ts";
import type { Installation, Needing } from "../package/installation.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import { aftermathOf } from "../plan/left-behind.ts";
import type { InstalledState } from "../plan/plan.ts";
import type { ChangeResult, Failures } from "../profile/apply-changes.ts";
import type { ApplyContext } from "./apply-context.ts";
import {
  type Decision,
  decide,
  isSameState,
  nameOf,
  type PlacedStep,
  type PlaceOptions,
  type Placing,
  type ReadyStep,
} from "./decide-step.ts";
import { leftAlone } from "./fail-whole.ts";
import { asDependency } from "./plan-removal.ts";

/** What nothing needs any more, and that was removed with the rest: a dependency, or what is not asked for any more. */
export type RemovedAlong = Extract<ChangeResult, { readonly kind: "removed" }> & {
  readonly installation: Installation;
};

/** What is not asked for any more, and was not removed: it stays as a dependency, or nothing could be done about it. */
export type ReleasedStay =
  | { readonly kind: "marked"; readonly installation: Installation }
  | { readonly kind: "failed"; readonly name: string; readonly error: PkgError };

/** What became of a unit. */
export interface AppliedUnit {
  readonly results: ReadonlyMap<ReadyStep, PlacedStep>;
  readonly removed: readonly RemovedAlong[];
  readonly stays: readonly ReleasedStay[];
}

/** How a unit is made. */
export type UnitOptions = PlaceOptions & {
  /** What is not asked for any more; it goes, unless something that stays needs it. */
  readonly released: readonly InstalledState[];
};

/**
 * Makes the changes of several steps as one unit, as things are now, and removes what nothing needs after it. A
 * step that cannot be made takes along those that need it. The caller must hold the lock.
 */
export function applyUnit(context: ApplyContext, ready: readonly ReadyStep[], options: UnitOptions): AppliedUnit {
  const decided = new Map(ready.map((item) => [item, decide(context, item, options)]));
  const failures = failuresIn(context, decided);
  const { released, failed } = releasedNow(context, options.released);
  const cause = [...failures.values(), ...failed.map(({ error }) => error)][0];
  const isRefused = options.isWhole === true && cause !== undefined;
  const along = isRefused ? allBut(ready, failures, cause) : failAlong(ready.map(partOf), failures);
  const refused = new Map([...failures, ...along]);
  const open = ready.flatMap((item) => {
    const decision = decided.get(item);
    return decision?.kind === "change" && !refused.has(nameOf(item)) ? [{ item, change: decision.change }] : [];
  });
  const unit = new Unit(context, open, isRefused ? [] : released);
  const made = unit.apply(options);
  const results = ready.map((item): readonly [ReadyStep, PlacedStep] => {
    const error = refused.get(nameOf(item));
    if (error !== undefined) return [item, { kind: "failed", error, along: along.has(nameOf(item)) }];
    return [item, made.get(item) ?? settledOf(item, decided.get(item))];
  });
  return { results: new Map(results), removed: unit.removed, stays: [...failed, ...unit.stays] };
}

/** What is still as it was planned; what another process has removed is not there to be removed. */
function releasedNow({ state }: ApplyContext, planned: readonly InstalledState[]) {
  const released: Installation[] = [];
  const failed: (ReleasedStay & { readonly kind: "failed" })[] = [];
  for (const item of planned) {
    const now = state.installations.get(item.name);
    if (now === null || now.isDependency) continue;
    if (isSameState(now, item)) released.push(now);
    else failed.push({ kind: "failed", name: item.name, error: changedMeanwhile(item.name) });
  }
  return { released, failed };
}

/** All others, where a unit is made whole or not at all. */
function allBut(ready: readonly ReadyStep[], failures: Failures, cause: PkgError): Failures {
  const others = ready.map(nameOf).filter((name) => !failures.has(name));
  return new Map(others.map((name) => [name, leftAlone(name, cause)]));
}

function changedMeanwhile(name: string): PkgError {
  return new PkgError("STATE_CHANGED", `Cannot remove "${name}": another process changed it in the meantime`, {
    hint: "Run the command again",
  });
}

function settledOf(item: ReadyStep, decision: Decision | undefined): PlacedStep {
  if (decision === undefined || decision.kind === "change") throw new Error(`"${nameOf(item)}" was left out`);
  return decision;
}

interface OpenStep {
  readonly item: ReadyStep;
  readonly change: Placing;
}

/** Changes that are made together, and what nothing needs after them. */
class Unit {
  readonly #context: ApplyContext;
  readonly #open: readonly OpenStep[];
  readonly #before: readonly Needing[];
  /** By name. */
  readonly #released: ReadonlyMap<string, Installation>;
  readonly removed: RemovedAlong[] = [];
  readonly stays: ReleasedStay[] = [];
  readonly #along = new Set<string>();

  constructor(context: ApplyContext, open: readonly OpenStep[], released: readonly Installation[]) {
    this.#context = context;
    this.#released = new Map(released.map((item) => [item.name, item]));
    this.#open = open.map(({ item, change }) => ({ item, change: this.#asReleased(change) }));
    this.#before = context.state.installations.needs();
  }

  /** What is needed by something else, and changed as that is, is a dependency from then on. */
  #asReleased(change: Placing): Placing {
    if (!this.#released.has(change.installation.name)) return change;
    return { ...change, installation: asDependency(change.installation) };
  }

  apply({ force, isWhole = false }: UnitOptions): ReadonlyMap<ReadyStep, PlacedStep> {
    const { profile, installations } = this.#context.state;
    const leaving = [...this.#leaving(new Set())].flatMap((name) => installations.get(name) ?? []);
    const marked = this.#marked(leaving);
    // First, so that what is placed may take the links that these give up.
    const changes = [
      ...leaving.map((installation) => ({ kind: "remove" as const, installation })),
      ...this.#open.map(({ change }) => change),
      ...marked.map((installation) => ({ kind: "mark" as const, installation })),
    ];
    const results = profile.apply(changes, {
      force,
      failAlong: (failures) => (isWhole ? this.#failAll(failures, changes) : this.#failAlong(failures, leaving)),
    });
    for (const [index, installation] of leaving.entries()) {
      const result = results[index];
      if (result?.kind === "removed") this.removed.push({ ...result, installation });
      else if (result?.kind === "failed" && this.#released.has(installation.name))
        this.#fail(installation, result.error);
    }
    for (const [index, installation] of marked.entries()) {
      const result = results[leaving.length + this.#open.length + index];
      if (result?.kind === "failed") this.#fail(installation, result.error);
      else this.stays.push({ kind: "marked", installation });
    }
    return new Map(this.#open.map(({ item }, index) => [item, this.#placed(item, results[leaving.length + index])]));
  }

  #fail({ name }: Installation, error: PkgError): void {
    this.stays.push({ kind: "failed", name, error });
  }

  /** What is not asked for any more, and stays as a dependency; what is changed anyway is marked by that. */
  #marked(leaving: readonly Installation[]): readonly Installation[] {
    const others = new Set([...leaving.map(({ name }) => name), ...this.#open.map(({ item }) => nameOf(item))]);
    return [...this.#released.values()].filter(({ name }) => !others.has(name)).map(asDependency);
  }

  #placed(item: ReadyStep, result: ChangeResult | undefined): PlacedStep {
    if (result === undefined || result.kind === "removed") throw new Error(`"${nameOf(item)}" was not placed`);
    return result.kind === "failed" ? { ...result, along: this.#along.has(nameOf(item)) } : result;
  }

  /** Names of what nothing needs, after all changes but those of packages that have failed. */
  #leaving(failed: ReadonlySet<string>): ReadonlySet<string> {
    const drafts = new Map(this.#open.map(({ change: { installation } }) => [installation.name, installation]));
    for (const name of failed) drafts.delete(name);
    const staying = this.#before.map((item) => {
      const isReleased = this.#released.has(item.name) && !failed.has(item.name);
      return [item.name, isReleased ? { ...item, isDependency: true } : item] as const;
    });
    const after = new Map<string, Needing>([...staying, ...drafts]);
    return new Set(aftermathOf(this.#before, [...after.values()]).leftBehind);
  }

  #failAll(failures: Failures, changes: readonly { readonly installation: Installation }[]): Failures {
    const [cause] = failures.values();
    const names = changes.map(({ installation: { name } }) => name).filter((name) => !failures.has(name));
    if (cause === undefined) return new Map();
    for (const name of names) this.#along.add(name);
    return new Map(names.map((name) => [name, leftAlone(name, cause)]));
  }

  #failAlong(failures: Failures, leaving: readonly Installation[]): Failures {
    const along = failAlong(
      this.#open.map(({ item }) => partOf(item)),
      failures,
    );
    for (const name of along.keys()) this.#along.add(name);
    const still = this.#leaving(new Set([...failures.keys(), ...along.keys()]));
    const needed = leaving.filter(({ name }) => !still.has(name)).map(({ name }) => [name, neededStill(name)] as const);
    return new Map([...along, ...needed]);
  }
}

function neededStill(name: string): PkgError {
  return new PkgError("STATE_CHANGED", `Cannot remove "${name}": it is needed`);
}

/** The steps that may not be made, or that need what another process has removed. */
function failuresIn(context: ApplyContext, decided: ReadonlyMap<ReadyStep, Decision>): Failures {
  const there = new Set(context.state.installations.needs().map(({ name }) => name));
  for (const item of decided.keys()) there.add(nameOf(item));
  return new Map(
    [...decided].flatMap(([item, decision]) => {
      if (decision.kind === "failed") return [[nameOf(item), decision.error] as const];
      const gone = item.step.resolution.dependencies.find((name) => !there.has(name));
      return gone === undefined ? [] : [[nameOf(item), neededGone(nameOf(item), gone)] as const];
    }),
  );
}

function neededGone(name: string, gone: string): PkgError {
  return new PkgError(
    "STATE_CHANGED",
    `Cannot install "${name}": another process removed "${gone}", which it needs, in the meantime`,
    { hint: "Run the command again" },
  );
}
