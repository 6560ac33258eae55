import { lstatSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Installation, InstalledLink } from "../package/installation.ts";
import { isInTree } from "../package/place.ts";
import { exists, pathInside } from "./installation-paths.ts";
import { isLinkTo, occupantOf } from "./links.ts";
import type { PlacementContext } from "./placement.ts";
import { linkPath, packagePath } from "./places.ts";
import { isSymlink, symlinkTarget } from "./stage.ts";
import { canHold, parentsOf } from "./tree-directories.ts";
import { BESIDE } from "./tree-links.ts";
import { verifyCopies, verifyLinks } from "./verify.ts";

/** True if files, links and bytes are the same; a hard link to a blob that was just verified needs no second hash. */
export function isInPlace(
  context: PlacementContext,
  replaced: Installation | null,
  wanted: Installation,
): replaced is Installation {
  if (replaced === null || !isDeepStrictEqual(placedParts(replaced), placedParts(wanted))) return false;
  const directory = packagePath(context, replaced.directory);
  const filesHold = replaced.files.every((file) => {
    const [path, blob] = [pathInside(directory, file.path), context.blobs.pathOf(file.digest)];
    return isSymlink(file) ? isSameLink(path, blob) : isHardLink(path, blob, file.mode);
  });
  if (wanted.links.some((link) => isFreeAgain(context, replaced, link))) return false;
  const links = filesHold ? [...verifyLinks(context, replaced), ...verifyCopies(context, replaced)] : [];
  return filesHold && links.every(({ state }) => state === "ok");
}

/** True for a link that could not be made, as something was in its place, and can be made now. */
function isFreeAgain(context: PlacementContext, { taken }: Installation, { path }: InstalledLink): boolean {
  if (!isInTree(path) || !taken.some((link) => link.path === path)) return false;
  const parents = parentsOf(path).toReversed();
  return parents.every((parent) => canHold(context, parent)) && !exists(linkPath(context, path));
}

/** Links that others have count as well: they stay with those. A copy beside one that was edited is no part of the package. */
function placedParts({ version, files, links, taken }: Installation): unknown {
  const own = [...links, ...taken].filter(({ path, kind }) => kind === "link" || !path.endsWith(BESIDE));
  const byPath = own.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { version, files: files.map(({ path, digest, mode }) => ({ path, digest, mode })), links: byPath };
}

function isSameLink(path: string, blob: string): boolean {
  return exists(blob) && isLinkTo(occupantOf(path), symlinkTarget(blob));
}

function isHardLink(path: string, blob: string, mode: number): boolean {
  const file = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  const other = lstatSync(blob, { throwIfNoEntry: false, bigint: true });
  if (file === undefined || other === undefined) return false;
  return file.ino === other.ino && file.dev === other.dev && Number(file.mode & 0o7777n) === mode;
}
