import { isDeepStrictEqual } from "node:util";
import type { Installation } from "../package/installation.ts";
import { isInPrefix } from "../package/place.ts";
import type { DraftedChange } from "./change-plan.ts";
import { editedIn } from "./edited.ts";
import { exists, packageDirectory, pathInside } from "./installation-paths.ts";
import type { PlacementContext } from "./placement.ts";
import { packagePath } from "./places.ts";
import type { StoredInstallation } from "./stored-installation.ts";

/** What brings back an installation as it was recorded; where its files are in place, its record and its links alone. */
export function draftRestore(context: PlacementContext, { installation }: StoredInstallation): DraftedChange {
  const replaced = context.installations.get(installation.name);
  if (replaced !== null && isSameContent(context, replaced, installation)) {
    return { kind: "mark", draft: { ...installation, directory: replaced.directory }, replaced, isRestored: true };
  }
  return { kind: "place", draft: inOwnDirectory(installation), replaced, isInPlace: false, isRestored: true };
}

/** An installation that is to be placed anew: a keg has the same directory each time. */
export function inOwnDirectory(installation: Installation): Installation {
  const { name, version, programDigest, directory } = installation;
  if (isInPrefix(directory)) return installation;
  return { ...installation, directory: packageDirectory(name, version, programDigest) };
}

function isSameContent(context: PlacementContext, replaced: Installation, wanted: Installation): boolean {
  if (replaced.version !== wanted.version || !isDeepStrictEqual(replaced.files, wanted.files)) return false;
  const directory = packagePath(context, replaced.directory);
  const isWhole = replaced.files.every(({ path }) => exists(pathInside(directory, path)));
  return isWhole && editedIn(context, replaced).length === 0;
}

/** False for a keg that was poured for another prefix, which its files name: it cannot be placed in the one of now. */
export function fitsPrefix(
  { installations, configuredPrefix }: Pick<PlacementContext, "installations" | "configuredPrefix">,
  { keg }: Installation,
): boolean {
  return keg === null || keg.prefix === (installations.prefix() ?? configuredPrefix);
}
