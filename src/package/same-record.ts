import { isDeepStrictEqual } from "node:util";
import type { Installation } from "./installation.ts";
import { isInPrefix } from "./place.ts";

/**
 * True if two records say the same of what is installed, whenever it was placed: times do not count, nor does the name of a
 * directory that is free to be any, nor the order of links.
 */
export function isSameRecord(one: Installation | null, other: Installation | null): boolean {
  if (one === null || other === null) return one === other;
  return isDeepStrictEqual(essenceOf(one), essenceOf(other));
}

/** How a record of the same version differs from the one before. */
export type Became = "pinned" | "unpinned" | "a dependency" | "asked for" | "range" | "links" | "placed again";

/** What became of a package whose version stayed; "placed again" where none of the rest is so. */
export function whatBecame(before: Installation, after: Installation): readonly Became[] {
  const pin = before.isPinned === after.isPinned ? [] : ([after.isPinned ? "pinned" : "unpinned"] as const);
  const why =
    before.isDependency === after.isDependency ? [] : ([after.isDependency ? "a dependency" : "asked for"] as const);
  const links = isDeepStrictEqual(pathsOf(before), pathsOf(after)) ? [] : (["links"] as const);
  const range = before.wish === after.wish ? [] : (["range"] as const);
  const found = [...pin, ...why, ...range, ...links];
  return found.length === 0 ? ["placed again"] : found;
}

function pathsOf({ links }: Installation): readonly string[] {
  return links.map(({ path }) => path).toSorted();
}

function essenceOf({ installedAt: _, owner, directory, links, taken, ...rest }: Installation): unknown {
  return {
    ...rest,
    owner: owner?.id ?? null,
    directory: isInPrefix(directory) ? directory : null,
    links: byPath(links),
    taken: byPath(taken),
  };
}

function byPath(links: Installation["links"]): Installation["links"] {
  return links.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
