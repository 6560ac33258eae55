import { type Dirent, existsSync, lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { DATA_DIRECTORIES } from "../package/holdings.ts";
import type { Installation } from "../package/installation.ts";
import { inData, inPrefix, isInPrefix, programLinks } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { LinkRemoval } from "../state/intent.ts";
import { expectedLinks } from "./link-plan.ts";
import { leadsInto, leadsIntoPackages, leadsTo } from "./link-text.ts";
import { occupantOf } from "./links.ts";
import { CELLAR, linkPath, type Places, packagePath, packageRoots } from "./places.ts";
import { otherOwner } from "./prefix-owner.ts";

/**
 * Directories of packages that nothing records, as in `Installation.directory`: the record was lost, or is an old one.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function strayDirectories(places: Places, installations: Installations): readonly string[] {
  const { packagesDirectory, prefixDirectory, stateDatabase } = places;
  const isOurs = otherOwner(prefixDirectory, stateDatabase) === null;
  const cellar = join(prefixDirectory, CELLAR);
  const kegs = isOurs ? namesIn(cellar) : [];
  const known = installations.directories().union(new Set(installations.leftovers()));
  const isKnown = (directory: string) => known.has(directory);
  return [
    ...namesIn(packagesDirectory).flatMap((name) => unknownIn(`${packagesDirectory}/${name}`, name, isKnown)),
    ...kegs.flatMap((name) => unknownIn(`${cellar}/${name}`, inPrefix(`${CELLAR}/${name}`), isKnown)),
  ];
}

/**
 * Those of one package, whatever version they are of.
 *
 * @param name the directory of all its versions
 */
export function straysIn(places: Places, installations: Installations, name: string): readonly string[] {
  const isLeft = (directory: string) => installations.leftovers().includes(directory);
  return unknownIn(
    packagePath(places, name),
    name,
    (directory) => installations.hasDirectory(directory) || isLeft(directory),
  );
}

/** Only what is not known is looked at, as this is asked before whatever reads the records. */
function unknownIn(path: string, name: string, isKnown: (directory: string) => boolean): readonly string[] {
  return foundIn(path, () => readdirSync(path))
    .filter((version) => !version.startsWith(".") && !isKnown(`${name}/${version}`))
    .filter((version) => lstatSync(join(path, version), { throwIfNoEntry: false })?.isDirectory())
    .map((version) => `${name}/${version}`)
    .toSorted();
}

/** Of the directories in one, without what is being staged. */
function namesIn(path: string): readonly string[] {
  return foundIn(path, () => readdirSync(path, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .toSorted();
}

function foundIn<T>(path: string, read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `look into "${path}"`);
  }
}

/**
 * Links in the bin and the data directory that lead to where packages are placed, but to nothing there, and that nothing records:
 * absolute paths.
 */
export function looseLinks(places: Places, installations: Pick<Installations, "linkOwner">): readonly string[] {
  return sharedPaths(places).flatMap((path) => {
    const at = linkPath(places, path);
    const isLoose = leadsIntoPackages(places, path, occupantOf(at)) && !existsSync(at);
    return isLoose && installations.linkOwner(path) === null ? [at] : [];
  });
}

/**
 * Links to programs in a directory that is not the bin directory any more: those that packages have there, or would have, and those
 * that lead to where packages are placed, but to nothing. Absolute paths.
 */
export function linksLeftIn(places: Places, directory: string, installed: readonly Installation[]): readonly string[] {
  const there = { ...places, binDirectory: directory };
  const recorded = new Map(
    installed.flatMap((item) => programLinks(expectedLinks(item)).map((link) => [link.path, link])),
  );
  // A directory of the system has hundreds of links, and where each leads takes several looks.
  const roots = packageRoots(there).map((root) => basename(root));
  return entriesOf(directory)
    .filter((entry) => entry.isSymbolicLink())
    .flatMap(({ name }) => {
      const at = linkPath(there, name);
      const occupant = occupantOf(at);
      if (occupant.kind !== "link" || !roots.some((root) => occupant.target.includes(root))) return [];
      const link = recorded.get(name);
      const isOurs = link !== undefined && leadsTo(there, link, occupant);
      return isOurs || (leadsIntoPackages(there, name, occupant) && !existsSync(at)) ? [at] : [];
    });
}

/** The links in the bin directory, in the prefix, and in the data directory that lead into one of these directories. */
export function linksInto(places: Places, targets: readonly string[]): readonly LinkRemoval[] {
  const inside = targets.some(isInPrefix) ? entriesBelow(places.prefixDirectory) : [];
  const paths = [...sharedPaths(places), ...inside.map(inPrefix)];
  return paths.flatMap((path) => {
    const occupant = occupantOf(linkPath(places, path));
    const isInto = targets.some((target) => leadsInto(places, { path, occupant }, target));
    return occupant.kind === "link" && isInto ? [{ path, previous: occupant.target }] : [];
  });
}

/** The places of all that is in the bin directory, and where packages are linked in the data directory. */
function sharedPaths(places: Places): readonly string[] {
  const shared = DATA_DIRECTORIES.flatMap((directory) => entriesBelow(places.dataDirectory, directory));
  return [...entriesOf(places.binDirectory).map(({ name }) => name), ...shared.map(inData)];
}

/** Paths of all that is no directory, but for the kegs themselves; nothing of what is somebody's own as a whole. */
function entriesBelow(root: string, directory = ""): readonly string[] {
  return entriesOf(join(root, directory)).flatMap((entry) => {
    const path = directory === "" ? entry.name : `${directory}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return path === CELLAR ? [] : entriesBelow(root, path);
  });
}

function entriesOf(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `look into "${directory}"`);
  }
}
