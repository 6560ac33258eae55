import { mapConcurrently } from "../base/concurrency.ts";
import type { EmitEvent } from "../base/events.ts";
import { listSome } from "../base/lists.ts";
import { addAll } from "../base/many.ts";
import type { StoredBlob } from "../blobs/blob-store.ts";
import { asFailure } from "../capabilities/outcome.ts";
import { hasCode, type PkgError } from "../errors.ts";
import type { Link } from "../package/provides.ts";
import { type ChangingStep, isChanging, isPlacing, type PlacingStep, type Plan } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import { hintedForInstalled } from "../sources/image-hint.ts";
import { discardBlobs } from "./discard-blobs.ts";
import { DoomedSteps, type DoomOptions } from "./doomed-steps.ts";
import { linksOfMark } from "./mark-links.ts";
import { archivesOf, obtainPackage } from "./obtain-package.ts";
import type { ObtainContext, ObtainedPackage } from "./obtained-package.ts";
import { createPackageTurns } from "./package-turns.ts";

/** A step of a plan with the bytes that it needs, or the reason why they are missing. */
export type ObtainedStep =
  | {
      readonly kind: "obtained";
      readonly step: ChangingStep;
      readonly package: ObtainedPackage;
      readonly startedAt: number;
    }
  | MarkedStep
  | { readonly kind: "failed"; readonly step: ChangingStep; readonly error: PkgError }
  /** It could not be placed any more, since another one had failed: it was not begun, or failed for the same reason. */
  | { readonly kind: "skipped"; readonly step: ChangingStep; readonly error: PkgError };

/** A step that needs no bytes. */
export interface MarkedStep {
  readonly kind: "marked";
  readonly step: ChangingStep & { readonly kind: "mark" };
  /** The links to its programs; null: those that it has stay. */
  readonly links: readonly Link[] | null;
}

export interface ObtainOptions {
  /** How many packages to obtain at a time. */
  readonly concurrency: number;
  /** Called before anything of a step is fetched. @throws {PkgError} when the step may not be carried out */
  readonly check: (step: ChangingStep) => void;
  /** As in DoomOptions. */
  readonly leftAlone?: DoomOptions["leftAlone"];
}

/**
 * Obtains all that a plan needs: the result is verified bytes in the store, and nothing is placed. A package that fails takes
 * along those that need it, and what only they need: of these, nothing more is begun, and what is under way is stopped. The others go on.
 *
 * @throws {PkgError} INTERRUPTED
 */
export async function obtainPlan(
  context: Omit<ObtainContext, "discard" | "arrived">,
  { steps }: Plan,
  options: ObtainOptions,
): Promise<readonly ObtainedStep[]> {
  tellPlanned(context.emit, steps.filter(isPlacing));
  const unwanted: Pick<StoredBlob, "digest">[] = [];
  const wanted: ObtainedPackage[] = [];
  const shared = { ...context, discard: (blobs: readonly Pick<StoredBlob, "digest">[]) => addAll(unwanted, blobs) };
  const begun: Promise<unknown>[] = [];
  const onStopped = tellStopped(context.emit);
  const doomed = new DoomedSteps(steps.filter(isChanging), { ...options, onStopped });
  const obtain = async (step: ChangingStep, arrived: () => void): Promise<ObtainedStep> => {
    const skipped = doomed.errorOf(step);
    if (skipped !== null) return { kind: "skipped", step, error: skipped };
    const obtained = await obtainStep({ ...shared, arrived }, step, { ...options, doomed });
    if (obtained.kind === "obtained") wanted.push(obtained.package);
    return obtained;
  };
  let isComplete = false;
  try {
    const { limit, turn } = createPackageTurns(options.concurrency);
    const obtained = await mapConcurrently(steps.filter(isChanging), limit, (step) => {
      const work = turn(step.resolution, (arrived) => obtain(step, arrived));
      begun.push(work);
      return work;
    });
    isComplete = true;
    return obtained;
  } finally {
    // Only at the end: another package of the plan may need the same files.
    await Promise.allSettled(begun);
    const [kept, given] = isComplete ? [wanted, []] : [wanted.filter(isFoundAgain), wanted.filter(isPoured)];
    const needed = kept.flatMap(({ verified }) => [...verified.files, ...archivesOf(verified)]);
    discardBlobs(context, [...unwanted, ...given.flatMap(({ verified }) => verified.files)], needed);
  }
}

/** The files of a bottle say nothing of their archive: a later run would fetch it again all the same. */
function isPoured({ keg }: ObtainedPackage): boolean {
  return keg !== null;
}

function isFoundAgain(item: ObtainedPackage): boolean {
  return !isPoured(item);
}

const MAX_LISTED = 5;

function tellStopped(emit: EmitEvent): DoomOptions["onStopped"] {
  return (names, { resolution }) => {
    const listed = listSome(names, MAX_LISTED);
    emit({ kind: "note", message: `Stopped fetching ${listed}: "${resolution.name}" cannot be had` });
  };
}

function tellPlanned(emit: EmitEvent, steps: readonly PlacingStep[]): void {
  const sizes = steps.map(({ resolution }) => resolution.expected.sizeBytes);
  const totalBytes = sizes.reduce((sum: number | null, size) => (sum === null || size === null ? null : sum + size), 0);
  if (steps.length > 0) emit({ kind: "tasks-planned", tasks: steps.length, totalBytes });
}

type StepOptions = ObtainOptions & { readonly doomed: DoomedSteps };

async function obtainStep(
  context: ObtainContext,
  step: ChangingStep,
  { check, doomed }: StepOptions,
): Promise<ObtainedStep> {
  const startedAt = context.now();
  let isBegun = false;
  try {
    check(step);
    isBegun = step.kind !== "mark";
    if (step.kind === "mark") return { kind: "marked", step, links: await linksOfMark(context, step) };
    const obtained = await doomed.stoppable(step, (stop) => {
      const signal = AbortSignal.any([context.signal, stop]);
      return obtainTold({ ...context, signal }, step.resolution);
    });
    return { kind: "obtained", step, package: obtained, startedAt };
  } catch (error) {
    const stoppedBy = hasCode(error, "INTERRUPTED") && !context.signal.aborted ? doomed.errorOf(step) : null;
    if (stoppedBy !== null) {
      tellFailed(context.emit, step.resolution.name, { failure: stoppedBy, isOwn: false });
      return { kind: "skipped", step, error: stoppedBy };
    }
    const failure =
      step.kind === "install" ? asFailure(error) : hintedForInstalled(asFailure(error), step.resolution.requested);
    const isOwn = doomed.add(step, failure);
    if (isBegun) tellFailed(context.emit, step.resolution.name, { failure, isOwn });
    return { kind: isOwn ? "failed" : "skipped", step, error: failure };
  }
}

interface ToldFailure {
  readonly failure: PkgError;
  readonly isOwn: boolean;
}

function tellFailed(emit: EmitEvent, id: string, { failure: error, isOwn }: ToldFailure): void {
  if (error.code === "INTERRUPTED") return;
  emit(isOwn ? { kind: "task-failed", id, error } : { kind: "task-done", id, summary: "not placed" });
}

async function obtainTold(context: ObtainContext, resolution: Resolution): Promise<ObtainedPackage> {
  const { name: id, version, expected } = resolution;
  context.emit({ kind: "task-started", id, title: `${id} ${version}`, totalBytes: expected.sizeBytes });
  const obtained = await obtainPackage(context, resolution);
  context.emit({ kind: "task-step", id, step: "ready" });
  return obtained;
}
