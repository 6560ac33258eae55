import { allNeeded } from "../package/dependency-graph.ts";
import type { Needing } from "../package/installation.ts";

/** What a change leaves of what was needed before it. */
export interface Aftermath {
  /** All that something else that stays needs, or that was asked for. */
  readonly needed: ReadonlySet<string>;
  /** Dependencies that something which has changed or gone needed, and that nothing needs any more. */
  readonly leftBehind: readonly string[];
}

/**
 * Compares what is installed before and after a change. Dependencies that nothing needed before either stay: somebody has kept them.
 *
 * @param after also has what stays as it is
 */
export function aftermathOf(before: readonly Needing[], after: readonly Needing[]): Aftermath {
  const [old, now] = [before, after].map((items) => new Map(items.map((item) => [item.name, item])));
  const needsBefore = (name: string) => old?.get(name)?.dependencies ?? [];
  const changed = before.filter((item) => now?.get(item.name) !== item).map(({ name }) => name);
  const affected = allNeeded(changed, needsBefore);
  const isRoot = (item: Needing) => !item.isDependency || (old?.has(item.name) === true && !affected.has(item.name));
  const needed = allNeeded(
    after.filter(isRoot).map(({ name }) => name),
    (name) => now?.get(name)?.dependencies ?? [],
  );
  const leftBehind = after.filter(({ name }) => affected.has(name) && !needed.has(name)).map(({ name }) => name);
  return { needed, leftBehind };
}

/** Names of all dependencies that nothing needs. */
export function needless(installed: readonly Needing[]): readonly string[] {
  const byName = new Map(installed.map((item) => [item.name, item]));
  const needed = allNeeded(
    installed.filter(({ isDependency }) => !isDependency).map(({ name }) => name),
    (name) => byName.get(name)?.dependencies ?? [],
  );
  return installed.filter(({ name }) => !needed.has(name)).map(({ name }) => name);
}
