import { PkgError } from "../errors.ts";
import type { ObtainedStep } from "../obtain/obtain-plan.ts";

/** The error of what could be changed, and is not, as something else could not be. */
export function leftAlone(name: string, cause: PkgError): PkgError {
  return new PkgError(
    "STATE_CHANGED",
    `Cannot change "${name}" alone: all that is locked is changed at once, or nothing`,
    {
      hint: "See what failed beside it",
      cause,
    },
  );
}

/** Steps of a plan that is carried out whole: once one has failed, none is carried out. */
export function failWhole(steps: readonly ObtainedStep[]): readonly ObtainedStep[] {
  const failed = steps.find((item) => item.kind === "failed" || item.kind === "skipped");
  if (failed?.kind !== "failed" && failed?.kind !== "skipped") return steps;
  return steps.map((item) =>
    item.kind === "failed" || item.kind === "skipped"
      ? item
      : { kind: "skipped", step: item.step, error: leftAlone(item.step.resolution.name, failed.error) },
  );
}
