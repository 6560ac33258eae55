import { statSync } from "node:fs";
import { isAbsolute, join, sep } from "node:path";
import type { Config } from "../config/config.ts";
import { canonicalPath } from "../fs/canonical-path.ts";

type SearchConfig = Pick<Config, "searchPath" | "paths" | "environmentOf">;

/** The bin directory's place on PATH: earlier directories hide its programs, and it hides those of later ones. */
export interface SearchPlace {
  readonly isOnPath: boolean;
  /** The program that a link of this name would hide; null when it hides none. */
  hiddenBy(link: string): string | null;
  /** The program that is found instead of a link of this name; null when the link itself is found. */
  hiderOf(link: string): string | null;
}

/** Where programs are on every machine: other shells, services and cron look there, whatever PATH is now. */
const STANDARD_DIRECTORIES = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

interface Directory {
  readonly directory: string;
  readonly real: string;
}

/**
 * Looks up the directories of PATH, as they are when it is first asked. While the bin directory is not on it, which is so on
 * every fresh machine, it counts as the first: that is where it will be put. Where directories really are is of interest only
 * for a name that a program has: with many packages, to ask the system for each of them takes long.
 */
export function searchPlace(config: SearchConfig, standard: readonly string[] = STANDARD_DIRECTORIES): SearchPlace {
  let made: ReturnType<typeof locate> | undefined;
  const directories = () => {
    made ??= locate(config, standard);
    return made;
  };
  const anywhere = [...config.searchPath.filter(isAbsolute), ...standard];
  const find = (link: string, among: "before" | "after") => {
    if (!anywhere.some((directory) => isProgram(join(directory, link)))) return null;
    return findProgram(directories()[among], link, directories().isOurs);
  };
  return {
    get isOnPath() {
      return directories().isOnPath;
    },
    hiddenBy: (link) => find(link, "after"),
    hiderOf: (link) => find(link, "before"),
  };
}

/** The directories before and after the bin directory, and whether a program is one of those placed here. */
function locate({ searchPath, paths, environmentOf }: SearchConfig, standard: readonly string[]) {
  const bin = canonicalPath(paths.bin);
  // A relative directory means something else in each working directory.
  const onPath = searchPath.filter(isAbsolute).map(located);
  const own = onPath.findIndex(({ real }) => real === bin);
  const before = onPath.slice(0, Math.max(own, 0));
  const earlier = new Set([bin, ...before.map(({ real }) => real)]);
  const after = [...onPath, ...standard.map(located)].filter(({ real }) => !earlier.has(real));
  const placed = [bin, paths.packages, paths.prefix, ...placesAround(environmentOf)];
  const roots = placed.map((root) => canonicalPath(root) + sep);
  const isOurs = (path: string) => roots.some((root) => canonicalPath(path).startsWith(root));
  return { isOnPath: own !== -1, before, after, isOurs };
}

/** Where programs are that an environment comes before, though they are the same, or of the same package. */
function placesAround(around: Config["paths"] | undefined): readonly string[] {
  if (around === undefined) return [];
  const { bin, packages, prefix, environments, pouredEnvironments, namedProfiles } = around;
  return [bin, packages, prefix, environments, pouredEnvironments, namedProfiles];
}

function located(directory: string): Directory {
  return { directory, real: canonicalPath(directory) };
}

/** A link elsewhere to a program that was placed here is that program, and hides nothing. */
function findProgram(
  directories: readonly Directory[],
  name: string,
  isOurs: (path: string) => boolean,
): string | null {
  const programs = directories.map(({ directory }) => join(directory, name)).filter(isProgram);
  return programs.find((path) => !isOurs(path)) ?? null;
}

/** Also false if the path cannot be read: then it cannot be run. */
function isProgram(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && (stats.mode & 0o111) !== 0;
  } catch {
    return false;
  }
}
