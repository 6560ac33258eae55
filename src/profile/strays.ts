import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { DATA_DIRECTORIES } from "../package/holdings.ts";
import { inData, inPrefix, isInPrefix } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { LinkRemoval } from "../state/intent.ts";
import { leadsInto, leadsIntoPackages } from "./link-text.ts";
import { occupantOf } from "./links.ts";
import { CELLAR, linkPath, type Places, packagePath } from "./places.ts";
import { otherOwner } from "./prefix-owner.ts";

/**
 * Directories of packages that nothing records, as in `Installation.directory`: the record was lost, or is an old one.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function strayDirectories(places: Places, installations: Installations): readonly string[] {
  const { prefixDirectory, stateDatabase } = places;
  const isOurs = otherOwner(prefixDirectory, stateDatabase) === null;
  const kegs = isOurs ? namesIn(join(prefixDirectory, CELLAR)).map((name) => inPrefix(`${CELLAR}/${name}`)) : [];
  return [...namesIn(places.packagesDirectory), ...kegs].flatMap((name) => straysIn(places, installations, name));
}

/**
 * Those of one package, whatever version they are of.
 *
 * @param name the directory of all its versions
 */
export function straysIn(places: Places, installations: Installations, name: string): readonly string[] {
  const directories = namesIn(packagePath(places, name)).map((version) => `${name}/${version}`);
  if (directories.length === 0) return [];
  const left = new Set(installations.leftovers());
  return directories.filter((directory) => !left.has(directory) && !installations.hasDirectory(directory));
}

/** Without what is being staged. */
function namesIn(path: string): readonly string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .toSorted();
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
