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
