import type { State } from "../capabilities/capabilities.ts";
import { PkgError } from "../errors.ts";
import type { Installation } from "../package/installation.ts";
import { failAlong } from "../plan/fail-along.ts";
import type { ChangeResult } from "../profile/apply-changes.ts";
import type { ProfileChange } from "../profile/profile.ts";
import { changeTo, Lost, type ObtainedAgain } from "./obtain-recorded.ts";

/** What is brought back from the store. */
export interface Bringing {
  /** What was named. */
  readonly used: readonly Installation[];
  /** What that needs. */
  readonly along: readonly Installation[];
  readonly again: ObtainedAgain;
  readonly signal: AbortSignal;
}

/**
 * Brings back what it can, as one unit: what needs something that cannot be had fails along with it.
 *
 * @returns what became of each, by name; Lost: what the store does not hold, and nothing was changed
 * @throws {PkgError} INTERRUPTED
 */
export async function bringKept(
  state: State,
  { used, along, ...how }: Bringing,
): Promise<ReadonlyMap<string, ChangeResult> | Lost> {
  const parts = [...used, ...along].map(({ name, dependencies }, index) => {
    return { name, needs: dependencies, isDependency: index >= used.length };
  });
  const changes = new Map<string, ProfileChange>();
  const missing = new Map<string, PkgError>();
  const lost: Installation[] = [];
  for (const item of [...used, ...along]) {
    const change = await changeTo(state, item, how);
    if (change instanceof Lost) lost.push(item);
    else if (change instanceof PkgError) missing.set(item.name, change);
    else changes.set(item.name, change);
  }
  if (lost.length > 0) return new Lost(lost);
  const failures = new Map([...missing, ...failAlong(parts, missing)]);
  const open = [...changes].filter(([name]) => !failures.has(name));
  const results =
    open.length === 0
      ? []
      : state.profile.apply(
          open.map(([, change]) => change),
          {
            force: false,
            failAlong: (more) => failAlong(parts, new Map([...failures, ...more])),
          },
        );
  return new Map([
    ...[...failures].map(([name, error]) => [name, { kind: "failed", error }] as const),
    ...open.flatMap(([name], index) => (results[index] === undefined ? [] : [[name, results[index]] as const])),
  ]);
}
