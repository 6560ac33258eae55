import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";

/** What decides where lock files may be: the user-wide one is beside the config, and each profile has its allowed projects. */
export type LockPlaces = Pick<Paths, "configFile" | "stateDatabase" | "sharedDatabase" | "namedProfiles">;

/** Where a profile keeps which projects may be used by the hooks of shells. */
export function allowances({ stateDatabase }: Pick<Paths, "stateDatabase">): string {
  return join(dirname(stateDatabase), "allowed");
}

/** The same of all profiles. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function allAllowances({ stateDatabase, sharedDatabase, namedProfiles }: LockPlaces): readonly string[] {
  const named = namesIn(namedProfiles).map((name) => join(namedProfiles, name, "state.db"));
  return [...new Set([stateDatabase, sharedDatabase, ...named])].map((path) => allowances({ stateDatabase: path }));
}

/** Whether any lock file may need something of the store, as far as can be seen without reading one; true where that cannot be seen. */
export function mayBeLocked(places: LockPlaces): boolean {
  const userWide = join(dirname(places.configFile), "packages.lock");
  try {
    return existsSync(userWide) || allAllowances(places).some((path) => existsSync(path));
  } catch (error) {
    if (error instanceof PkgError) return true;
    throw error;
  }
}

/** What is in a directory; nothing where there is none. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return [];
    throw fileSystemError(error, `list "${directory}"`);
  }
}
