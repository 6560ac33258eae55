import { join } from "node:path";
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

/** The places of a configuration; bottles stay in the prefix that they were poured into, whatever it says by now. */
export function placesOf({ packages, bin, prefix }: ConfiguredPlaces, poured: string | null = null): Places {
  return { packagesDirectory: packages, binDirectory: bin, prefixDirectory: poured ?? prefix };
}

/** The root that a package belongs to, by its directory: the packages directory, or the prefix. */
export function packageRoot({ packagesDirectory, prefixDirectory }: PackagePlaces, directory: string): string {
  return isInPrefix(directory) ? prefixDirectory : packagesDirectory;
}

/** The directories that hold the directories of packages. */
export function packageRoots({ packagesDirectory, prefixDirectory }: PackagePlaces): readonly string[] {
  return [packagesDirectory, join(prefixDirectory, CELLAR)];
}

/** Where the kegs are, relative to the prefix. */
export const CELLAR = "Cellar";

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
