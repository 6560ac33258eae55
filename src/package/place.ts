/** What a place begins with that is relative to the prefix of bottles; others are relative to the packages or bin directory. */
const IN_PREFIX = "@prefix/";
/** What a place begins with that is relative to the user's data directory, where man pages and desktop entries are looked for. */
const IN_DATA = "@data/";
/** The place of that directory itself. */
export const DATA_ROOT = "@data";

/** True for a place below the prefix. */
export function isInPrefix(place: string): boolean {
  return place.startsWith(IN_PREFIX);
}

/** True for a place below the data directory, and for that itself. */
export function isInData(place: string): boolean {
  return place === DATA_ROOT || place.startsWith(IN_DATA);
}

/** True for a place in a tree of directories that packages have in common: the prefix, or the data directory. */
export function isInTree(place: string): boolean {
  return isInPrefix(place) || isInData(place);
}

/** The place of a path that is relative to the prefix. */
export function inPrefix(path: string): string {
  return `${IN_PREFIX}${path}`;
}

/** The place of a path that is relative to the data directory. */
export function inData(path: string): string {
  return `${IN_DATA}${path}`;
}

/** The path of a place below the prefix, relative to that. */
export function pathInPrefix(place: string): string {
  return isInPrefix(place) ? place.slice(IN_PREFIX.length) : place;
}

/** The path of a place, relative to the root that it belongs to. */
export function pathOfPlace(place: string): string {
  return isInData(place) ? place.slice(IN_DATA.length) : pathInPrefix(place);
}

/** Whether a relative path is that of something below the root that it is joined to. */
export function isInside(path: string): boolean {
  return !NOT_INSIDE.test(path);
}

/** A part that is empty, `.` or `..`; and what no file name has. */
const NOT_INSIDE = /(?:^|\/)\.{0,2}(?:\/|$)|\0/;

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

/** The links in the bin directory, without those in the prefix and in the data directory. */
export function programLinks<Link extends { readonly path: string }>(links: readonly Link[]): readonly Link[] {
  return links.filter(({ path }) => !isInTree(path));
}

/** The links in the data directory. */
export function dataLinks<Link extends { readonly path: string }>(links: readonly Link[]): readonly Link[] {
  return links.filter(({ path }) => isInData(path));
}
