import { PkgError } from "../errors.ts";
import { allNeeded, neededBy } from "../package/dependency-graph.ts";
import type { Step } from "./plan.ts";

/** One of several changes that are made together. */
export interface Part {
  readonly name: string;
  /** Names of what it needs, among the parts or not. */
  readonly needs: readonly string[];
  /** True when it is only there for others. */
  readonly isDependency: boolean;
  /** True when it is installed as it should be: it is not missed when what needs it fails. Absent: no. */
  readonly isThere?: boolean;
}

/** What a step is among those that are made together. */
export function partOf({ step: { resolution } }: { readonly step: Step }): Part {
  const { name, dependencies, isDependency } = resolution;
  return { name, needs: dependencies, isDependency };
}

/**
 * What fails along with parts that have failed: all that needs them, and the dependencies that nothing but those needs. The rest
 * goes on.
 *
 * @returns why, by name, for those alone that had not failed themselves
 */
export function failAlong(
  parts: readonly Part[],
  failures: ReadonlyMap<string, PkgError>,
): ReadonlyMap<string, PkgError> {
  const needs = needsIn(parts);
  const names = parts.map(({ name }) => name);
  const needers = neededBy(names, needs);
  const causes = new Map<string, string>();
  for (const failed of failures.keys()) {
    for (const name of allNeeded([failed], needers)) if (!causes.has(name)) causes.set(name, failed);
  }
  const named = new Set(parts.flatMap(({ name, isDependency }) => (isDependency ? [] : [name])));
  const wanted = allNeeded(causes.keys(), needs);
  const kept = allNeeded(
    names.filter((name) => !causes.has(name) && (named.has(name) || !wanted.has(name))),
    needs,
  );
  const along = new Map<string, PkgError>();
  for (const { name, isThere = false } of parts) {
    if (failures.has(name)) continue;
    const cause = causes.get(name);
    if (cause !== undefined) along.set(name, needsFailed(name, cause, failures.get(cause)));
    else if (wanted.has(name) && !kept.has(name) && !isThere) along.set(name, needless(name, failures));
  }
  return along;
}

function needsIn(parts: readonly Part[]): (name: string) => readonly string[] {
  const byName = new Map(parts.map((part) => [part.name, part]));
  return (name) => byName.get(name)?.needs.filter((needed) => byName.has(needed)) ?? [];
}

function needsFailed(name: string, cause: string, error: PkgError | undefined): PkgError {
  const { code = "STATE_CHANGED", message = "" } = error ?? {};
  const hint = error?.hint === undefined ? {} : { hint: error.hint };
  return new PkgError(code, `Cannot install "${name}": "${cause}", which it needs, failed. ${message}`, {
    ...hint,
    cause: error,
  });
}

function needless(name: string, failures: ReadonlyMap<string, PkgError>): PkgError {
  const [error] = failures.values();
  return new PkgError(error?.code ?? "STATE_CHANGED", `Cannot install "${name}": only what failed needs it`, {
    cause: error,
  });
}
