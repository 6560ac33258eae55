import type { EmitEvent } from "../base/events.ts";
import { isNotFound, PkgError } from "../errors.ts";
import { type ObtainedStep, type ObtainOptions, obtainPlan } from "../obtain/obtain-plan.ts";
import type { ObtainContext } from "../obtain/obtained-package.ts";
import { neededFirst } from "../package/dependency-graph.ts";
import { type ChangingStep, isChanging, type Plan, type Step } from "../plan/plan.ts";
import type { ApplyOptions, InstallPlan } from "./install-outcome.ts";
import { refuseUnanswered } from "./name-concerns.ts";

/** What was obtained, and the plan whose steps those are. */
export interface ObtainedPlan {
  readonly steps: readonly Step[];
  readonly obtained: readonly ObtainedStep[];
}

type AnewOptions = Pick<ApplyOptions, "consent"> & Pick<ObtainOptions, "concurrency" | "leftAlone">;

/**
 * Obtains what a plan needs. What an index names and its registry does not have (any more) is resolved once more in a newer
 * index, if there is one.
 *
 * @throws {PkgError} INTERRUPTED
 */
export async function obtainAnew(
  context: Omit<ObtainContext, "discard">,
  { plan, questions, renew, lockFile }: InstallPlan,
  { consent, concurrency, leftAlone }: AnewOptions,
): Promise<ObtainedPlan> {
  // What is gone is told at the end, with the index that names it.
  const emit = withoutAbsence(context.emit);
  const obtain = (part: Plan, asked: InstallPlan["questions"]) =>
    obtainPlan({ ...context, emit }, part, {
      ...{ concurrency, leftAlone },
      check: ({ resolution }) => refuseUnanswered(asked, resolution.name, consent),
    });
  const first = await obtain(plan, questions);
  const gone = first.filter(isGone);
  const renewed = gone.length === 0 ? null : ((await renew?.(gone.map(({ step }) => step.resolution))) ?? null);
  const replaced = new Map(gone.map((item) => [item.step, renewedStep(item.step, renewed)] as const));
  const again = [...replaced.values()].filter((step) => step !== null);
  const anew = { steps: [...newcomers(plan, renewed, again), ...again], bytes: 0 };
  const second = await obtain(anew, renewed?.questions ?? []);
  const old = first.filter((item) => replaced.get(item.step) === undefined || replaced.get(item.step) === null);
  return {
    steps: [
      ...anew.steps.filter((step) => !again.includes(step)),
      ...plan.steps.map((step) => (isChanging(step) ? (replaced.get(step) ?? step) : step)),
    ],
    obtained: [
      ...old.map((item) => (isGone(item) ? explained(item, { renewed, lockFile }) : item)),
      ...second.map(stillGone),
    ],
  };
}

type FailedStep = ObtainedStep & { readonly kind: "failed" };

function isGone(item: ObtainedStep): item is FailedStep {
  return item.kind === "failed" && isNotFound(item.error) && item.step.resolution.repository !== null;
}

/** It may come back. */
function withoutAbsence(emit: EmitEvent): EmitEvent {
  return (event) =>
    emit(
      event.kind === "task-failed" && isNotFound(event.error)
        ? { kind: "task-done", id: event.id, summary: "not where it should be" }
        : event,
    );
}

/** The step in a newer index that takes the place of one; null: there is none. */
function renewedStep({ resolution }: ChangingStep, renewed: InstallPlan | null): Step | null {
  return renewed?.plan.steps.find((step) => step.resolution.requested === resolution.requested) ?? null;
}

/** What the steps of a newer index need that was not planned before. */
function newcomers(plan: Plan, renewed: InstallPlan | null, again: readonly Step[]): readonly Step[] {
  const planned = new Set(plan.steps.map(({ resolution }) => resolution.name));
  const byName = new Map(renewed?.plan.steps.map((step) => [step.resolution.name, step]));
  const roots = again.map(({ resolution }) => resolution.name);
  const needed = neededFirst(roots, (name) => byName.get(name)?.resolution.dependencies ?? []);
  return needed.flatMap((name) => (planned.has(name) ? [] : (byName.get(name) ?? [])));
}

/** A newer index says it better, if it knows nothing of the package. */
function explained(
  item: FailedStep,
  { renewed, lockFile }: { readonly renewed: InstallPlan | null; readonly lockFile: string | undefined },
): FailedStep {
  if (lockFile !== undefined) return stillLocked(item, lockFile);
  const requested = item.step.resolution.requested;
  const said = renewed?.failed.find((failed) => failed.action === "fail" && failed.name === requested);
  const error = renewed?.errors.find(({ message }) => said?.action === "fail" && message === said.error.message);
  return error === undefined ? stillNamed(item) : { ...item, error };
}

function stillLocked(item: FailedStep, lockFile: string): FailedStep {
  const { error } = item;
  const message = `${error.message}; "${lockFile}" names it all the same`;
  const hint = "Lock what there is now with `pkg lock --upgrade`";
  return { ...item, error: new PkgError(error.code, message, { hint, isAbsence: true, cause: error }) };
}

function stillGone(item: ObtainedStep): ObtainedStep {
  return isGone(item) ? stillNamed(item) : item;
}

function stillNamed(item: FailedStep): FailedStep {
  const { error, step } = item;
  const { repository } = step.resolution;
  const message = `${error.message}; the index of ${repository} names it all the same`;
  const hint = `Run \`pkg sync\` later, or tell the publisher of ${repository}`;
  return { ...item, error: new PkgError(error.code, message, { hint, isAbsence: true, cause: error }) };
}
