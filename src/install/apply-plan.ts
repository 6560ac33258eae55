import type { EmitEvent } from "../base/events.ts";
import type { PkgError } from "../errors.ts";
import { discardBlobs } from "../obtain/discard-blobs.ts";
import { archivesOf } from "../obtain/obtain-package.ts";
import type { ObtainedStep } from "../obtain/obtain-plan.ts";
import { isAlias } from "../package/install-name.ts";
import { programLinks } from "../package/place.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import type { ChangingStep, InstalledState } from "../plan/plan.ts";
import type { ChangeResult } from "../profile/apply-changes.ts";
import type { ApplyContext } from "./apply-context.ts";
import { type AppliedUnit, applyUnit, type ReleasedStay, type RemovedAlong, type UnitOptions } from "./apply-unit.ts";
import type { PlacedStep, ReadyStep } from "./decide-step.ts";
import type { ApplyOptions, InstalledItem } from "./install-outcome.ts";
import { kegNotes, markNotes } from "./keg-notes.ts";
import { hidingNotes } from "./name-concerns.ts";
import { prefixFacts } from "./prefix-facts.ts";
import { tellGivenBack, tellKept, tellNotes, tellTaken } from "./tell-kept.ts";

/** The outcome of one step. */
export type AppliedStep =
  | { readonly kind: "applied"; readonly item: InstalledItem }
  /** `along`: nothing is wrong with it, but with what it needs, or with what needs it. */
  | { readonly kind: "failed"; readonly error: PkgError; readonly along?: boolean };

/** What became of a plan. */
export interface AppliedPlan {
  readonly steps: ReadonlyMap<ChangingStep, AppliedStep>;
  /** What nothing needs any more, and is gone. */
  readonly removed: readonly InstalledItem[];
  /** What is not asked for any more, and stays all the same. */
  readonly stays: readonly ReleasedStay[];
}

type PlaceOptions = Pick<ApplyOptions, "force" | "consent" | "isWhole"> & {
  /** What is not asked for any more; absent: nothing. */
  readonly released?: readonly InstalledState[];
};

/**
 * Places all that was obtained as one journalled unit, under the lock, and removes what nothing needs any more. Packages that
 * cannot be placed are reported, with those that need them, and the rest is placed.
 *
 * @throws {PkgError} INTERRUPTED, LOCKED; those of the database
 */
export async function applyPlan(
  context: ApplyContext,
  steps: readonly ObtainedStep[],
  options: PlaceOptions,
): Promise<AppliedPlan> {
  const failures = new Map(steps.flatMap((item) => (item.kind === "failed" ? [[nameOf(item), item.error]] : [])));
  const along = failAlong(steps.map(partOf), failures);
  const ready = steps.filter((item): item is ReadyStep => isReady(item) && !along.has(nameOf(item)));
  const { released = [] } = options;
  const changesNothing = ready.length + released.length === 0;
  const unit = changesNothing ? NOTHING : await applyReady(context, ready, { ...options, released });
  discardBlobs(
    context.state,
    steps.flatMap((item) => (item.kind === "obtained" ? archivesOf(item.package.verified) : [])),
  );
  const applied = steps.map((item) => [item.step, appliedStep(context, item, { along, unit })] as const);
  const removed = unit.removed.map((item) => removedItem(context, item));
  return { steps: new Map(applied), removed, stays: unit.stays };
}

const NOTHING: AppliedUnit = { results: new Map(), removed: [], stays: [] };

async function applyReady(
  context: ApplyContext,
  ready: readonly ReadyStep[],
  options: UnitOptions,
): Promise<AppliedUnit> {
  for (const item of ready) {
    if (item.kind === "obtained") context.emit({ kind: "task-step", id: nameOf(item), step: "place" });
  }
  return context.state.withLock(() => applyUnit(context, ready, options));
}

function isReady(item: ObtainedStep): item is ReadyStep {
  return item.kind === "obtained" || item.kind === "marked";
}

function nameOf({ step }: Pick<ObtainedStep, "step">): string {
  return step.resolution.name;
}

