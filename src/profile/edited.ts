import { constants, lstatSync, type Stats } from "node:fs";
import { createMultiHash, type HashAlgorithm } from "../base/hashes.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { hasCode, systemCode } from "../errors.ts";
import { fileSystemError } from "../fs/errors.ts";
import { readInPieces } from "../fs/read-file.ts";
import { digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { pathInside } from "./installation-paths.ts";
import { isLinkWith, occupantOf } from "./links.ts";
import { type Places, packagePath } from "./places.ts";
import { isSymlink } from "./stage.ts";

/** Where to look for what was placed, and the store that it was placed from. */
export interface EditedContext extends Places {
  readonly blobs: Pick<BlobStore, "pathOf">;
}

/** What was placed in the directory of a package. */
export type PlacedFiles = Pick<Installation, "directory" | "files" | "installedAt">;

/**
 * The files of an installation that hold something else than what was placed, as somebody has edited or replaced them: paths
 * relative to its directory. What is gone, or has another mode alone, is not among them.
 *
 * Only what may have been edited is read: a file that is one with its blob and is older than the installation is not.
 *
 * @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM
 */
export function editedIn(context: EditedContext, { directory, files, installedAt }: PlacedFiles): readonly string[] {
  const root = packagePath(context, directory);
  if (isReplaced(root)) return [""];
  const placedMs = Date.parse(installedAt);
  const isEdited = (file: InstalledFile): boolean => {
    const path = pathInside(root, file.path);
    const stats = statsOf(path);
    if (stats === null || stats.isDirectory()) return false;
    if (isSymlink(file)) return !isLinkWith(occupantOf(path), file.digest);
    if (!stats.isFile() || stats.size !== file.size) return true;
    const isUntouched = stats.mtimeMs <= placedMs && isSameInode(stats, context.blobs.pathOf(file.digest));
    return !isUntouched && !holds(path, file);
  };
  return files.filter(isEdited).map(({ path }) => path);
}

/** Whether somebody has put something else into the place of the directory; a link may lead to where they have moved it. */
function isReplaced(root: string): boolean {
  const stats = statsOf(root);
  return stats !== null && !stats.isDirectory() && !stats.isSymbolicLink();
}

function statsOf(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    // What was a directory on the way to it is something else, which is kept as a whole.
    if (systemCode(error) === "ENOTDIR") return null;
    throw fileSystemError(error, `look at "${path}"`);
  }
}

function isSameInode({ ino, dev }: Stats, blob: string): boolean {
  try {
    const other = statsOf(blob);
    return other?.ino === ino && other.dev === dev;
  } catch (error) {
    // The store of all users is closed to those who may only read what is installed.
    if (hasCode(error, "PERMISSION_DENIED")) return false;
    throw error;
  }
}

/** False also for what cannot be read: nobody knows what would be lost. */
function holds(path: string, { digest }: InstalledFile): boolean {
  return hashOfFile(path, digestAlgorithm(digest)) === digestHex(digest);
}

/** Lower-case hex; null for what cannot be read. @throws {PkgError} FILE_SYSTEM */
export function hashOfFile(path: string, algorithm: HashAlgorithm): string | null {
  const hash = createMultiHash([algorithm]);
  try {
    readInPieces(path, constants.O_NOFOLLOW, (piece) => hash.update(piece));
  } catch (error) {
    if (["EACCES", "EPERM", "ELOOP", "ENXIO"].includes(systemCode(error) ?? "")) return null;
    throw fileSystemError(error, `read "${path}"`);
  }
  return hash.digest()[algorithm] ?? null;
}
