import { existsSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { linkOrCopy } from "../fs/atomic.ts";
import { newPrivateDirectory, setDirectoryMode } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { SYMLINK_MODE } from "../fs/modes.ts";
import { readLocalFileSync } from "../fs/read-file.ts";
import type { Installation, InstalledFile } from "../package/installation.ts";
import { pathInside } from "./installation-paths.ts";

const DIRECTORY_MODE = 0o755;

/**
 * Makes the directory `path`, which must not exist, with all files of an installation in it.
 *
 * @returns all directories of it, which the caller syncs
 * @throws {PkgError} STATE_CHANGED when the store no longer holds a file; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function stage(blobs: Pick<BlobStore, "pathOf">, installation: Installation, path: string): readonly string[] {
  guard(`make directory "${path}"`, () => newPrivateDirectory(path));
  const directories = parentsOf(installation.files).map((parent) => pathInside(path, parent));
  for (const directory of directories) guard(`make directory "${directory}"`, () => makeOpen(directory));
  const place = (file: InstalledFile) => placeOne(blobs, installation.name, { file, to: pathInside(path, file.path) });
  // Links come last, so that nothing is written through one.
  for (const file of installation.files) if (!isSymlink(file)) place(file);
  for (const file of installation.files) if (isSymlink(file)) place(file);
  guard(`open directory "${path}" to readers`, () => setDirectoryMode(path, DIRECTORY_MODE));
  return [...directories, path];
}

/** True for a file that is recorded as a symlink. */
export function isSymlink({ mode }: Pick<InstalledFile, "mode">): boolean {
  return mode === SYMLINK_MODE;
}

/** The target of a symlink, which is the content of its blob. */
export function symlinkTarget(blob: string): string {
  return readLocalFileSync(blob).toString("utf8");
}

/** A blob is looked for only where it could not be placed: of thousands, that would be a look at each. */
function placeOne(
  blobs: Pick<BlobStore, "pathOf">,
  name: string,
  { file, to }: { readonly file: InstalledFile; readonly to: string },
): void {
  const blob = blobs.pathOf(file.digest);
  try {
    placeFile(blob, to, file);
  } catch (error) {
    throw existsSync(blob) ? error : blobGone(name, file.digest);
  }
}

function placeFile(blob: string, place: string, file: InstalledFile): void {
  if (isSymlink(file)) guard(`place "${place}"`, () => symlinkSync(symlinkTarget(blob), place));
  else linkOrCopy(blob, place, file.mode);
}

/** The directories of the files, below the installation's own, parents first. */
function parentsOf(files: readonly InstalledFile[]): readonly string[] {
  const parents = new Set<string>();
  for (const { path } of files) {
    // Those above one that is known are known.
    for (let parent = dirname(path); parent !== "." && !parents.has(parent); parent = dirname(parent))
      parents.add(parent);
  }
  return [...parents].toSorted();
}

function makeOpen(directory: string): void {
  newPrivateDirectory(directory);
  // mkdir applies the umask, this does not.
  setDirectoryMode(directory, DIRECTORY_MODE);
}

function blobGone(name: string, digest: string): PkgError {
  return new PkgError(
    "STATE_CHANGED",
    `Cannot place "${name}": blob "${digest}" was removed from the store in the meantime`,
    { hint: "Run the command again" },
  );
}

function guard(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
