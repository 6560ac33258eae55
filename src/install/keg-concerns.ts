import type { EmitEvent } from "../base/events.ts";
import { PkgError } from "../errors.ts";
import { nameBeside, nameInRepository } from "../package/install-name.ts";
import { type Conflict, endingText } from "../package/keg.ts";
import { isPlacing, type Step } from "../plan/plan.ts";
import type { Resolution } from "../plan/resolution.ts";
import type { Installations } from "../state/installations.ts";

/**
 * The new kegs among `steps` that conflict with one that is linked, or with one that comes before them: why, by their names. A
 * keg-only one is not linked, so it conflicts with nothing.
 */
export function conflictsIn(
  steps: readonly Step[],
  installations: Pick<Installations, "get">,
): ReadonlyMap<string, PkgError> {
  const refused = new Map<string, PkgError>();
  const beside: Resolution[] = [];
  for (const { kind, resolution } of steps) {
    if (!isLinked(resolution)) continue;
    const error = kind === "install" ? conflictOf(resolution, beside, installations) : null;
    if (error === null) beside.push(resolution);
    else refused.set(resolution.name, error);
  }
  return refused;
}

function isLinked({ keg }: Pick<Resolution, "keg">): boolean {
  return keg !== null && keg.kegOnly === null;
}

function conflictOf(
  resolution: Resolution,
  beside: readonly Resolution[],
  installations: Pick<Installations, "get">,
): PkgError | null {
  for (const conflict of resolution.keg?.conflicts ?? []) {
    if (isInstalled(installations, resolution, conflict)) return conflictError(resolution, conflict, "is installed");
  }
  for (const other of beside) {
    const conflict = between(resolution, other) ?? between(other, resolution);
    if (conflict !== null)
      return conflictError(resolution, { ...conflict, name: nameInRepository(other) }, "is to be installed too");
  }
  return null;
}

function between(one: Resolution, { name, repository }: Resolution): Conflict | null {
  if (one.repository !== repository) return null;
  return one.keg?.conflicts.find((conflict) => conflict.name === nameInRepository({ name, repository })) ?? null;
}

function isInstalled(
  installations: Pick<Installations, "get">,
  { repository }: Resolution,
  { name }: Conflict,
): boolean {
  const names = [name, nameBeside({ name, repository })];
  return names.some((known) => {
    const installed = installations.get(known);
    return installed?.repository === repository && installed.keg !== null && installed.keg.kegOnly === null;
  });
}

function conflictError({ requested, repository }: Resolution, { name, because }: Conflict, state: string): PkgError {
  const why = because === null ? "" : `: ${because}`;
  return new PkgError(
    "PACKAGE_CONFLICT",
    `Cannot install "${requested}": it conflicts with "${name}" of ${repository}, which ${state}${why}`,
    { hint: state === "is installed" ? `Run \`pkg remove ${name}\` first` : "Name one of them" },
  );
}

/** Warns of each formula that is to be placed and is deprecated, with the reason. */
export function tellDeprecated(emit: EmitEvent, steps: readonly Step[]): void {
  for (const { resolution } of steps.filter(isPlacing)) {
    const ending = resolution.keg?.deprecated ?? null;
    if (ending === null) continue;
    emit({ kind: "warning", message: `${resolution.name} is deprecated${endingText(ending)}` });
  }
}