function appliedStep(
  context: ApplyContext,
  item: ObtainedStep,
  { along, unit }: { readonly along: ReadonlyMap<string, PkgError>; readonly unit: AppliedUnit },
): AppliedStep {
  if (item.kind === "failed") return item;
  const error = along.get(nameOf(item));
  if (item.kind === "skipped") return { kind: "failed", error: error ?? item.error, along: true };
  const result = error === undefined ? unit.results.get(item) : { kind: "failed" as const, error, along: true };
  if (result === undefined) throw new Error(`"${nameOf(item)}" was neither placed nor refused`);
  return item.kind === "obtained" ? toldPlaced(context, item, result) : toldMarked(context, item, result);
}

type Obtained = ObtainedStep & { readonly kind: "obtained" };

function toldPlaced(context: ApplyContext, item: Obtained, result: PlacedStep): AppliedStep {
  const id = nameOf(item);
  if (result.kind === "failed") {
    const { error, along } = result;
    // What has no fault of its own is told at the end, after its cause.
    context.emit(
      along === true ? { kind: "task-done", id, summary: "not placed" } : { kind: "task-failed", id, error },
    );
    return result;
  }
  if (result.kind === "kept") {
    context.emit({ kind: "task-done", id, summary: "installed by another process" });
    const { name, version, repository, isDependency } = result.installation;
    return { kind: "applied", item: { action: "keep", name, version, repository, isDependency, orphaned: false } };
  }
  context.emit({ kind: "task-done", id, summary: "placed" });
  const isMarked = result.unchanged && result.replaced?.isDependency !== result.installation.isDependency;
  if (isMarked) return toldMarked(context, item, result);
  tellPlaced(context.emit, id, result);
  return { kind: "applied", item: installedItem(context, item, result) };
}

function toldMarked(context: ApplyContext, { step }: ObtainedStep, result: PlacedStep): AppliedStep {
  if (result.kind === "failed") return result;
  if (result.kind === "placed") tellPlaced(context.emit, step.resolution.name, result);
  const { name, version, repository, isDependency } = result.installation;
  const wasDependency = result.kind === "placed" ? result.replaced?.isDependency : isDependency;
  const facts = { name, version, repository, isDependency };
  if (wasDependency === isDependency) return { kind: "applied", item: { action: "keep", ...facts, orphaned: false } };
  const notes = markNotes({ resolution: step.resolution, installation: result.installation });
  return { kind: "applied", item: { action: "mark", ...facts, ...(notes.length === 0 ? {} : { notes }) } };
}

type Placed = ChangeResult & { readonly kind: "placed" };

function tellPlaced(emit: EmitEvent, name: string, { kept, taken, notes, givenBack }: Placed): void {
  tellKept(emit, name, kept);
  tellTaken(emit, name, taken);
  tellNotes(emit, name, notes);
  tellGivenBack(emit, givenBack);
}

function installedItem(
  { now, names }: ApplyContext,
  { step, package: obtained, startedAt }: Obtained,
  { installation, replaced, kept, taken, notes: inPrefix, givenBack }: Placed,
): InstalledItem {
  const { verified, receivedBytes } = obtained;
  const { evidence } = verified;
  const previousVersion = replaced?.version ?? null;
  const { name, version, repository, sizeBytes, isDependency, keg } = installation;
  const links = programLinks(installation.links).map((link) => link.path);
  const hiding = keg === null || replaced !== null ? [] : hidingNotes(names, name, links);
  const left = isAlias(installation) && replaced === null ? installation.unlinked : [];
  const unlinked = left.map((program) => `${name}: "${program}" is not linked; pkg link ${name}:${program} links it`);
  const notes = [...unlinked, ...kegNotes(obtained, replaced === null, installation.links), ...hiding];
  return {
    action: replaced === null ? "install" : previousVersion === version ? "reinstall" : "change",
    ...{ name, version, previousVersion, repository, isDependency, sizeBytes, bytesReceived: receivedBytes },
    durationMs: now() - startedAt,
    signedBy: evidence.signedBy,
    indexSigned: step.resolution.indexSigned,
    checks: evidence.checks,
    skipped: evidence.skipped,
    links,
    ...{ kept, taken, givenBack },
    ...prefixFacts(inPrefix),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function removedItem({ emit }: ApplyContext, { installation, kept, givenBack }: RemovedAlong): InstalledItem {
  const { name, version, repository, isDependency, sizeBytes } = installation;
  tellKept(emit, installation.packageName, kept);
  tellGivenBack(emit, givenBack);
  return { action: "remove", name, version, repository, isDependency, sizeBytes };
}
