import { join, resolve } from "node:path";
import { DATA_ROOT, isInData, isInPrefix, pathOfPlace } from "../package/place.ts";
import { pathInside } from "./installation-paths.ts";
import { currentPrefix } from "./prefix-owner.ts";

/** Where packages, links and bottles are placed; absolute paths. */
export interface Places {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
  /** Where bottles are poured. */
  readonly prefixDirectory: string;
  /** The user's data directory, in which man pages, completions and desktop entries are looked for. */
  readonly dataDirectory: string;
  /** What records them. */
  readonly stateDatabase: string;
}

interface ConfiguredPlaces {
  readonly packages: string;
  readonly bin: string;
  readonly prefix: string;
  readonly share: string;
  readonly stateDatabase: string;
}

/** The places of a configuration. `poured`: the prefix that bottles were poured into. */
export function placesOf(paths: ConfiguredPlaces, poured: string | null = null): Places {
  const { packages, bin, prefix: configured, share, stateDatabase } = paths;
  const prefixDirectory = currentPrefix({ configured, poured, stateDatabase });
  return { packagesDirectory: packages, binDirectory: bin, prefixDirectory, dataDirectory: share, stateDatabase };
}

/** The root that a package belongs to, by its directory: the packages directory, or the prefix. Copies may be left elsewhere. */
export function packageRoot(places: PackagePlaces, directory: string): string {
  const { packagesDirectory, prefixDirectory, dataDirectory } = places;
  if (isInData(directory)) return dataDirectory;
  return isInPrefix(directory) ? prefixDirectory : packagesDirectory;
}

/** The directories that hold the directories of packages. */
export function packageRoots({ packagesDirectory, prefixDirectory }: PackagePlaces): readonly string[] {
  return [packagesDirectory, join(prefixDirectory, CELLAR)];
}

/** Where the kegs are, relative to the prefix. */
export const CELLAR = "Cellar";

type PackagePlaces = Pick<Places, "packagesDirectory" | "prefixDirectory" | "dataDirectory">;
type LinkPlaces = Pick<Places, "binDirectory" | "prefixDirectory" | "dataDirectory">;

/** The absolute path of the directory of a package, or of something in it, from `Installation.directory`. */
export function packagePath(places: PackagePlaces, directory: string): string {
  return located(packageRoot(places, directory), directory);
}

/** The root that a link belongs to, by its place: the prefix, the data directory, or the bin directory. */
export function linkRoot({ binDirectory, prefixDirectory, dataDirectory }: LinkPlaces, path: string): string {
  if (isInPrefix(path)) return prefixDirectory;
  return isInData(path) ? dataDirectory : binDirectory;
}

/** The absolute path of a link, or of a directory that links are in, from `InstalledLink.path`. */
export function linkPath(places: LinkPlaces, path: string): string {
  if (path === DATA_ROOT) return resolve(places.dataDirectory);
  return located(linkRoot(places, path), path);
}

function located(root: string, place: string): string {
  return pathInside(root, pathOfPlace(place));
}
