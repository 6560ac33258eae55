import { addAll } from "../base/many.ts";
import { AmbiguousName, type Choice } from "../package/ambiguous.ts";
import type { Looking } from "./looking.ts";
import { type ResolveCapabilities, type Resolved, type ResolveOptions, resolveSpecs } from "./resolve.ts";

/** Asks a person which of several packages a name means; null: none of them, or nobody was asked. */
export type ChoosePackage = (requested: string, choices: readonly Choice[]) => Promise<Choice | null>;

/** Resolves anew what was ambiguous, as a person chooses, one after the other. What nobody chose stays an error. */
export async function settleAmbiguous(
  cap: ResolveCapabilities,
  resolved: readonly Resolved[],
  { choose, looking, ...options }: ResolveOptions & { readonly choose: ChoosePackage; readonly looking: Looking },
): Promise<readonly Resolved[]> {
  const settled: Resolved[] = [];
  for (const item of resolved) {
    const error = "error" in item ? item.error : null;
    const choice = error instanceof AmbiguousName ? await choose(item.requested, error.choices) : null;
    addAll(settled, choice === null ? [item] : await resolveSpecs(cap, [choice.typed], options, looking));
  }
  return settled;
}
