import { existsSync, renameSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError, systemCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { openDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Installations } from "../state/installations.ts";
import type { Cleanup, Intent, PackageCleanup, StagedInstall } from "../state/intent.ts";
import type { Journal } from "../state/journal.ts";
import { clearDirectory, type Kept, NOTHING_KEPT } from "./clear-directory.ts";
import { editedIn } from "./edited.ts";
import { pathInside, slug } from "./installation-paths.ts";
import {
  type LinkPlace,
  moveAsideAgain,
  removeDraft,
  removeLink,
  restoreLink,
  restoreRemovedLink,
  switchLink,
} from "./links.ts";
import { stage } from "./stage.ts";
import { linksInto, strayDirectories } from "./strays.ts";

export interface PlacementContext {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
  readonly journal: Journal;
  readonly installations: Installations;
  readonly blobs: Pick<BlobStore, "pathOf" | "reopen" | "remove">;
}

/**
 * Carries out a journalled intent, up to and including its record. It can be repeated after an interruption at any point.
 *
 * @throws {PackageFailure} when a package could not be staged
 */
export function applyIntent(context: PlacementContext, id: number, intent: Intent): Cleanup {
  for (const install of intent.installs) placeDirectory(context, install);
  const place = linkPlace(context, intent);
  for (const change of intent.links) switchLink(place, change);
  for (const removal of intent.unlinks) removeLink(place, removal);
  // What was moved aside comes back as it does when the change that moved it is undone.
  for (const change of intent.restores ?? []) restoreLink(place, change);
  syncLinks(context, intent);
  const cleanup = cleanupAfter(context, intent);
  recorded(() => context.journal.commit(id, intent, cleanup));
  return cleanup;
}

/** Thrown when one package of a unit could not be staged: without it, the others may still be placed. */
export class PackageFailure extends Error {
  readonly package: string;
  override readonly cause: PkgError;

  constructor(name: string, cause: PkgError) {
    super(`"${name}" could not be staged`);
    this.package = name;
    this.cause = cause;
  }
}

function placeDirectory(context: PlacementContext, install: StagedInstall): void {
  const { installation, staging } = install;
  const directory = pathInside(context.packagesDirectory, installation.directory);
  if (existsSync(directory)) return;
  try {
    stage(context.blobs, installation, pathInside(context.packagesDirectory, staging));
    publish(context, staging, directory);
  } catch (error) {
    throw error instanceof PkgError ? new PackageFailure(installation.name, error) : error;
  }
}

/** Thrown when recording failed: whether the record is durable is unknown until the database has been written again. */
export class RecordFailure extends Error {}

function recorded(commit: () => void): void {
  try {
    commit();
  } catch (error) {
    throw new RecordFailure("the change could not be recorded", { cause: error });
  }
}

function publish(context: PlacementContext, staging: string, directory: string): void {
  openDirectory(dirname(directory));
  guard(`rename to "${directory}"`, () => renameSync(pathInside(context.packagesDirectory, staging), directory));
  syncDirectory(dirname(directory));
  syncDirectory(context.packagesDirectory);
}

/** Restores the state before the intent. It can be repeated after an interruption at any point. */
export function undo(context: PlacementContext, intent: Intent): void {
  const place = linkPlace(context, intent);
  removeDraft(place);
  for (const change of intent.restores ?? []) moveAsideAgain(place, change);
  for (const change of intent.links.toReversed()) restoreLink(place, change);
  for (const removal of intent.unlinks) restoreRemovedLink(place, removal);
  syncLinks(context, intent);
  for (const install of intent.installs) {
    removeStaging(context, install);
    clearPackage(context, packageCleanup(install.installation, null));
  }
}

function syncLinks({ binDirectory }: PlacementContext, { links, unlinks, restores = [] }: Intent): void {
  if (links.length + unlinks.length + restores.length > 0) syncDirectory(binDirectory);
}

/** Removes what an interrupted run left in staging. */
export function removeStaging(context: PlacementContext, { staging }: StagedInstall): void {
  removeTree(pathInside(context.packagesDirectory, staging));
  syncDirectory(context.packagesDirectory);
}

/** What is kept of a package that was replaced or removed: absolute paths of what this program did not place. */
export type KeptFiles = ReadonlyMap<string, Kept>;

/**
 * Removes what is no longer needed, then ends the intent; returns what is kept, by the name of the package. It can be repeated
 * after an interruption at any point.
 */
export function cleanUp(context: PlacementContext, id: number, cleanup: Cleanup): KeptFiles {
  for (const directory of cleanup.directories) removePackageDirectory(context, directory, removeTree);
  const { packages = [] } = cleanup;
  const cleared = packages.map((item) => ({ ...item, ...clearPackage(context, item) }));
  const needed = neededDigests(context, id);
  for (const digest of cleanup.digests) if (!needed.has(digest)) context.blobs.remove(digest);
  const gone = cleanup.directories.map((directory) => ({ name: "", directory, isLeft: false }));
  context.journal.finish(id, [...gone, ...cleared.map((item) => ({ ...item, isLeft: item.left.length > 0 }))]);
  return keptByName(cleared);
}

function keptByName(cleared: readonly (Kept & { readonly name: string })[]): KeptFiles {
  const kept = new Map<string, Kept>();
  for (const { name, ...item } of cleared) kept.set(name, bothKept(kept.get(name) ?? NOTHING_KEPT, item));
  return kept;
}

function bothKept(one: Kept, other: Kept): Kept {
  return {
    moved: [...one.moved, ...other.moved],
    saved: [...one.saved, ...other.saved],
    left: [...one.left, ...other.left],
  };
}

/** What the unit leaves behind: packages that were removed, and versions that were replaced. */
function cleanupAfter(context: PlacementContext, { installs, removals }: Intent): Cleanup {
  const { installations } = context;
  const leftovers = installs.flatMap(({ installation: { name, directory: successor } }) =>
    installations.leftovers(name).map((directory) => ({ name, directory, files: [], successor })),
  );
  const adopted = installs.flatMap(({ installation, adopts = null }) =>
    adopts === null ? [] : [cleanupOf(context, { ...installation, directory: adopts }, installation.directory)],
  );
  const replaced = installs.flatMap(({ installation: { name, directory } }) => {
    const before = installations.get(name);
    return before === null ? [] : [{ before, successor: directory }];
  });
  const removed = removals.flatMap(({ name, purge }) => {
    const before = purge === true ? null : installations.get(name);
    return before === null ? [] : [{ before, successor: null }];
  });
  const purged = removals.filter(({ purge }) => purge === true);
  return {
    directories: purged.flatMap(({ name, directory }) => [directory, ...installations.leftovers(name)]),
    packages: [
      ...leftovers,
      ...adopted,
      ...[...replaced, ...removed].map(({ before, successor }) => cleanupOf(context, before, successor)),
    ],
    digests: [
      ...replaced.flatMap(({ before }) => before.files.map(({ digest }) => digest)),
      ...removals.flatMap(({ digests }) => digests),
    ],
  };
}

/** What is edited is decided once: later, what was moved and what was never there look the same. */
function cleanupOf(context: PlacementContext, installation: Installation, successor: string | null): PackageCleanup {
  return { ...packageCleanup(installation, successor), edited: editedIn(context, installation) };
}

function packageCleanup({ name, directory, files }: Installation, successor: string | null): PackageCleanup {
  return { name, directory, files: files.map(({ path }) => path), successor };
}

function clearPackage(context: PlacementContext, { directory, files, edited = [], successor }: PackageCleanup): Kept {
  let kept: Kept = NOTHING_KEPT;
  const to = successor === null ? null : pathInside(context.packagesDirectory, successor);
  removePackageDirectory(context, directory, (path) => {
    kept = clearDirectory({ directory: path, placed: files, edited, successor: to });
  });
  return kept;
}

function neededDigests({ installations, journal }: PlacementContext, id: number): ReadonlySet<string> {
  const pending = journal.open().filter((open) => open.id !== id && open.state === "open");
  const files = pending.flatMap(({ intent }) => intent.installs.flatMap(({ installation }) => installation.files));
  return new Set([...installations.referencedDigests(), ...files.map(({ digest }) => digest)]);
}

/**
 * Directories of packages that are not installed any more, kept for what is in them, and of those whose record was lost;
 * relative to the packages directory.
 */
export function leftDirectories({ installations, packagesDirectory }: PlacementContext, name: string) {
  const strays = strayDirectories(packagesDirectory, installations).filter((path) => dirname(path) === slug(name));
  return [...installations.leftovers(name), ...strays];
}

/** Removes these directories, with the links to them; it can be repeated. */
export function purgeLeft(context: PlacementContext, name: string): readonly string[] {
  const directories = leftDirectories(context, name);
  if (directories.length === 0) return [];
  const nothing = { installs: [], removals: [], renewals: [] };
  const unlinks = linksInto(context, directories);
  const intent: Intent = { ...nothing, links: [], unlinks, draft: ".pkg-purge" };
  const id = context.journal.begin(intent);
  for (const removal of unlinks) removeLink(linkPlace(context, intent), removal);
  syncLinks(context, intent);
  const cleanup: Cleanup = { directories, digests: [] };
  context.journal.commit(id, nothing, cleanup);
  cleanUp(context, id, cleanup);
  return directories.map((directory) => pathInside(context.packagesDirectory, directory));
}

/** After an interruption between removing a directory and ending the intent, the directory may be in use again. */
function removePackageDirectory(context: PlacementContext, directory: string, remove: (path: string) => void): void {
  if (context.installations.hasDirectory(directory)) return;
  const path = pathInside(context.packagesDirectory, directory);
  if (!existsSync(dirname(path))) return;
  remove(path);
  syncDirectory(dirname(path));
  if (removeEmptyDirectory(dirname(path))) syncDirectory(context.packagesDirectory);
}

function removeEmptyDirectory(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOTEMPTY" || systemCode(error) === "EEXIST") return false;
    throw fileSystemError(error, `remove "${path}"`);
  }
}

/** The bin directory, and the temporary name under which this intent makes new links. */
export function linkPlace({ binDirectory }: PlacementContext, { draft }: Pick<Intent, "draft">): LinkPlace {
  return { binDirectory, draft };
}

function guard(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
