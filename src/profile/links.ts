import { linkSync, lstatSync, readlinkSync, renameSync, type Stats, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashHex } from "../base/hashes.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeFile, replaceSymlink } from "../fs/atomic.ts";
import { syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import { type Digest, digestAlgorithm, digestHex } from "../oci/digest.ts";
import { isInTree } from "../package/place.ts";
import type { Intent, LinkChange, LinkRemoval } from "../state/intent.ts";
import { exists } from "./installation-paths.ts";
import { linkPath, type Places } from "./places.ts";
import { makeParents } from "./tree-directories.ts";

/** What is at the path of a link. */
export type Occupant =
  | { readonly kind: "absent" }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "file" }
  | { readonly kind: "directory" }
  | { readonly kind: "device" };

/** Looks at a path, without following a link there. @throws {PkgError} PERMISSION_DENIED, FILE_SYSTEM */
export function occupantOf(path: string): Occupant {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { kind: "absent" };
    return stats.isSymbolicLink() ? { kind: "link", target: readlinkSync(path) } : { kind: kindOf(stats) };
  } catch (error) {
    // A file is where the path has a directory.
    if (systemCode(error) === "ENOTDIR") return { kind: "absent" };
    throw fileSystemError(error, `look at "${path}"`);
  }
}

function kindOf(stats: Stats): "file" | "directory" | "device" {
  if (stats.isFile()) return "file";
  return stats.isDirectory() ? "directory" : "device";
}

const NOTHING: Occupant = { kind: "absent" };

/**
 * What is at paths while a unit is planned: each is looked at once, and not at all where its directory is missing. Whoever makes a
 * link there looks again.
 */
export class Looks {
  readonly #found = new Map<string, Occupant>();
  /** Directories, and whether they are missing. */
  readonly #missing = new Map<string, boolean>();

  /** @throws {PkgError} as occupantOf */
  at(path: string): Occupant {
    const known = this.#found.get(path);
    if (known !== undefined) return known;
    const found = this.#isMissing(dirname(path)) ? NOTHING : occupantOf(path);
    this.#found.set(path, found);
    return found;
  }

  #isMissing(directory: string): boolean {
    const known = this.#missing.get(directory);
    if (known !== undefined) return known;
    const isMissing = isNothingAt(directory);
    this.#missing.set(directory, isMissing);
    return isMissing;
  }
}

