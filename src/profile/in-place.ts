import { lstatSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Installation } from "../package/installation.ts";
import { exists, pathInside } from "./installation-paths.ts";
import { isLinkTo, occupantOf } from "./links.ts";
import type { PlacementContext } from "./placement.ts";
import { packagePath } from "./places.ts";
import { isSymlink, linkText } from "./stage.ts";
import { verifyLinks } from "./verify.ts";

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
  return filesHold && verifyLinks(context, replaced).every(({ state }) => state === "ok");
}

function placedParts({ version, files, links }: Installation): unknown {
  return { version, files: files.map(({ path, digest, mode }) => ({ path, digest, mode })), links };
}

function isSameLink(path: string, blob: string): boolean {
  return exists(blob) && isLinkTo(occupantOf(path), linkText(blob));
}

function isHardLink(path: string, blob: string, mode: number): boolean {
  const file = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  const other = lstatSync(blob, { throwIfNoEntry: false, bigint: true });
  if (file === undefined || other === undefined) return false;
  return file.ino === other.ino && file.dev === other.dev && Number(file.mode & 0o7777n) === mode;
}
