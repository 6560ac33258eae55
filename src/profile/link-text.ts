import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { canonicalEntry, canonicalPath } from "../fs/canonical-path.ts";
import { isInPrefix, pathInPrefix } from "../package/place.ts";
import { exists } from "./installation-paths.ts";
import type { Occupant } from "./links.ts";
import { linkPath, linkRoot, type Places, packagePath, packageRoot, packageRoots } from "./places.ts";

/** A link, and where it leads: places as in `InstalledLink.path`, and as in `Installation.directory`. */
export interface PlacedLink {
  readonly path: string;
  readonly target: string;
}

/**
 * The text of a link. It is relative if what it leads to is below the directory that the links' own directory is in, so that a
 * home can be moved as a whole; and if it is not in another place, through a link, as then `..` means another directory.
 */
export function linkText(places: Places, { path, target }: PlacedLink): string {
  const to = packagePath(places, target);
  const from = linkPath(places, path);
  if (isInPrefix(path)) return textInPrefix(path, target) ?? relative(dirname(from), to);
  const directory = dirname(from);
  const text = relative(directory, to);
  const leads = resolve(canonicalPath(directory), text);
  return isBeside(places, { path, target }) && canonicalEntry(leads) === canonicalEntry(to) ? text : to;
}

/** What relative() gives for two places in the prefix that begin with different names, as those of links and kegs do; null: others. */
function textInPrefix(path: string, target: string): string | null {
  const [from, to] = [pathInPrefix(path), pathInPrefix(target)];
  const [names, [first]] = [from.split("/"), to.split("/", 1)];
  if (!isInPrefix(target) || names[0] === first) return null;
  return "../".repeat(names.length - 1) + to;
}

/** True if the root of the link is of this home: no other one has its packages there. */
function isBeside(places: Places, { path, target }: PlacedLink): boolean {
  const root = dirname(resolve(linkRoot(places, path)));
  return root !== sep && resolve(packageRoot(places, target)).startsWith(root + sep);
}

/** True if what is at the path of a link leads where that should: what counts is where it leads, not its text. */
export function leadsTo(places: Places, { path, target }: PlacedLink, occupant: Occupant): boolean {
  if (occupant.kind !== "link") return false;
  const [leads, to] = [destination(places, path, occupant.target), packagePath(places, target)];
  // Two spellings of one place need a look at each directory on the way.
  return leads === resolve(to) || (!isInPrefix(path) && canonicalEntry(leads) === canonicalEntry(to));
}

/**
 * True for a link that was placed when this home was somewhere else, and so leads nowhere now, or to the home
 * that this one was copied from.
 */
export function ledTo(places: Places, { path, target }: PlacedLink, occupant: Occupant): boolean {
  if (occupant.kind !== "link" || isInPrefix(path) || !isAbsolute(occupant.target)) return false;
  const root = packageRoot(places, target);
  const end = `${sep}${basename(root)}${sep}${relative(root, packagePath(places, target))}`;
  return occupant.target.endsWith(end) && (isBeside(places, { path, target }) || !exists(occupant.target));
}

/** True for a link at `path` to whatever is, or was, where packages are placed: nobody but this program makes these. */
export function leadsIntoPackages(places: Places, path: string, occupant: Occupant): boolean {
  return packageRoots(places).some((root) => isInto(places, { path, occupant }, root));
}

/** True for a link at `path` to what is, or was, in the directory of a package, or to that itself. */
export function leadsInto(places: Places, found: FoundLink, directory: string): boolean {
  return isInto(places, found, packagePath(places, directory));
}

/** What was found at the path of a link. */
export interface FoundLink {
  readonly path: string;
  readonly occupant: Occupant;
}

function isInto(places: Places, { path, occupant }: FoundLink, root: string): boolean {
  if (occupant.kind !== "link") return false;
  const leads = destination(places, path, occupant.target);
  if (isInPrefix(path)) return leads === resolve(root) || leads.startsWith(resolve(root) + sep);
  return canonicalEntry(leads).startsWith(canonicalPath(root) + sep);
}

/** In the prefix, all directories around a link are real ones, and so are those around what it leads to. */
function destination(places: Places, path: string, text: string): string {
  const directory = dirname(linkPath(places, path));
  return resolve(isInPrefix(path) ? directory : canonicalPath(directory), text);
}
