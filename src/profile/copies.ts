import { lstatSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeFile, renameToNew } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import { copyToNew } from "../fs/new-file.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import type { Installation } from "../package/installation.ts";
import type { CopiedFile, CopyChange } from "../state/intent.ts";
import { hashOfFile } from "./edited.ts";
import { isLinkWith, type LinkPlace, occupantOf } from "./links.ts";
import { linkPath } from "./places.ts";
import { isSymlink, symlinkTarget } from "./stage.ts";
import { makeParents } from "./tree-directories.ts";

/** Where copies are, and the store that they are made from. */
export interface CopyPlace extends LinkPlace {
  readonly blobs: Pick<BlobStore, "pathOf">;
}

/** What is at the path of a copy: nothing; what has a digest; or something else. */
export type CopyState = "absent" | "same" | "other";

/** Compares what is at an absolute path with a file of a package. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function copyState(path: string, digest: Digest): CopyState {
  const occupant = occupantOf(path);
  if (occupant.kind === "absent") return "absent";
  if (occupant.kind === "link") return isLinkWith(occupant, digest) ? "same" : "other";
  if (occupant.kind !== "file") return "other";
  return hashOfFile(path, digestAlgorithm(digest)) === digestHex(digest) ? "same" : "other";
}

/**
 * Makes, replaces or removes a copy. It can be repeated after an interruption at any point. What somebody has changed in the
 * meantime stays as it is. The caller syncs the directory.
 *
 * @throws {PkgError} PATH_CONFLICT, DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function makeCopy(place: CopyPlace, { path, next, previous }: CopyChange): void {
  change(place, path, { from: previous, to: next });
}

/** Undoes `makeCopy`, even if it was interrupted. */
export function undoCopy(place: CopyPlace, { path, next, previous }: CopyChange): void {
  change(place, path, { from: next, to: previous });
}

interface Transition {
  readonly from: CopiedFile | null;
  readonly to: CopiedFile | null;
}

function change(place: CopyPlace, path: string, { from, to }: Transition): void {
  const at = linkPath(place, path);
  if (to !== null && copyState(at, to.digest) === "same") return;
  const isFree = occupantOf(at).kind === "absent";
  if (!isFree && (from === null || copyState(at, from.digest) !== "same")) return;
  if (to === null) removeFile(at);
  else write(place, path, to);
}

function write(place: CopyPlace, path: string, file: CopiedFile): void {
  const at = linkPath(place, path);
  const draft = join(dirname(at), place.draft);
  makeParents(place, path, place.made);
  removeFile(draft);
  try {
    const blob = place.blobs.pathOf(file.digest);
    if (isSymlink(file)) symlinkSync(symlinkTarget(blob), draft);
    // It is there for its user to edit.
    else copyToNew(blob, draft, file.mode | OWNER_WRITES);
    if (lstatSync(at, { throwIfNoEntry: false }) === undefined) renameToNew(draft, at);
    else renameSync(draft, at);
  } catch (error) {
    removeFile(draft);
    if (systemCode(error) === "EEXIST") throw inTheWay(at);
    throw fileSystemError(error, `copy to "${at}"`);
  }
}

const OWNER_WRITES = 0o600;

function inTheWay(path: string): PkgError {
  return new PkgError("PATH_CONFLICT", `Cannot copy to "${path}": somebody else put something there in the meantime`, {
    hint: "Run the command again",
  });
}

/** What the copies of an installation were made from, by their places. */
export function copiedFiles({ files, links }: Installation): ReadonlyMap<string, CopiedFile> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return new Map(
    links.flatMap(({ path, target, kind }) => {
      const file = kind === "copy" ? byPath.get(target) : undefined;
      return file === undefined ? [] : [[path, { digest: file.digest, mode: file.mode }] as const];
    }),
  );
}
