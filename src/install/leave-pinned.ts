import { allNeeded } from "../package/dependency-graph.ts";
import { isSameVersion } from "../package/version.ts";
import { type Part, partOf } from "../plan/fail-along.ts";
import type { Step } from "../plan/plan.ts";
import { changesPinned } from "./refuse-if-pinned.ts";

/** Names of what nobody named. */
type Needed = ReadonlySet<string>;

/**
 * Steps without the changes of pinned dependencies that nothing needs: what needs those is there already, and works with what it
 * has. What only those changes need goes too.
 */
export function leavePinned(steps: readonly Step[], needed: Needed): readonly Step[] {
  const isPinned = (step: Step) =>
    step.kind === "change" && needed.has(nameOf(step)) && changesPinned(step.from, step.resolution);
  const pinned = new Set(steps.filter(isPinned).map(nameOf));
  const changing = steps.filter((step) => !pinned.has(nameOf(step)) && !isAsItWas(step));
  const wanted = new Set(changing.flatMap(({ resolution }) => resolution.dependencies));
  const left = new Set([...pinned].filter((name) => !wanted.has(name)));
  if (left.size === 0) return steps;
  const needs = new Map(steps.map((step) => [nameOf(step), step.resolution.dependencies]));
  const roots = steps.map(nameOf).filter((name) => !needed.has(name));
  const kept = allNeeded(roots, (name) => (left.has(name) ? [] : (needs.get(name) ?? [])));
  return steps.filter((step) => !left.has(nameOf(step)) && kept.has(nameOf(step)));
}

/** Steps as parts that fail together: what is there fails with nothing that is there too, in whatever version. */
export function partsOf(steps: readonly Step[]): readonly Part[] {
  const there = new Set(steps.filter(({ kind }) => kind === "change").map(nameOf));
  return steps.map((step) => {
    const part = partOf({ step });
    if (step.kind !== "keep") return part;
    return { ...part, needs: part.needs.filter((name) => !there.has(name)), isThere: true };
  });
}

/** Whether the same version is there, or is placed again. */
function isAsItWas(step: Step): boolean {
  if (step.kind === "install") return false;
  return step.kind !== "change" || isSameVersion(step.from.version, step.resolution.version);
}

function nameOf({ resolution }: Step): string {
  return resolution.name;
}
