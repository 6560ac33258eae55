import { dirname } from "node:path";
import { PkgError } from "../errors.ts";
import { isInPrefix, kegDirectory } from "../package/place.ts";
import type { Cleanup, Intent } from "../state/intent.ts";
import { NOTHING_KEPT } from "./clear-directory.ts";
import { slug } from "./installation-paths.ts";
import { removeLink } from "./links.ts";
import { purgeOf } from "./package-cleanup.ts";
import { cleanUp, linkPlace, type PlacementContext } from "./placement.ts";
import { packagePath } from "./places.ts";
import { linksInto, strayDirectories } from "./strays.ts";
import { pruneParents, syncParents } from "./tree-directories.ts";

/**
 * Directories of packages that are not installed any more, kept for what is in them, and of those whose record was lost;
 * as in `Installation.directory`.
 */
export function leftDirectories(context: PlacementContext, name: string): readonly string[] {
  const { installations } = context;
  const strays = strayDirectories(context, installations).filter((path) => isOfName(path, name));
  return [...installations.leftovers(name), ...strays];
}

function isOfName(directory: string, name: string): boolean {
  return dirname(directory) === (isInPrefix(directory) ? dirname(kegDirectory(name, "1")) : slug(name));
}

/** Removes these directories, with the links to them; it can be repeated. */
export function purgeLeft(context: PlacementContext, name: string): readonly string[] {
  const directories = leftDirectories(context, name);
  if (directories.length === 0) return [];
  const nothing = { installs: [], removals: [], renewals: [] };
  const unlinks = linksInto(context, directories);
  const intent: Intent = { ...nothing, links: [], unlinks, draft: ".pkg-purge", prefix: context.prefixDirectory };
  const id = context.journal.begin(intent);
  for (const removal of unlinks) removeLink(linkPlace(context, intent), removal);
  const pruned = pruneParents(context, intent, context.installations.madeDirectories());
  syncParents(context, intent);
  const cleanup: Cleanup = { directories: [], packages: purgeOf(name, directories), digests: [] };
  context.journal.commit(id, { ...nothing, pruned }, cleanup);
  const { left } = cleanUp(context, id, cleanup).get(name) ?? NOTHING_KEPT;
  if (left.length > 0) throw notPurged(left);
  return directories.map((directory) => packagePath(context, directory));
}

/** What `remove --purge` says of directories that it could not remove; absolute paths. */
export function notPurged(paths: readonly string[]): PkgError {
  const list = paths.map((path) => `"${path}"`).join(", ");
  return new PkgError(
    "PERMISSION_DENIED",
    `Cannot remove ${list}: something in it is closed, or belongs to another user`,
    {
      hint: "Open it with `chmod -R u+rwx PATH` if it is yours; otherwise remove it as the user whose it is",
    },
  );
}
