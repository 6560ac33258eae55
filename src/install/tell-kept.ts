import type { EmitEvent } from "../base/events.ts";
import { listSome } from "../base/lists.ts";
import type { TakenPlaces } from "../profile/change-plan.ts";
import type { GivenBack, PrefixNotes } from "../profile/profile.ts";
import type { KeptFiles } from "./install-outcome.ts";

const MAX_NAMED = 3;

/** Says what was kept of a package, because it is not what this program placed, and where that is now. */
export function tellKept(emit: EmitEvent, name: string, { moved, saved, left, inUse = [] }: KeptFiles): void {
  if (inUse.length > 0) {
    emit({
      kind: "note",
      message: `${name}: still runs, so ${listPaths(inUse)} is kept; \`pkg clean\` removes it later`,
    });
  }
  if (moved.length > 0) {
    emit({
      kind: "note",
      message: `${name}: what was written beside its files moved to the new version: ${listPaths(moved)}`,
    });
  }
  if (saved.length > 0) {
    const places = saved.map((file) => file.saved);
    emit({
      kind: "note",
      message: `${name}: what was edited, or written where the package has a file, is now ${listPaths(places)}`,
    });
  }
  if (left.length > 0) {
    const cure = `\`pkg remove --purge ${name}\` would remove that too`;
    emit({ kind: "note", message: `${name}: what pkg did not place is kept: ${listPaths(left)}; ${cure}` });
  }
}

/** The first of some paths, and how many more there are. */
export function listPaths(paths: readonly string[]): string {
  return listSome(
    paths.map((path) => `"${path}"`),
    MAX_NAMED,
  );
}

/** Says what a package took the place of, and how that comes back. */
export function tellTaken(emit: EmitEvent, name: string, { saved, links }: TakenPlaces): void {
  for (const { path, saved: to } of saved) {
    const cure = `\`pkg remove ${name}\` gives it back`;
    emit({ kind: "note", message: `What was "${path}" is "${to}" now; ${cure}` });
  }
  for (const { path, name: other } of links) {
    emit({
      kind: "note",
      message: `"${path}" was of ${other}, and is of ${name} now; ${other} has it back when ${name} goes`,
    });
  }
}

/** Says which places in the prefix a package could not have, and which files stay because somebody has edited them. */
export function tellNotes(emit: EmitEvent, name: string, { passedOver, changed }: PrefixNotes): void {
  for (const [owner, items] of Map.groupBy(passedOver, (item) => item.owner)) {
    const paths = listPaths(items.map(({ path }) => path));
    const why = owner === null ? "pkg did not place what is there, which stays" : `${owner} has it already`;
    emit({ kind: "note", message: `${name}: not linked, because ${why}: ${paths}` });
  }
  for (const { path, beside } of changed) {
    const where = beside === null ? "" : `; the new one is "${beside}"`;
    emit({ kind: "note", message: `${name}: "${path}" was edited, and stays as it is${where}` });
  }
}

/** Says what came back when a package gave up its links, and what did not. */
export function tellGivenBack(emit: EmitEvent, givenBack: readonly GivenBack[]): void {
  for (const item of givenBack) {
    if (item.kind === "returned") emit({ kind: "note", message: `"${item.path}" is of ${item.name} again` });
    else if (item.kind === "restored") emit({ kind: "note", message: `"${item.saved}" is "${item.path}" again` });
    else {
      const why = item.reason === "gone" ? "is gone" : "was changed since it was moved aside, and stays where it is";
      emit({ kind: "warning", message: `"${item.path}" is not what it was before: "${item.saved}" ${why}` });
    }
  }
}
