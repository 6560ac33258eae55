import type { EmitEvent } from "../base/events.ts";
import type { KeptFiles } from "./install-outcome.ts";

const MAX_NAMED = 3;

/** Says what was kept of a package, because this program did not place it, and where that is now. */
export function tellKept(emit: EmitEvent, name: string, { moved, left }: KeptFiles): void {
  if (moved.length > 0) {
    emit({
      kind: "note",
      message: `${name}: what was written beside its files moved to the new version: ${named(moved)}`,
    });
  }
  if (left.length > 0) {
    const cure = `\`pkg remove --purge ${name}\` would remove that too`;
    emit({ kind: "note", message: `${name}: what pkg did not place is kept: ${named(left)}; ${cure}` });
  }
}

/** The first of some paths, and how many more there are. */
export function named(paths: readonly string[]): string {
  const shown = paths.slice(0, MAX_NAMED).map((path) => `"${path}"`);
  const more = paths.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
