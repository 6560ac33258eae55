/** What a place begins with that is relative to the prefix of bottles; others are relative to the packages or bin directory. */
const IN_PREFIX = "@prefix/";

/** True for a place below the prefix. */
export function isInPrefix(place: string): boolean {
  return place.startsWith(IN_PREFIX);
}

/** The place of a path that is relative to the prefix. */
export function inPrefix(path: string): string {
  return `${IN_PREFIX}${path}`;
}

/** The path of a place below the prefix, relative to that. */
export function pathInPrefix(place: string): string {
  return isInPrefix(place) ? place.slice(IN_PREFIX.length) : place;
}

/** Where a keg belongs: `@prefix/Cellar/jq/1.8.1`. The version has its revision, as in `1.7.1_2`. */
export function kegDirectory(name: string, version: string): string {
  return inPrefix(`Cellar/${name}/${version}`);
}

/** What stands for the directory of a package as the target of a link. */
export const WHOLE_DIRECTORY = ".";

/** The place of what a link leads to, from the directory of its package. */
export function placeIn(directory: string, target: string): string {
  return target === WHOLE_DIRECTORY ? directory : `${directory}/${target}`;
}

/** The links in the bin directory, without those in the prefix. */
export function programLinks<Link extends { readonly path: string }>(links: readonly Link[]): readonly Link[] {
  return links.filter(({ path }) => !isInPrefix(path));
}
