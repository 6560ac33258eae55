import { isInPrefix, pathInPrefix } from "../package/place.ts";
import { pathInside } from "./installation-paths.ts";

/** Where packages, links and bottles are placed; absolute paths. */
export interface Places {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
  /** Where bottles are poured. */
  readonly prefixDirectory: string;
}

interface ConfiguredPlaces {
  readonly packages: string;
  readonly bin: string;
  readonly prefix: string;
}

/** The places of a configuration. */
export function placesOf({ packages, bin, prefix }: ConfiguredPlaces): Places {
  return { packagesDirectory: packages, binDirectory: bin, prefixDirectory: prefix };
}

/** The root that a package belongs to, by its directory: the packages directory, or the prefix. */
export function packageRoot({ packagesDirectory, prefixDirectory }: PackagePlaces, directory: string): string {
  return isInPrefix(directory) ? prefixDirectory : packagesDirectory;
}

/** The directories that hold the directories of packages. */
export function packageRoots({ packagesDirectory }: PackagePlaces): readonly string[] {
  return [packagesDirectory];
}

type PackagePlaces = Pick<Places, "packagesDirectory" | "prefixDirectory">;

/** The absolute path of the directory of a package, or of something in it, from `Installation.directory`. */
export function packagePath(places: PackagePlaces, directory: string): string {
  return located(packageRoot(places, directory), directory);
}

/** The absolute path of a link, from `InstalledLink.path`. */
export function linkPath({ binDirectory, prefixDirectory }: Omit<Places, "packagesDirectory">, path: string): string {
  return located(isInPrefix(path) ? prefixDirectory : binDirectory, path);
}

function located(root: string, place: string): string {
  return pathInside(root, pathInPrefix(place));
}
