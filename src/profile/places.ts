import { join } from "node:path";
import { isInPrefix, pathInPrefix } from "../package/place.ts";
import { pathInside } from "./installation-paths.ts";
import { currentPrefix } from "./prefix-owner.ts";

/** Where packages, links and bottles are placed; absolute paths. */
export interface Places {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
  /** Where bottles are poured. */
  readonly prefixDirectory: string;
  /** What records them. */
  readonly stateDatabase: string;
}

interface ConfiguredPlaces {
  readonly packages: string;
  readonly bin: string;
  readonly prefix: string;
  readonly stateDatabase: string;
}

/** The places of a configuration. `poured`: the prefix that bottles were poured into. */
export function placesOf(paths: ConfiguredPlaces, poured: string | null = null): Places {
  const { packages, bin, prefix: configured, stateDatabase } = paths;
  const prefixDirectory = currentPrefix({ configured, poured, stateDatabase });
  return { packagesDirectory: packages, binDirectory: bin, prefixDirectory, stateDatabase };
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
type LinkPlaces = Pick<Places, "binDirectory" | "prefixDirectory">;

/** The absolute path of the directory of a package, or of something in it, from `Installation.directory`. */
export function packagePath(places: PackagePlaces, directory: string): string {
  return located(packageRoot(places, directory), directory);
}

/** The absolute path of a link, from `InstalledLink.path`. */
export function linkPath({ binDirectory, prefixDirectory }: LinkPlaces, path: string): string {
  return located(isInPrefix(path) ? prefixDirectory : binDirectory, path);
}

function located(root: string, place: string): string {
  return pathInside(root, pathInPrefix(place));
}
