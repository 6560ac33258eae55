import type { Cleanup, Intent, PackageCleanup } from "../state/intent.ts";
import { exists } from "./installation-paths.ts";
import { busyAmong, isCopy } from "./package-cleanup.ts";
import { cleanUp, type PlacementContext } from "./placement.ts";
import { packagePath } from "./places.ts";
import { storedIn } from "./stored-content.ts";

/** Directories of versions that were kept since a process ran something in them, and that none does any more; absolute paths. */
export function oldVersions(context: PlacementContext): readonly string[] {
  return cleanups(context).map(({ directory }) => packagePath(context, directory));
}

/**
 * Removes what was placed in them; what else is there stays. It can be repeated.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM; those of the database
 */
export function clearOldVersions(context: PlacementContext): readonly string[] {
  const packages = cleanups(context);
  if (packages.length === 0) return [];
  const nothing = { installs: [], removals: [], renewals: [] };
  const intent: Intent = { ...nothing, links: [], unlinks: [], draft: ".pkg-clean", prefix: context.prefixDirectory };
  const id = context.journal.begin(intent);
  const cleanup: Cleanup = { directories: [], packages, digests: [] };
  context.journal.commit(id, nothing, cleanup);
  cleanUp(context, id, cleanup);
  return packages.map(({ directory }) => packagePath(context, directory));
}

function cleanups(context: PlacementContext): readonly PackageCleanup[] {
  const { installations } = context;
  const there = installations.leftovers().filter((place) => !isCopy(place) && exists(packagePath(context, place)));
  const all = there.map((directory) => {
    const name = installations.leftoverOf(directory) ?? "";
    return { name, directory, files: storedIn(context, directory), successor: null };
  });
  const placed = all.filter(({ files }) => files.length > 0);
  const busy = busyAmong(context, placed);
  return placed.filter(({ directory }) => !busy.has(packagePath(context, directory)));
}
