import type { EmitEvent } from "../base/events.ts";
import { isPlacing } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { InstallPlan } from "./install-outcome.ts";

/** More dependencies than these are counted, not named. */
const MAX_NAMED = 3;

/** Says what comes with what was named: `jq 1.8.1 + oniguruma 6.9.10`, `ffmpeg 7.1 + 92 others`. */
export function tellPlan(emit: EmitEvent, { plan, needed }: Pick<InstallPlan, "plan" | "needed">): void {
  const placed = plan.steps.filter(isPlacing).map(({ resolution }) => resolution);
  const isAlong = ({ name, isDependency }: Resolution) => needed.has(name) || isDependency;
  const [named, others] = [placed.filter((item) => !isAlong(item)), placed.filter(isAlong)];
  if (named.length === 0 || others.length === 0) return;
  const along = others.length > MAX_NAMED ? [`${others.length} others`] : others.map(versioned);
  emit({ kind: "note", message: [...some(named.map(versioned)), ...along].join(" + ") });
}

function versioned({ name, version }: Resolution): string {
  return `${name} ${version}`;
}

function some(named: readonly string[]): readonly string[] {
  return named.length > MAX_NAMED ? [`${named.length} packages`] : named;
}
