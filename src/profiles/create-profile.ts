import { dirname } from "node:path";
import type { Capabilities } from "../capabilities/capabilities.ts";
import { openSystem, refuseReader } from "../capabilities/system.ts";
import type { Config } from "../config/config.ts";
import { pathsOf } from "../config/paths.ts";
import { checkProfileName, profileNames } from "../config/profile-names.ts";
import { PkgError } from "../errors.ts";
import { openDirectory, privateDirectory } from "../fs/directories.ts";
import { openDatabase } from "../state/database.ts";
import { readableCopies } from "../state/readable-copies.ts";

/** A profile that was made, or would be. */
export interface CreatedProfile {
  readonly dryRun: boolean;
  readonly name: string;
  /** Links to its programs. */
  readonly binDirectory: string;
  /** Where bottles are poured in it. */
  readonly prefix: string;
}

/**
 * Makes an empty profile.
 *
 * @param command as it was typed, told to whoever may only look
 * @throws {PkgError} USAGE for a name that cannot be one; PROFILE_EXISTS; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM
 */
export function createProfile(
  { config }: Pick<Capabilities, "config">,
  name: string,
  { dryRun, command }: { readonly dryRun: boolean; readonly command: string },
): CreatedProfile {
  if (profileNames(config.paths.namedProfiles).includes(checkProfileName(name))) throw isThere(name);
  const { bin, prefix } = pathsOf(config, name);
  if (!dryRun) make(config, name, command);
  return { dryRun, name, binDirectory: bin, prefix };
}

function make(config: Config, name: string, command: string): void {
  refuseReader(config, command);
  const paths = pathsOf(config, name);
  if (config.isSystem) openSystem(paths);
  privateDirectory(dirname(paths.stateDatabase));
  const publish = config.isSystem ? readableCopies([paths.stateDatabase, paths.sharedDatabase]) : () => {};
  openDirectory(paths.bin);
  // What makes it a profile is made last.
  openDatabase(paths.stateDatabase, { shared: paths.sharedDatabase }).close();
  publish();
}

function isThere(name: string): PkgError {
  return new PkgError("PROFILE_EXISTS", `Cannot create profile "${name}": it is there already`, {
    hint: `Use it with \`--profile ${name}\`, or choose another name`,
  });
}
