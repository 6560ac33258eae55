import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import type { Installation, Needing } from "../package/installation.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import { aftermathOf } from "../plan/left-behind.ts";
import type { Step } from "../plan/plan.ts";
import type { Installations } from "../state/installations.ts";
import type { AppliedStep } from "./apply-plan.ts";
import type { ApplyOptions, InstalledItem, InstallPlan } from "./install-outcome.ts";
import { refuseUnanswered } from "./name-concerns.ts";

/** What is known of a plan before it is carried out. */
export interface Foreseen {
  readonly steps: readonly Step[];
  /** The steps that would fail. */
  readonly applied: ReadonlyMap<Step, AppliedStep>;
  /** What nothing would need any more. */
  readonly removed: readonly InstalledItem[];
}

/** What a dry run knows already: which steps would fail, with those that need them, and what nothing would need after the others. */
export async function foresee(
  cap: Pick<Capabilities, "records">,
  installing: InstallPlan,
  options: ApplyOptions,
): Promise<Foreseen> {
  const { steps } = installing.plan;
  const applied = foreseenFailures(installing, options);
  const { installations } = await cap.records();
  const after = steps.filter((step) => !applied.has(step)).map(({ resolution }) => resolution);
  return { steps, applied, removed: leavingItems(installations, after) };
}

/** The steps that fail for want of consent, and those that go along: nothing is fetched for them. */
export function foreseenFailures(installing: InstallPlan, options: ApplyOptions): Foreseen["applied"] {
  const { steps } = installing.plan;
  const refused = refusedSteps(installing, options);
  const along = failAlong(
    steps.flatMap((step) => (step.kind === "keep" ? [] : [partOf({ step })])),
    new Map([...refused].map(([step, error]) => [step.resolution.name, error])),
  );
  const applied = new Map<Step, AppliedStep>();
  for (const step of steps) {
    const own = refused.get(step);
    const error = own ?? along.get(step.resolution.name);
    if (error !== undefined) applied.set(step, { kind: "failed", error, along: own === undefined });
  }
  return applied;
}

function refusedSteps({ plan, questions }: InstallPlan, { consent }: ApplyOptions): ReadonlyMap<Step, PkgError> {
  const refused = new Map<Step, PkgError>();
  for (const step of plan.steps) {
    try {
      refuseUnanswered(questions, step.resolution.name, consent);
    } catch (error) {
      refused.set(step, asFailure(error));
    }
  }
  return refused;
}

function leavingItems(installations: Installations, after: readonly Needing[]): readonly InstalledItem[] {
  const before = installations.needs();
  const left = new Map([...before, ...after].map((item) => [item.name, item]));
  return aftermathOf(before, [...left.values()]).leftBehind.flatMap((name) => {
    const installed = installations.get(name);
    return installed === null ? [] : [leavingItem(installed)];
  });
}

function leavingItem({ name, version, repository, sizeBytes, reference, checks }: Installation): InstalledItem {
  return {
    action: "plan",
    step: "remove",
    ...{ name, version, previousVersion: version, repository, isDependency: true, sizeBytes, reference },
    indexSigned: null,
    checks,
  };
}
