import { dirname } from "node:path";
import type { Config } from "../config/config.ts";
import type { Paths } from "../config/paths.ts";
import { PkgError } from "../errors.ts";
import { openDirectory } from "../fs/directories.ts";

/**
 * Makes the directories that all users look into, open to them whatever the umask, before anything is written there.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function openSystem(paths: Paths): void {
  const { sharedDatabase, stateDatabase, configFile, bin, share, index } = paths;
  const deepest = [dirname(sharedDatabase), dirname(configFile), bin, share, index, dirname(stateDatabase)];
  for (const directory of deepest) for (const each of parentsOf(directory)) openDirectory(each);
}

/** A directory with all that it is in, from the root down. */
function parentsOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [] : [...parentsOf(parent), directory];
}

/**
 * Refuses a change of what is installed for all users by somebody who may only look at it.
 *
 * @param command as it was typed; null: it is not known
 * @throws {PkgError} PERMISSION_DENIED
 */
export function refuseReader({ isSystem, mayChange, paths }: Config, command: string | null): void {
  if (!isSystem || mayChange) return;
  const typed = command?.includes("--system") ? command : command?.replace(/^pkg/, "pkg --system");
  throw new PkgError(
    "PERMISSION_DENIED",
    `Cannot change what is in "${dirname(paths.sharedDatabase)}": only root may`,
    {
      hint: typed === undefined ? "Type it with `sudo`" : `Run \`sudo ${typed}\``,
    },
  );
}
