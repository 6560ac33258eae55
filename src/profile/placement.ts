import { renameSync } from "node:fs";
import { dirname } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { openDirectory, syncDirectory } from "../fs/directories.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Digest } from "../oci/digest.ts";
import { isInPrefix } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { ChangeOrigin, Cleanup, Intent, PackageCleanup, StagedInstall } from "../state/intent.ts";
import type { Journal } from "../state/journal.ts";
import { moveAside, moveBack } from "./aside.ts";
import { type Kept, NOTHING_KEPT } from "./clear-directory.ts";
import { type CopyPlace, makeCopy, undoCopy } from "./copies.ts";
import { exists } from "./installation-paths.ts";
import { moveAsideAgain, removeDrafts, removeLink, restoreLink, restoreRemovedLink, switchLink } from "./links.ts";
import {
  busyAmong,
  cleanupAfter,
  clearPackage,
  type KeptByName,
  keptByName,
  packageCleanup,
  removePackageDirectory,
} from "./package-cleanup.ts";
import { type Places, packagePath, packageRoot } from "./places.ts";
import { claimPrefix, currentPrefix, releasePrefix } from "./prefix-owner.ts";
import { stage } from "./stage.ts";
import { pruneParents, syncParents } from "./tree-directories.ts";

export interface PlacementContext extends Places {
  readonly journal: Journal;
  readonly installations: Installations;
  /** Where the config would have bottles poured now. */
  readonly configuredPrefix: string;
  readonly blobs: Pick<BlobStore, "pathOf" | "reopen" | "remove">;
  readonly origin: () => RunOrigin;
  /** As in CleanupContext. */
  readonly inUse?: (directories: readonly string[]) => ReadonlySet<string>;
}

/** The run of the program that changes a profile. */
export type RunOrigin = Omit<ChangeOrigin, "stateOf">;

/**
 * Carries out a journalled intent, up to and including its record. It can be repeated after an interruption at any point.
 *
 * @throws {PackageFailure} when a package could not be staged
 */
export function applyIntent(context: PlacementContext, id: number, intent: Intent): Cleanup {
  if (intent.installs.some(({ staging }) => isInPrefix(staging))) takePrefix(context);
  placeDirectories(context, intent.installs);
  const place = linkPlace(context, intent);
  for (const change of intent.links) switchLink(place, change);
  for (const change of intent.copies ?? []) makeCopy(place, change);
  for (const removal of intent.unlinks) removeLink(place, removal);
  // What was moved aside comes back as it does when the change that moved it is undone.
  for (const change of intent.restores ?? []) restoreLink(place, change);
  const pruned = pruneParents(context, intent, context.installations.madeDirectories());
  syncParents(context, intent);
  const cleanup = cleanupAfter(context, intent);
  recorded(() => context.journal.commit(id, { ...intent, pruned }, cleanup));
  return cleanup;
}

function takePrefix({ prefixDirectory, stateDatabase }: PlacementContext): void {
  openDirectory(prefixDirectory);
  claimPrefix(prefixDirectory, stateDatabase);
}

/** Once nothing in the prefix is recorded any more, it is nobody's. */
function leavePrefix({ installations, prefixDirectory, stateDatabase }: PlacementContext, wasUsed: boolean): void {
  if (wasUsed && installations.prefix() === null) releasePrefix(prefixDirectory, stateDatabase);
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

/**
 * Stages all packages, then makes that durable, then renames all into place and makes that durable, before any link leads there: of
 * directories that were changed one after the other, most file systems write all changes when the first is synced.
 */
function placeDirectories(context: PlacementContext, installs: readonly StagedInstall[]): void {
  const missing = installs.filter((install) => !isPlaced(context, install));
  const each = (work: (install: StagedInstall) => void) => {
    for (const install of missing) attributed(install, () => work(install));
  };
  const staged = new Map<StagedInstall, readonly string[]>();
  each((install) => staged.set(install, stageOne(context, install)));
  each((install) => syncAll(staged.get(install) ?? []));
  const entered = new Map<StagedInstall, readonly string[]>();
  each((install) => {
    moveAside(context, install);
    entered.set(install, publish(context, install));
  });
  const synced = new Set<string>();
  each((install) => syncAll(entered.get(install) ?? [], synced));
}

function stageOne(context: PlacementContext, { installation, staging }: StagedInstall): readonly string[] {
  openDirectory(packageRoot(context, staging));
  return stage(context.blobs, installation, packagePath(context, staging));
}

/** @param synced those that are synced already */
function syncAll(directories: readonly string[], synced = new Set<string>()): void {
  for (const directory of directories) {
    if (!synced.has(directory)) syncDirectory(directory);
    synced.add(directory);
  }
}

function attributed({ installation }: StagedInstall, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof PkgError ? new PackageFailure(installation.name, error) : error;
  }
}

