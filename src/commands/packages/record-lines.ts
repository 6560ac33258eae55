import type { RecordItem, RecordOutcome } from "../../install/change-records.ts";

/** One line for each package whose record was changed, or would be. */
export function recordLines({ packages }: RecordOutcome, words: (item: Told) => string): readonly string[] {
  return packages.flatMap((item) => (item.action === "fail" ? [] : [`${item.name} ${item.version} ${words(item)}`]));
}

/** An item that did not fail. */
export type Told = Exclude<RecordItem, { readonly action: "fail" }>;

/** `is pinned`, `would be pinned`, or `is pinned already`. */
export function stateWords({ action }: Told, state: string): string {
  if (action === "plan") return `would be ${state}`;
  return action === "keep" ? `is ${state} already` : `is ${state}`;
}

/** Which programs of it are in the bin directory. */
export function linkWords({ action, links }: Told): string {
  const verb = action === "plan" ? "would have" : "has";
  const programs = links.length === 0 ? "no programs" : links.join(", ");
  return `${verb} ${programs} in the bin directory${action === "keep" ? ", as before" : ""}`;
}
