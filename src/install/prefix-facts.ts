import type { PrefixNotes } from "../profile/profile.ts";
import type { InstalledItem } from "./install-outcome.ts";

type PrefixFacts = Pick<InstalledItem & { readonly action: "install" }, "notLinked" | "changedCopies">;

/** What tellNotes() says, for the JSON output: only what there is. */
export function prefixFacts({ passedOver, changed }: PrefixNotes): PrefixFacts {
  const notLinked = passedOver.map(({ path, owner }) => (owner === null ? { path } : { path, name: owner }));
  const changedCopies = changed.map(({ path, beside }) => (beside === null ? { path } : { path, beside }));
  return {
    ...(notLinked.length === 0 ? {} : { notLinked }),
    ...(changedCopies.length === 0 ? {} : { changedCopies }),
  };
}
