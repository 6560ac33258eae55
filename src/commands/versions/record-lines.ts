import type { RecordItem, RecordOutcome } from "../../install/change-records.ts";

/** One line for each package whose record was changed, or would be. */
export function recordLines({ packages }: RecordOutcome, words: (item: Told) => string): readonly string[] {
  return packages.flatMap((item) => (item.action === "fail" ? [] : [`${item.name} ${item.version} ${words(item)}`]));
}

/** An item that did not fail. */
export type Told = Exclude<RecordItem, { readonly action: "fail" }>;

/** `is pinned`, `would be pinned`, or `is pinned already`. */
export function pinnedWords({ action }: Told): string {
  if (action === "plan") return "would be pinned";
  return action === "keep" ? "is pinned already" : "is pinned";
}

/** `is not pinned any more`, `would not be pinned any more`, or `is not pinned`. */
export function unpinnedWords({ action }: Told): string {
  if (action === "plan") return "would not be pinned any more";
  return action === "keep" ? "is not pinned" : "is not pinned any more";
}

/** Which programs of it are in the bin directory. */
export function linkWords({ action, links }: Told): string {
  const verb = action === "plan" ? "would have" : "has";
  const programs = links.length === 0 ? "no programs" : links.join(", ");
  return `${verb} ${programs} in the bin directory${action === "keep" ? ", as before" : ""}`;
}