/** True when the directory of a package is the one that the change places. */
export function isPlaced(context: Places, { installation, aside }: StagedInstall): boolean {
  const isThere = exists(packagePath(context, installation.directory));
  return isThere && (aside === undefined || exists(packagePath(context, aside)));
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

/** @returns the directories with other entries than before */
function publish(context: PlacementContext, { installation, staging }: StagedInstall): readonly string[] {
  const directory = packagePath(context, installation.directory);
  const changed = [dirname(directory), packageRoot(context, staging)];
  const onEntry = (path: string) => changed.push(path);
  // Each is open to all, whatever the umask: the one of all versions, and the one of all packages.
  openDirectory(dirname(dirname(directory)), onEntry);
  openDirectory(dirname(directory), onEntry);
  guard(`rename to "${directory}"`, () => renameSync(packagePath(context, staging), directory));
  return changed;
}

/** Restores the state before the intent. It can be repeated after an interruption at any point. */
export function undo(context: PlacementContext, intent: Intent): void {
  const place = linkPlace(context, intent);
  removeDrafts(place, intent);
  for (const change of intent.restores ?? []) moveAsideAgain(place, change);
  for (const change of (intent.copies ?? []).toReversed()) undoCopy(place, change);
  for (const change of intent.links.toReversed()) restoreLink(place, change);
  for (const removal of intent.unlinks) restoreRemovedLink(place, removal);
  for (const install of intent.installs) {
    removeStaging(context, install);
    if (install.aside === undefined) clearPackage(context, packageCleanup(install.installation, null));
    else moveBack(context, install);
  }
  pruneParents(context, intent, context.installations.madeDirectories());
  syncParents(context, intent);
  leavePrefix(context, intent.prefix !== undefined);
}

/** Removes what an interrupted run left in staging. */
export function removeStaging(context: PlacementContext, { staging }: StagedInstall): void {
  const root = packageRoot(context, staging);
  if (!exists(root)) return;
  removeTree(packagePath(context, staging));
  syncDirectory(root);
}

/**
 * Removes what is no longer needed, then ends the intent; returns what is kept, by the name of the package. It can be repeated
 * after an interruption at any point.
 */
export function cleanUp(context: PlacementContext, id: number, cleanup: Cleanup): KeptByName {
  for (const directory of cleanup.directories) removePackageDirectory(context, directory, removeTree);
  const { packages = [], left = [] } = cleanup;
  const busy = busyAmong(context, packages);
  const cleared = packages.map((item): PackageCleanup & Kept => {
    const path = packagePath(context, item.directory);
    return { ...item, ...(busy.has(path) ? { ...NOTHING_KEPT, inUse: [path] } : clearPackage(context, item)) };
  });
  if (cleanup.digests.length > 0) removeBlobs(context, id, cleanup.digests);
  leavePrefix(
    context,
    packages.some(({ directory }) => isInPrefix(directory)),
  );
  const gone = cleanup.directories.map((directory) => ({ name: "", directory, isLeft: false }));
  const ended = cleared.map((item) => ({ ...item, isLeft: item.left.length > 0 || item.inUse !== undefined }));
  context.journal.finish(id, [...gone, ...ended, ...left.map((copy) => ({ ...copy, isLeft: true }))]);
  return keptByName(cleared);
}

/** What is needed is asked only where something could go: all files of all packages are read for it. */
function removeBlobs(context: PlacementContext, id: number, digests: readonly Digest[]): void {
  const needed = neededDigests(context, id);
  for (const digest of digests) if (!needed.has(digest)) context.blobs.remove(digest);
}

function neededDigests({ installations, journal }: PlacementContext, id: number): ReadonlySet<string> {
  const pending = journal.open().filter((open) => open.id !== id && open.state === "open");
  const files = pending.flatMap(({ intent }) => intent.installs.flatMap(({ installation }) => installation.files));
  return new Set([...installations.referencedDigests(), ...files.map(({ digest }) => digest)]);
}

/** The places, and the temporary name under which this intent makes new links. */
export function linkPlace(context: PlacementContext, { draft }: Pick<Intent, "draft">): CopyPlace {
  const { packagesDirectory, binDirectory, prefixDirectory, dataDirectory, stateDatabase, blobs } = context;
  const places = { packagesDirectory, binDirectory, prefixDirectory, dataDirectory, stateDatabase };
  return { ...places, blobs, draft, made: new Set() };
}

/** What an intent is carried out in: the prefix of when it was begun, whatever the config says by now. */
export function contextOf(context: PlacementContext, { prefix: poured }: Pick<Intent, "prefix">): PlacementContext {
  if (poured === undefined) return context;
  const { configuredPrefix: configured, stateDatabase } = context;
  return { ...context, prefixDirectory: currentPrefix({ configured, poured, stateDatabase }) };
}

function guard(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