/** False where it cannot be told: a look at what is in it says why. */
function isNothingAt(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** The places, and the temporary name under which new links are made before they are renamed into place. */
export interface LinkPlace extends Places {
  readonly draft: string;
  /** Directories in the prefix and the data directory that are known to be there. */
  readonly made: Set<string>;
}

/**
 * Makes a link as `change` says. It can be repeated after an interruption at any point. The caller syncs the directory.
 *
 * @throws {PkgError} PATH_CONFLICT when the path holds neither what it held when the change was planned nor the new
 * link; DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM
 */
export function switchLink(place: LinkPlace, change: LinkChange): void {
  const path = linkPath(place, change.path);
  if (isNew(change) && isParentMade(place, change.path, path) && isMade(change.target, path)) return;
  if (change.saved !== null) moveAside(place, change);
  const found = occupantOf(path);
  if (isLinkTo(found, change.target)) return;
  // On a free path the link is made directly: unlike a rename, that cannot replace a file that appears in the meantime.
  if (found.kind === "absent") makeLink(place, change.path, change.target);
  else if (isPlanned(place, change, found)) replaceSymlink(change.target, path, draftPath(place, change.path));
  else throw conflict(path);
}

/** True for a link to where nothing was. */
function isNew({ previous, saved }: LinkChange): boolean {
  return previous === null && saved === null;
}

function isParentMade({ made }: LinkPlace, link: string, path: string): boolean {
  return !isInTree(link) || made.has(dirname(path));
}

/** Makes a link without a look at the path; false when something is there, or the directory is gone. */
function isMade(target: string, path: string): boolean {
  try {
    symlinkSync(target, path);
    return true;
  } catch (error) {
    if (["EEXIST", "ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return false;
    throw fileSystemError(error, `link "${path}"`);
  }
}

function isPlanned(place: LinkPlace, change: LinkChange, found: Occupant): boolean {
  if (change.previous !== null && isLinkTo(found, change.previous)) return true;
  return change.saved !== null && isSameFile(place, change.path, change.saved);
}

/** Gives a file in the way a second name, so that its path is never empty; renames it where hard links are impossible. */
function moveAside(place: LinkPlace, change: LinkChange & { readonly saved: string | null }): void {
  const path = linkPath(place, change.path);
  const saved = linkPath(place, change.saved ?? change.path);
  const found = occupantOf(path);
  if (found.kind === "absent" || isLinkTo(found, change.target) || exists(saved)) return;
  try {
    linkOrRename(path, saved);
    syncDirectory(dirname(path));
  } catch (error) {
    throw fileSystemError(error, `move "${path}" aside`);
  }
}

function linkOrRename(path: string, saved: string): void {
  try {
    linkSync(path, saved);
  } catch (error) {
    if (!["EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"].includes(systemCode(error) ?? "")) throw error;
    renameSync(path, saved);
  }
}

/** Undoes `switchLink`, even if it was interrupted. A link that somebody has changed since is left alone. */
export function restoreLink(place: LinkPlace, change: LinkChange): void {
  const path = linkPath(place, change.path);
  const found = occupantOf(path);
  const isOurs = isLinkTo(found, change.target);
  if (change.saved !== null && exists(linkPath(place, change.saved))) {
    if (isSameFile(place, change.path, change.saved)) removeFile(linkPath(place, change.saved));
    else if (isOurs || found.kind === "absent") rename(linkPath(place, change.saved), path);
  } else if (isOurs && change.previous !== null) {
    replaceSymlink(change.previous, path, draftPath(place, change.path));
  } else if (isOurs) {
    removeFile(path);
  }
}

/** Undoes that something came back: it gets the name again that it had aside, and the link its place. */
export function moveAsideAgain(place: LinkPlace, change: LinkChange): void {
  const isAside = change.saved !== null && exists(linkPath(place, change.saved));
  if (!isAside || isSameFile(place, change.path, change.saved ?? change.path)) switchLink(place, change);
}

/** Removes a link; returns false if it points elsewhere by now, and leaves it. */
export function removeLink(places: LinkPlace, { path, previous }: LinkRemoval): boolean {
  const place = linkPath(places, path);
  const found = occupantOf(place);
  if (isLinkTo(found, previous)) removeFile(place);
  return found.kind === "absent" || isLinkTo(found, previous);
}

/** Undoes `removeLink`. */
export function restoreRemovedLink(places: LinkPlace, { path, previous }: LinkRemoval): void {
  if (occupantOf(linkPath(places, path)).kind === "absent") makeLink(places, path, previous);
}

/** Removes the drafts left by a process that was killed between making a link or a copy and renaming it. */
export function removeDrafts(place: LinkPlace, { links, restores = [], copies = [] }: Intent): void {
  const paths = [...links, ...restores, ...copies].map(({ path }) => draftPath(place, path));
  for (const path of new Set([draftPath(place, ""), ...paths])) {
    if (occupantOf(path).kind !== "absent") removeFile(path);
  }
}

/** True for a symlink with exactly this text. */
export function isLinkTo(occupant: Occupant, target: string): boolean {
  return occupant.kind === "link" && occupant.target === target;
}

/** True for a symlink whose text has this digest. */
export function isLinkWith(occupant: Occupant, digest: Digest): boolean {
  return (
    occupant.kind === "link" && hashHex(digestAlgorithm(digest), Buffer.from(occupant.target)) === digestHex(digest)
  );
}

/** True for two names of one file: renaming one to the other does nothing, so they need to be recognised. */
function isSameFile(place: LinkPlace, one: string, other: string): boolean {
  const [first, second] = [one, other].map((name) =>
    lstatSync(linkPath(place, name), { throwIfNoEntry: false, bigint: true }),
  );
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}

/** In the directory of the link. */
function draftPath(place: LinkPlace, link: string): string {
  return isInTree(link) ? join(dirname(linkPath(place, link)), place.draft) : linkPath(place, place.draft);
}

function makeLink(place: LinkPlace, link: string, target: string): void {
  const path = linkPath(place, link);
  makeParents(place, link, place.made);
  try {
    symlinkSync(target, path);
  } catch (error) {
    throw systemCode(error) === "EEXIST" ? conflict(path) : fileSystemError(error, `link "${path}"`);
  }
}

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    throw fileSystemError(error, `rename "${from}" to "${to}"`);
  }
}

function conflict(path: string): PkgError {
  return new PkgError("PATH_CONFLICT", `Cannot link "${path}": somebody else put something there in the meantime`, {
    hint: "Run the command again",
  });
}
