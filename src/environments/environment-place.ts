import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { hasEnded, machineId, uniqueOwner } from "../base/process-alive.ts";
import type { Paths } from "../config/paths.ts";
import { type Environment, readEnvironment } from "./environment.ts";

/** Where programs are, and what else shells look into, below the directory of an environment. */
export const PARTS = { bin: "bin", packages: "packages", share: "share", prefix: "p" } as const;

/** How many characters of the key name a directory; where the name is part of what is poured, few: each counts. */
const NAME_LENGTHS = { plain: 16, poured: 6 } as const;

/** Where an environment is, or will be. */
export interface EnvironmentPlace {
  /** Absolute. */
  readonly directory: string;
  /** What is there; null: nothing yet. */
  readonly there: Environment | null;
}

/** The roots of environments: plain ones, and those with bottles. */
export function environmentRoots({ environments, pouredEnvironments }: Paths): readonly string[] {
  return [...new Set([environments, pouredEnvironments])];
}

/** The place of the environment with that key. A name that another key, or something else, has is not taken. */
export function environmentPlace(paths: Paths, key: string, isPoured: boolean): EnvironmentPlace {
  const root = isPoured ? paths.pouredEnvironments : paths.environments;
  const length = isPoured ? NAME_LENGTHS.poured : NAME_LENGTHS.plain;
  for (let start = 0; start + length <= key.length; start += length) {
    const directory = join(root, key.slice(start, start + length));
    const there = readEnvironment(directory);
    if (there?.key === key) return { directory, there };
    if (there === null && !existsSync(directory)) return { directory, there };
  }
  throw new Error(`every name of environment ${key} is taken`);
}

/** True while every program of an environment leads to a file. */
export function isWhole({ directory, packages }: Environment): boolean {
  return packages.every(({ programs }) => programs.every((name) => existsSync(join(directory, PARTS.bin, name))));
}

/** Whether a directory has a whole environment: somebody may have removed a part of it. */
export function isUsable(directory: string): boolean {
  try {
    const environment = readEnvironment(directory);
    return environment !== null && isWhole(environment);
  } catch {
    return false;
  }
}

/** The paths by which packages are placed in a directory; `prefix`: where it will be once it has its name. */
export function pathsWithin(paths: Paths, directory: string): Paths {
  return {
    ...paths,
    bin: join(directory, PARTS.bin),
    packages: join(directory, PARTS.packages),
    share: join(directory, PARTS.share),
    prefix: join(directory, PARTS.prefix),
    stateDatabase: join(directory, "state.db"),
    lockDatabase: join(directory, "lock.db"),
  };
}

/** The paths by which an environment is planned before its name is known; names are all of the same length. */
export function planningPaths(paths: Paths): Paths {
  return pathsWithin(paths, join(paths.pouredEnvironments, "0".repeat(NAME_LENGTHS.poured)));
}

/** A name beside the environment's own, that says which process is at work there. */
export function stagingPath(directory: string): string {
  return join(directory, "..", `.${basename(directory)}-${uniqueOwner()}`);
}

/** True for what a process that has ended left beside the environments. */
export function isAbandoned(name: string): boolean {
  const [, machine = "", pid = ""] = /^\.[0-9a-f]+-([0-9a-f]{8})-(\d+)-[0-9a-f]+$/.exec(name) ?? [];
  return machine === machineId() && hasEnded(machine, pid);
}
