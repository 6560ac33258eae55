import { listSome } from "../base/lists.ts";
import { compilerNeeders, type LinkingContext } from "../obtain/check-linking.ts";
import type { ObtainedStep } from "../obtain/obtain-plan.ts";
import { COMPILER } from "../package/compiler.ts";
import type { Plan, Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { InstallPlan } from "./install-outcome.ts";
import type { ObtainedPlan } from "./obtain-anew.ts";

/** What bringing the compiler's keg takes. */
export interface BringContext extends LinkingContext {
  /** As in InstallPlan. */
  readonly along: InstallPlan["along"];
  readonly obtain: (plan: Plan) => Promise<readonly ObtainedStep[]>;
}

const MAX_NAMED = 5;

/**
 * What was poured may need newer libraries of the compiler than this machine has, which no formula says: then the compiler's keg is
 * obtained too, and is a dependency of what needs it.
 *
 * @returns the same where nothing needs it, or there is none
 * @throws {PkgError} as obtainPlan
 */
export async function bringCompiler(context: BringContext, { steps, obtained }: ObtainedPlan): Promise<ObtainedPlan> {
  const needers = compilerNeeders(context, obtained);
  const found = needers.length === 0 ? null : ((await context.along?.(needers, COMPILER)) ?? null);
  if (found === null) return { steps, obtained };
  const known = new Set(steps.map(({ resolution }) => resolution.name));
  const added = found.plan.steps.filter(({ kind, resolution }) => kind !== "keep" && !known.has(resolution.name));
  const names = listSome(
    needers.map(({ name }) => name),
    MAX_NAMED,
  );
  const has = needers.length === 1 ? "needs" : "need";
  const message = `${names} ${has} newer libraries of the compiler than this machine has, so ${found.name} is a dependency`;
  context.emit({ kind: "note", message });
  const more = await context.obtain({ steps: added, bytes: 0 });
  const replaced = new Map<Step, ObtainedStep>(obtained.map((item) => [item.step, needing(item, needers, found.name)]));
  return {
    steps: [...added, ...steps.map((step) => replaced.get(step)?.step ?? step)],
    obtained: [...more, ...replaced.values()],
  };
}

function needing(item: ObtainedStep, needers: readonly Resolution[], name: string): ObtainedStep {
  if (item.kind !== "obtained" || !needers.includes(item.package.resolution)) return item;
  const withName = (resolution: Resolution) => ({ ...resolution, dependencies: [...resolution.dependencies, name] });
  const step = { ...item.step, resolution: withName(item.step.resolution) };
  return { ...item, step, package: { ...item.package, resolution: withName(item.package.resolution) } };
}
