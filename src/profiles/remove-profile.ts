import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { DEFAULT_PROFILE } from "../config/paths.ts";
import { knownProfile } from "../config/profile-names.ts";
import { PkgError } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { syncDirectory } from "../fs/directories.ts";
import { remove } from "../install/remove.ts";
import { removeIfEmpty } from "../profile/remove-if-empty.ts";
import { readableCopy } from "../state/picture.ts";

/** What `pkg profile remove` was asked for. */
export interface RemoveProfileRequest {
  readonly name: string;
  readonly dryRun: boolean;
  /** Whether what programs wrote goes too. */
  readonly purge: boolean;
}

/** A profile that was removed, or would be. */
export interface RemovedProfile {
  readonly dryRun: boolean;
  readonly name: string;
  /** The names of the packages that were installed in it. */
  readonly packages: readonly string[];
  /** Absolute paths of what was not placed there, and stays. */
  readonly left: readonly string[];
}

/** Finds out what would be removed. @throws {PkgError} USAGE for the default profile, or a name that none can have; PROFILE_UNKNOWN */
export function checkRemovable({ config }: Pick<Capabilities, "config">, name: string): string {
  if (knownProfile(config.paths.namedProfiles, name, false) !== DEFAULT_PROFILE) return name;
  throw new PkgError("USAGE", `Cannot remove profile "${name}": it is the one that is used when none is named`, {
    hint: "Remove its packages with `pkg remove NAME`",
  });
}

/**
 * Removes the packages of a profile as one unit, and then the profile itself: all that was placed, and nothing else.
 *
 * @param cap the capabilities of that profile
 * @throws {PkgError} the first error of a package that could not be removed, with which the profile stays; INTERRUPTED
 */
export async function removeProfile(cap: Capabilities, request: RemoveProfileRequest): Promise<RemovedProfile> {
  const { name, dryRun, purge } = request;
  const { installations, profile } = await cap.records();
  const packages = installations.needs().map((item) => item.name);
  const root = dirname(cap.config.paths.stateDatabase);
  const prefix = installations.prefix();
  const stays = (word: string) => profile.kept(installations.get(word) ?? neverInstalled(word));
  if (dryRun) return { dryRun, name, packages, left: purge ? [] : packages.flatMap(stays) };
  // What stays is told at the end, when there is no profile any more.
  const { errors } = await remove(
    { ...cap, emit: () => {} },
    {
      ...{ names: packages, directory: root, dryRun, purge },
      ...{ keepDependencies: false, force: true },
    },
  );
  const [first] = errors;
  if (first !== undefined) throw first;
  const { withLock } = await cap.state({ freesRoom: true });
  await withLock(() => removeRecord(cap.config.paths));
  const places = prefix === null ? [root] : [root, prefix];
  if (purge) for (const place of places) removeTree(place);
  const left = purge ? [] : places.flatMap(leftIn);
  syncDirectory(dirname(root));
  return { dryRun, name, packages, left };
}

/** Without its record, a directory is no profile any more. */
function removeRecord({ stateDatabase, lockDatabase }: Capabilities["config"]["paths"]): void {
  const state = [stateDatabase, readableCopy(stateDatabase)];
  const beside = ["", "-wal", "-shm", ".reserve"];
  for (const path of [...state.flatMap((file) => beside.map((end) => `${file}${end}`)), lockDatabase]) {
    rmSync(path, { force: true });
  }
}

function neverInstalled(word: string): never {
  throw new Error(`"${word}" is not installed`);
}

/** Removes the directories that are empty now; returns the files that are in the others. */
function leftIn(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  for (const name of ["bin", "share", "packages"]) removeIfEmpty(join(root, name));
  if (removeIfEmpty(root)) return [];
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
