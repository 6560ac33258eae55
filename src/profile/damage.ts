import { lstatSync } from "node:fs";
import { systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { applyChanges, type ChangeResult } from "./apply-changes.ts";
import { pathInside } from "./installation-paths.ts";
import { expectedLinks } from "./link-plan.ts";
import { leadsIntoPackages, leadsTo, ledTo, type PlacedLink } from "./link-text.ts";
import { isLinkWith, occupantOf } from "./links.ts";
import type { PlacementContext } from "./placement.ts";
import { linkPath, type Places, packagePath } from "./places.ts";
import { inOwnDirectory } from "./restore.ts";
import { isSymlink } from "./stage.ts";
import { findStored } from "./stored-installation.ts";
import { verifyCopies, verifyPrefix } from "./verify.ts";

/** What of an installation is not as it was placed; absolute paths. */
export interface Damage {
  /** Files and links that are gone, or are not what was placed. */
  readonly broken: readonly string[];
  /** Links in whose place somebody has put something else. */
  readonly replaced: readonly string[];
}

const MODE_BITS = 0o7777;

/**
 * Looks whether everything is there that was placed, without reading it: kind, size and mode of files, and where links lead.
 * What was written to a file without changing its size is found by verifyFiles() alone.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function damageOf(places: Places, installation: Installation): Damage {
  const directory = packagePath(places, installation.directory);
  const files = installation.files.filter((file) => !isAsPlaced(pathInside(directory, file.path), file));
  const links = expectedLinks(installation).map((link) => stateOfLink(places, link));
  return {
    broken: [
      ...verifyPrefix(places, installation).map(({ path }) => path),
      ...verifyCopies(places, installation).flatMap(({ path, state }) => (state === "ok" ? [] : [path])),
      ...files.map(({ path }) => pathInside(directory, path)),
      ...links.flatMap(({ path, state }) => (state === "broken" ? [path] : [])),
    ],
    replaced: links.flatMap(({ path, state }) => (state === "replaced" ? [path] : [])),
  };
}

function isAsPlaced(path: string, file: InstalledFile): boolean {
  try {
    if (isSymlink(file)) return isLinkWith(occupantOf(path), file.digest);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size === file.size && (stats.mode & MODE_BITS) === file.mode;
  } catch (error) {
    if (systemCode(error) === "ENOTDIR") return false;
    throw fileSystemError(error, `look at "${path}"`);
  }
}

function stateOfLink(
  places: Places,
  link: PlacedLink,
): { readonly path: string; readonly state: "ok" | "broken" | "replaced" } {
  const path = linkPath(places, link.path);
  const occupant = occupantOf(path);
  if (leadsTo(places, link, occupant)) return { path, state: "ok" };
  const isOurs = leadsIntoPackages(places, link.path, occupant) || ledTo(places, link, occupant);
  return { path, state: occupant.kind === "absent" || isOurs ? "broken" : "replaced" };
}

/**
 * Places an installation again as it is recorded, from the store, whose bytes are hashed first. The caller must hold the lock.
 *
 * @returns null when the store does not hold all of it, and nothing was changed
 * @throws {PkgError} INTERRUPTED, PERMISSION_DENIED, FILE_SYSTEM
 */
export async function repairFromStore(
  context: PlacementContext,
  installation: Installation,
  options: { readonly force: boolean; readonly signal: AbortSignal },
): Promise<ChangeResult | null> {
  if ((await findStored(context.blobs, installation, options.signal)) === null) return null;
  const draft = inOwnDirectory(installation);
  const change = { kind: "place", draft, replaced: installation, isInPlace: false } as const;
  return applyChanges(context, [change], options)[0] ?? null;
}
