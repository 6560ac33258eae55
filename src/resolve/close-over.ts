import type { EmitEvent } from "../base/events.ts";
import type { Config } from "../config/config.ts";
import { allNeeded, neededBy } from "../package/dependency-graph.ts";
import type { Needing } from "../package/installation.ts";
import { makePlan } from "../plan/plan.ts";
import type { Installations } from "../state/installations.ts";
import { withDependencies } from "./closure.ts";
import { judgeByIndex } from "./judge-by-index.ts";
import type { Resolved } from "./resolve.ts";
import { resolveCandidate } from "./resolve-candidate.ts";
import type { DependencyContext } from "./resolve-dependency.ts";

/** What finding a closure takes. */
export interface ClosingContext extends DependencyContext {
  readonly cap: DependencyContext["cap"] & { readonly config: Config; readonly emit: EmitEvent };
  readonly installations: Installations;
}

/**
 * What was resolved, with all that it needs, and with what is installed and needs something that changes, as far as the index has
 * a newer version of it: these were built for each other.
 */
export function closeOver(context: ClosingContext, resolved: readonly Resolved[]): readonly Resolved[] {
  const all = context.installations.needs();
  const isAlone = all.every(({ dependencies }) => dependencies.length === 0);
  let closed = withDependencies(context, resolved);
  const seen = new Set<string>();
  for (;;) {
    const along = isAlone ? [] : dependentsOf(context, all, closed).filter(({ requested }) => !seen.has(requested));
    if (along.length === 0) return closed;
    for (const { requested } of along) seen.add(requested);
    closed = withDependencies(context, [...closed, ...along]);
  }
}

/** What is installed and newer in the index, because something that it needs changes. */
function dependentsOf(
  context: ClosingContext,
  all: readonly Needing[],
  closed: readonly Resolved[],
): readonly Resolved[] {
  const { cap, lookup, installations } = context;
  const changing = changedNames(installations, closed);
  if (changing.size === 0) return [];
  const byName = new Map(all.map((item) => [item.name, item]));
  const planned = new Set(closed.flatMap((item) => ("resolution" in item ? item.resolution.name : [])));
  const needs = (name: string) => byName.get(name)?.dependencies ?? [];
  return [...allNeeded(changing, neededBy(byName.keys(), needs))].flatMap((name): readonly Resolved[] => {
    const installation = planned.has(name) ? null : installations.get(name);
    if (installation === null) return [];
    const verdict = judgeByIndex(cap.config, lookup.indexes, {
      installation,
      wanted: new Map(),
      cannot: "Cannot update",
    });
    if (verdict.kind !== "candidate") return [];
    const { requested, wish } = installation;
    tellAlong(cap.emit, installation, changing);
    const resolution = resolveCandidate(context, { ...verdict.candidate, requested, wish });
    return [{ requested: name, resolution, isNeeded: true }];
  });
}

function changedNames(installations: Installations, closed: readonly Resolved[]): ReadonlySet<string> {
  const resolutions = closed.flatMap((item) => ("resolution" in item ? [item.resolution] : []));
  const { steps } = makePlan(resolutions, (name) => installations.get(name), { reinstall: false });
  return new Set(steps.flatMap(({ kind, resolution }) => (kind === "change" ? [resolution.name] : [])));
}

function tellAlong(emit: EmitEvent, { name, dependencies }: Needing, changing: ReadonlySet<string>): void {
  const changed = dependencies.find((needed) => changing.has(needed));
  const why = changed === undefined ? "something that it needs" : `${changed}, which it needs,`;
  emit({ kind: "note", message: `${name} is changed too, because ${why} changes` });
}
