import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { canonicalEntry, canonicalPath } from "../fs/canonical-path.ts";
import { exists, pathInside } from "./installation-paths.ts";
import type { Occupant } from "./links.ts";

/** Where links are, and where they lead. */
export interface LinkDirectories {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
}

/**
 * The text of a link to `target`, which is relative to the packages directory. It is relative if the packages are below the
 * directory that the bin directory is in, so that a home can be moved as a whole; and if it is not in another place, through
 * a link, as then `..` means another directory.
 */
export function linkText(directories: LinkDirectories, target: string): string {
  const path = pathInside(directories.packagesDirectory, target);
  const text = relative(directories.binDirectory, path);
  const leads = resolve(canonicalPath(directories.binDirectory), text);
  return isBeside(directories) && canonicalEntry(leads) === canonicalEntry(path) ? text : path;
}

/** True if the bin directory is of this home: no other one has its packages there. */
function isBeside({ packagesDirectory, binDirectory }: LinkDirectories): boolean {
  const root = dirname(resolve(binDirectory));
  return root !== sep && resolve(packagesDirectory).startsWith(root + sep);
}

/** True for a link to `target`, which is relative to the packages directory: what counts is where it leads, not its text. */
export function leadsTo(directories: LinkDirectories, occupant: Occupant, target: string): boolean {
  if (occupant.kind !== "link") return false;
  const path = pathInside(directories.packagesDirectory, target);
  return canonicalEntry(destination(directories, occupant.target)) === canonicalEntry(path);
}

/**
 * True for a link to `target` that was placed when this home was somewhere else, and so leads nowhere now, or to the home
 * that this one was copied from.
 */
export function ledTo(directories: LinkDirectories, occupant: Occupant, target: string): boolean {
  if (occupant.kind !== "link" || !isAbsolute(occupant.target)) return false;
  const end = `${sep}${basename(directories.packagesDirectory)}${sep}${target}`;
  return occupant.target.endsWith(end) && (isBeside(directories) || !exists(occupant.target));
}

/** True for a link to whatever is, or was, in the packages directory: nobody but this program makes these. */
export function leadsIntoPackages(directories: LinkDirectories, occupant: Occupant): boolean {
  return leadsInto(directories, occupant, ".");
}

/** True for a link to what is, or was, in a directory that is relative to the packages directory. */
export function leadsInto(directories: LinkDirectories, occupant: Occupant, directory: string): boolean {
  if (occupant.kind !== "link") return false;
  const root = canonicalPath(join(directories.packagesDirectory, directory));
  return canonicalEntry(destination(directories, occupant.target)).startsWith(root + sep);
}

function destination({ binDirectory }: LinkDirectories, text: string): string {
  return resolve(canonicalPath(binDirectory), text);
}
