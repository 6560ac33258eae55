import type { Capabilities } from "../capabilities/capabilities.ts";
import { asFailure } from "../capabilities/outcome.ts";
import type { PkgError } from "../errors.ts";
import type { Installation, Needing } from "../package/installation.ts";
import { failAlong, partOf } from "../plan/fail-along.ts";
import { aftermathOf } from "../plan/left-behind.ts";
import type { InstalledState, Step } from "../plan/plan.ts";
import type { Installations } from "../state/installations.ts";
import type { AppliedStep } from "./apply-plan.ts";
import type { ApplyOptions, InstalledItem, InstallPlan } from "./install-outcome.ts";
import { refuseUnanswered } from "./name-concerns.ts";

/** What is known of a plan before it is carried out. */
export interface Foreseen {
  readonly steps: readonly Step[];
  /** The steps that would fail. */
  readonly applied: ReadonlyMap<Step, AppliedStep>;
  /** What nothing would need any more, and what would stay as a dependency though it is not asked for any more. */
  readonly removed: readonly InstalledItem[];
  /** Why what is not asked for any more could not go. */
  readonly errors?: readonly PkgError[];
}

/** What a dry run knows already: which steps would fail, with those that need them, and what nothing would need after the others. */
export async function foresee(
  cap: Pick<Capabilities, "records">,
  installing: InstallPlan,
  options: ApplyOptions,
): Promise<Foreseen> {
  const { steps, released = [] } = installing.plan;
  const applied = foreseenFailures(installing, options);
  const { installations } = await cap.records();
  const after = steps.filter((step) => !applied.has(step)).map(({ resolution }) => resolution);
  return { steps, applied, removed: leavingItems(installations, { after, released }) };
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

interface After {
  readonly after: readonly Needing[];
  readonly released: readonly InstalledState[];
}

function leavingItems(installations: Installations, { after, released }: After): readonly InstalledItem[] {
  const before = installations.needs();
  const free = new Set(released.map(({ name }) => name));
  const left = new Map([...before, ...after].map((item) => [item.name, item]));
  const last = [...left.values()].map((item) => (free.has(item.name) ? { ...item, isDependency: true } : item));
  const going = aftermathOf(before, last).leftBehind;
  const staying = [...free].filter((name) => !going.includes(name));
  const itemFor = (name: string, step: "remove" | "mark") => {
    const installed = installations.get(name);
    return installed === null ? [] : [leavingItem(installed, step)];
  };
  return [...going.flatMap((name) => itemFor(name, "remove")), ...staying.flatMap((name) => itemFor(name, "mark"))];
}

function leavingItem(
  { name, version, repository, isDependency, sizeBytes, reference, checks }: Installation,
  step: "remove" | "mark",
): InstalledItem {
  return {
    action: "plan",
    step,
    ...{ name, version, previousVersion: version, repository, sizeBytes, reference },
    isDependency: step === "mark" || isDependency,
    indexSigned: null,
    checks,
  };
}
