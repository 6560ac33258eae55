import type { EmitEvent } from "../base/events.ts";
import type { State } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { PkgError } from "../errors.ts";
import type { MarkedStep, ObtainedStep } from "../obtain/obtain-plan.ts";
import { compareEditions } from "../package/edition.ts";
import type { Installation, Needing } from "../package/installation.ts";
import { programLinks } from "../package/place.ts";
import type { Link } from "../package/provides.ts";
import { failAlong, type Part } from "../plan/fail-along.ts";
import { aftermathOf } from "../plan/left-behind.ts";
import type { ChangingStep } from "../plan/plan.ts";
import { type InstalledState, isSameOwner, type Step } from "../plan/plan.ts";
import type { ChangeResult, Failures } from "../profile/apply-changes.ts";
import type { ProfileChange } from "../profile/profile.ts";
import type { ApplyOptions } from "./install-outcome.ts";
import { draftInstallation } from "./installation-draft.ts";
import {
  concernsOf,
  type NameConfig,
  ownInstallation,
  questionsOf,
  refuseUnanswered,
  refuseWithoutConsent,
} from "./name-concerns.ts";

export interface ApplyContext {
  readonly state: State;
  readonly names: NameConfig;
  readonly emit: EmitEvent;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a step is among those that are made together. */
export function partOf({ step: { resolution } }: { readonly step: Step }): Part {
  const { name, dependencies, isDependency } = resolution;
  return { name, needs: dependencies, isDependency };
}

/** A step for which all is there that it needs. */
export type ReadyStep = Exclude<ObtainedStep, { readonly kind: "failed" }>;

type Obtained = ReadyStep & { readonly kind: "obtained" };

/** What became of a step. `kept`: another process has placed the same in the meantime. */
export type PlacedStep =
  | Extract<ChangeResult, { readonly kind: "placed" }>
  | { readonly kind: "kept"; readonly installation: Installation }
  | { readonly kind: "failed"; readonly error: PkgError; readonly along?: boolean };

/** A dependency that nothing needs any more, and that went along. */
export type RemovedAlong = Extract<ChangeResult, { readonly kind: "removed" }> & {
  readonly installation: Installation;
};

type PlaceOptions = Pick<ApplyOptions, "force" | "consent">;
type Placing = Exclude<ProfileChange, { readonly kind: "remove" }>;

/** What is to be done for a step, as things are now. */
type Decision = PlacedStep | { readonly kind: "change"; readonly change: Placing };

/**
 * Makes the changes of several steps as one unit, as things are now, and removes the dependencies that nothing needs after it. A
 * step that cannot be made takes along those that need it. The caller must hold the lock.
 */
export function applyUnit(
  context: ApplyContext,
  ready: readonly ReadyStep[],
  options: PlaceOptions,
): { readonly results: ReadonlyMap<ReadyStep, PlacedStep>; readonly removed: readonly RemovedAlong[] } {
  const decided = new Map(ready.map((item) => [item, decide(context, item, options)]));
  const failures = failuresIn(context, decided);
  const along = failAlong(ready.map(partOf), failures);
  const refused = new Map([...failures, ...along]);
  const open = ready.flatMap((item) => {
    const decision = decided.get(item);
    return decision?.kind === "change" && !refused.has(nameOf(item)) ? [{ item, change: decision.change }] : [];
  });
  const unit = new Unit(context, open);
  const made = unit.apply(options.force);
  const results = ready.map((item): readonly [ReadyStep, PlacedStep] => {
    const error = refused.get(nameOf(item));
    if (error !== undefined) return [item, { kind: "failed", error, along: along.has(nameOf(item)) }];
    return [item, made.get(item) ?? settledOf(item, decided.get(item))];
  });
  return { results: new Map(results), removed: unit.removed };
}

function settledOf(item: ReadyStep, decision: Decision | undefined): PlacedStep {
  if (decision === undefined || decision.kind === "change") throw new Error(`"${nameOf(item)}" was left out`);
  return decision;
}

function nameOf({ step }: ReadyStep): string {
  return step.resolution.name;
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
  readonly removed: RemovedAlong[] = [];
  readonly #along = new Set<string>();

  constructor(context: ApplyContext, open: readonly OpenStep[]) {
    this.#context = context;
    this.#open = open;
    this.#before = context.state.installations.needs();
  }

  apply(force: boolean): ReadonlyMap<ReadyStep, PlacedStep> {
    const { profile, installations } = this.#context.state;
    const leaving = [...this.#leaving(new Set())].flatMap((name) => installations.get(name) ?? []);
    // First, so that what is placed may take the links that these give up.
    const changes = [
      ...leaving.map((installation) => ({ kind: "remove" as const, installation })),
      ...this.#open.map(({ change }) => change),
    ];
    const results = profile.apply(changes, { force, failAlong: (failures) => this.#failAlong(failures, leaving) });
    for (const [index, installation] of leaving.entries()) {
      const result = results[index];
      if (result?.kind === "removed") this.removed.push({ ...result, installation });
    }
    return new Map(this.#open.map(({ item }, index) => [item, this.#placed(item, results[leaving.length + index])]));
  }

  #placed(item: ReadyStep, result: ChangeResult | undefined): PlacedStep {
    if (result === undefined || result.kind === "removed") throw new Error(`"${nameOf(item)}" was not placed`);
    return result.kind === "failed" ? { ...result, along: this.#along.has(nameOf(item)) } : result;
  }

  /** Names of the dependencies that nothing needs, after all changes but those of packages that have failed. */
  #leaving(failed: ReadonlySet<string>): ReadonlySet<string> {
    const drafts = new Map(this.#open.map(({ change: { installation } }) => [installation.name, installation]));
    for (const name of failed) drafts.delete(name);
    const after = new Map<string, Needing>([...this.#before.map((item) => [item.name, item] as const), ...drafts]);
    return new Set(aftermathOf(this.#before, [...after.values()]).leftBehind);
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

function decide(context: ApplyContext, item: ReadyStep, { consent }: PlaceOptions): Decision {
  try {
    const now = context.state.installations.get(nameOf(item));
    const decision = item.kind === "marked" ? decideMark(item, now) : decidePlacing(context, item, { now, consent });
    if (decision.kind === "change") checkNames(context, decision.change.installation, consent);
    return decision;
  } catch (error) {
    return { kind: "failed", error: asFailure(error) };
  }
}

/** @throws {PkgError} STATE_CHANGED */
function decideMark({ step, links }: MarkedStep, now: Installation | null): Decision {
  const { resolution, from } = step;
  if (now === null || !isSameState(now, from)) throw changedMeanwhile(step, now);
  const { dependencies, isDependency, requested } = resolution;
  const asked = isDependency && now.isDependency ? {} : { isDependency: false, requested };
  const installation = {
    ...now,
    dependencies,
    ...asked,
    ...(links === null ? {} : { links: withPrograms(now, links) }),
  };
  return { kind: "change", change: { kind: "mark", installation } };
}

function withPrograms({ links }: Installation, programs: readonly Link[]): Installation["links"] {
  const others = links.filter((link) => !programLinks(links).includes(link));
  return [...programs.map(({ link, title }) => ({ path: link, target: title, kind: "link" as const })), ...others];
}

interface Now {
  readonly now: Installation | null;
  readonly consent: ApplyOptions["consent"];
}

/** @throws {PkgError} as checkChanged */
function decidePlacing(context: ApplyContext, item: Obtained, { now, consent }: Now): Decision {
  const draft = draftOf(context, item);
  const change = {
    kind: "change",
    change: { kind: "place", verified: item.package.verified, installation: draft },
  } as const;
  if (isAsPlanned(item.step, now)) return change;
  if (now !== null && isWhatIsWanted(now, draft)) {
    if (draft.isDependency || !now.isDependency) return { kind: "kept", installation: now };
    // Another process has placed it for others alone.
    const { isDependency, requested, links } = draft;
    return { kind: "change", change: { kind: "mark", installation: { ...now, isDependency, requested, links } } };
  }
  checkChanged(context, item, { now, consent });
  return change;
}

function draftOf({ now }: ApplyContext, { package: { resolution, verified, links, keg } }: Obtained): Installation {
  return draftInstallation({ resolution, verified, links, keg, installedAt: new Date(now()).toISOString() });
}

/** Links that were not known before the package was fetched may still need a yes. @throws {PkgError} NAME_PROTECTED */
function checkNames({ state, names }: ApplyContext, draft: Installation, consent: ApplyOptions["consent"]): void {
  const own = ownInstallation(state.installations, draft);
  const wanted = programLinks(draft.links).map(({ path }) => path);
  const concerns = concernsOf(names, wanted, own);
  if (concerns.length > 0) refuseWithoutConsent({ kind: "names", name: draft.name, concerns }, consent);
}

/** Another process may have changed the installation since it was planned. */
function isAsPlanned(step: ChangingStep, now: Installation | null): boolean {
  if (step.kind === "install") return now === null;
  return now !== null && isSameState(now, step.from) && now.isDependency === step.from.isDependency;
}

function isWhatIsWanted(now: Installation, wanted: Installation): boolean {
  return isSameState(now, wanted) && now.publisherKey === wanted.publisherKey;
}

function isSameState(now: Installation, other: InstalledState): boolean {
  return now.version === other.version && now.programDigest === other.programDigest && isSameOwner(now, other);
}

/**
 * Looks again at what another process has changed: an older version is replaced, as if it had been there from the start.
 *
 * @throws {PkgError} STATE_CHANGED for a newer version, or none, or one that somebody asked for; those of refuseUnanswered()
 */
function checkChanged({ names, state }: ApplyContext, { step }: Obtained, { now, consent }: Now): void {
  const { resolution } = step;
  const isAsked = resolution.isDependency && now?.isDependency === false;
  if (now === null || isAsked || compareEditions(now, resolution) >= 0) throw changedMeanwhile(step, now);
  const questions = questionsOf(names, state.installations, { kind: "change", resolution, from: now });
  refuseUnanswered(questions, resolution.name, consent);
}

function changedMeanwhile(step: ChangingStep, now: Installation | null): PkgError {
  const expected = step.kind === "install" ? "not installed" : step.from.version;
  return new PkgError(
    "STATE_CHANGED",
    `Cannot install "${step.resolution.name}": another process changed it in the meantime (expected ${expected}, found ${now?.version ?? "not installed"})`,
    { hint: "Run the command again" },
  );
}
