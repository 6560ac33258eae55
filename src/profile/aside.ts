import { renameSync } from "node:fs";
import { dirname } from "node:path";
import { PkgError } from "../errors.ts";
import { openDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installation } from "../package/installation.ts";
import { isInPrefix } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { StagedInstall } from "../state/intent.ts";
import { clearDirectory } from "./clear-directory.ts";
import { exists, freeName, savedName } from "./installation-paths.ts";
import { occupantOf } from "./links.ts";
import { type Places, packagePath } from "./places.ts";

/**
 * Makes room for a directory that takes the place of one with the same path. It can be repeated after an interruption at any
 * point.
 *
 * @throws {PkgError} DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function moveAside(places: Places, { installation, aside }: StagedInstall): void {
  const directory = packagePath(places, installation.directory);
  if (aside === undefined || !exists(directory)) return;
  rename(directory, packagePath(places, aside));
  syncDirectory(dirname(packagePath(places, aside)));
}

/** Undoes `moveAside`, with what has been placed since. */
export function moveBack(places: Places, { installation, aside }: StagedInstall): void {
  const directory = packagePath(places, installation.directory);
  const former = aside === undefined ? null : packagePath(places, aside);
  if (former === null || !exists(former)) return;
  if (exists(directory)) {
    clearDirectory({ directory, placed: installation.files.map(({ path }) => path), successor: former });
  }
  // Somebody has written into it in the meantime, where the former one has something else.
  if (exists(directory)) rename(directory, `${dirname(directory)}/${freeName(dirname(directory), beside(directory))}`);
  openDirectory(dirname(directory));
  rename(former, directory);
  syncDirectory(dirname(directory));
  syncDirectory(dirname(former));
}

function beside(directory: string): string {
  return savedName(directory).slice(dirname(directory).length + 1);
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw fileSystemError(error, `rename "${from}" to "${to}"`);
  }
}

/**
 * True if the directory of a package has to make room for the one that is placed, which has the same path, as kegs have.
 *
 * @throws {PkgError} PATH_CONFLICT when it is of another package, or nothing that this program has placed
 */
export function needsAside(
  context: Places & { readonly installations: Pick<Installations, "nameAt"> },
  directory: string,
  replaced: Installation | null,
): boolean {
  const path = packagePath(context, directory);
  if (!isInPrefix(directory) || !exists(path)) return false;
  if (replaced?.directory === directory) return true;
  const owner = context.installations.nameAt(directory);
  if (owner !== null) throw directoryOf(path, owner);
  if (occupantOf(path).kind !== "directory") throw directoryTaken(path);
  return true;
}

function directoryOf(path: string, owner: string): PkgError {
  return new PkgError("PATH_CONFLICT", `Cannot place anything in "${path}": it is that of the package "${owner}"`, {
    hint: `A keg has one place, whichever repository it is from: run \`pkg remove ${owner}\` first, or use one repository for both`,
  });
}

/** The error for the directory of a keg, absolute, that is not free. */
export function directoryTaken(path: string): PkgError {
  return new PkgError("PATH_CONFLICT", `Cannot place anything in "${path}": something else is there`, {
    hint: "Move it away, or remove the package that has it, then run the command again",
  });
}
