import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { hasCode } from "../errors.ts";
import { removeTree } from "../fs/atomic.ts";
import { syncDirectory } from "../fs/directories.ts";
import { directoriesInUse } from "../fs/directories-in-use.ts";
import type { Installation } from "../package/installation.ts";
import { isInData, isInPrefix, pathInPrefix } from "../package/place.ts";
import type { Installations } from "../state/installations.ts";
import type { Cleanup, Intent, PackageCleanup, StagedInstall } from "../state/intent.ts";
import { clearDirectory, type Kept, NOTHING_KEPT } from "./clear-directory.ts";
import { editedIn } from "./edited.ts";
import { exists } from "./installation-paths.ts";
import { linkPath, type Places, packagePath, packageRoot } from "./places.ts";
import { removeIfEmpty } from "./remove-if-empty.ts";
import { storedIn } from "./stored-content.ts";

export interface CleanupContext extends Places {
  readonly installations: Installations;
  readonly blobs: Pick<BlobStore, "pathOf">;
  /** Which of some directories a process runs something in; absent: /proc is asked. */
  readonly inUse?: (directories: readonly string[]) => ReadonlySet<string>;
}

/** What is kept of a package that was replaced or removed: absolute paths of what this program did not place. */
export type KeptByName = ReadonlyMap<string, Kept>;

/** What the unit leaves behind: packages that were removed, and versions that were replaced. */
export function cleanupAfter(context: CleanupContext, intent: Intent): Cleanup {
  const { installs, removals } = intent;
  const { installations } = context;
  const recorded = recordedIn(installations);
  const leftovers = installs.flatMap((install) => {
    const { name, directory: successor } = install.installation;
    const directories = installations.leftovers(name).filter((place) => !isCopy(place));
    const left = directories.map((directory) => whereIs(directory, install));
    // What a program kept that was running then is known by its content.
    return left.map((directory) => ({ name, directory, files: storedIn(context, directory), successor }));
  });
  const adopted = installs.flatMap((install) => {
    const { name, directory: successor } = install.installation;
    const adopts = (install.adopts ?? []).map((directory) => whereIs(directory, install));
    return adopts.map((directory) => ({ name, directory, files: storedIn(context, directory), successor }));
  });
  const replaced = installs.flatMap((install) => {
    const { name, directory: successor } = install.installation;
    const before = recorded(name);
    return before === null ? [] : [{ before: { ...before, directory: whereIs(before.directory, install) }, successor }];
  });
  const removed = removals.flatMap(({ name, purge }) => {
    const before = purge === true ? null : recorded(name);
    return before === null ? [] : [{ before, successor: null }];
  });
  const purged = removals.filter(({ purge }) => purge === true);
  return {
    directories: [],
    packages: [
      ...purged.flatMap(({ name, directory }) =>
        purgeOf(name, [directory, ...installations.leftovers(name), ...leftCopies(context, intent, recorded(name))]),
      ),
      ...leftovers,
      ...adopted,
      ...[...replaced, ...removed].map(({ before, successor }) => cleanupOf(context, before, successor)),
    ],
    left: [...removals, ...installs.map(({ installation }) => installation)]
      .filter((item) => !purged.some(({ name }) => name === item.name))
      .flatMap(({ name }) => leftCopies(context, intent, recorded(name)).map((directory) => ({ name, directory }))),
    digests: [
      ...replaced.flatMap(({ before }) => before.files.map(({ digest }) => digest)),
      ...removals.flatMap(({ digests }) => digests),
    ],
  };
}

/** The records as they are before the change: all of a package is read once. */
function recordedIn(installations: Installations): (name: string) => Installation | null {
  const known = new Map<string, Installation | null>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const read = installations.get(name);
    known.set(name, read);
    return read;
  };
}

/** Where copies may be: not among the kegs, nor where these make room for others. */
export function isCopy(place: string): boolean {
  return isInData(place) || (isInPrefix(place) && !/^(?:Cellar\/|\.pkg-)/.test(pathInPrefix(place)));
}

/** The places of copies that are there still, although their package is removed, or does not have them any more. */
function leftCopies(
  context: CleanupContext,
  { installs, copies = [] }: Intent,
  recorded: Installation | null,
): readonly string[] {
  const before = recorded?.links.filter(({ kind }) => kind === "copy") ?? [];
  if (before.length === 0) return [];
  const after = installs.flatMap(({ installation }) => installation.links);
  const inUse = new Set([...after, ...copies.filter(({ next }) => next !== null)].map(({ path }) => path));
  const gone = before.filter(({ path }) => !inUse.has(path)).map(({ path }) => path);
  return gone.filter((path) => exists(linkPath(context, path)));
}

/** Where a directory is now, since it may have made room for one with the same path. */
function whereIs(directory: string, { installation, aside }: StagedInstall): string {
  return directory === installation.directory && aside !== undefined ? aside : directory;
}

/** The removal of all that is in the directories of a package, whoever put it there. */
export function purgeOf(name: string, directories: readonly string[]): readonly PackageCleanup[] {
  return directories.map((directory) => ({ name, directory, files: [], successor: null, purge: true }));
}

/** What is edited is decided once: later, what was moved and what was never there look the same. */
function cleanupOf(context: CleanupContext, installation: Installation, successor: string | null): PackageCleanup {
  return { ...packageCleanup(installation, successor), edited: editedIn(context, installation) };
}

/** The removal of what a package brought; what was added to it moves into the directory of its successor, if there is one. */
export function packageCleanup({ name, directory, files }: Installation, successor: string | null): PackageCleanup {
  return { name, directory, files: files.map(({ path }) => path), successor };
}

/** The directories of these that a process still runs something in: they are kept as they are. Absolute paths. */
export function busyAmong(context: CleanupContext, cleanups: readonly PackageCleanup[]): ReadonlySet<string> {
  const gone = cleanups.filter(({ directory }) => !context.installations.hasDirectory(directory));
  const { inUse = directoriesInUse } = context;
  return inUse(gone.map(({ directory }) => packagePath(context, directory)).filter(exists));
}

/** Does one removal, and says what of it was kept. It can be repeated after an interruption at any point. */
export function clearPackage(context: CleanupContext, cleanup: PackageCleanup): Kept {
  let kept: Kept = NOTHING_KEPT;
  removePackageDirectory(context, cleanup.directory, (path) => {
    kept = cleanup.purge === true ? purged(path) : cleared(context, cleanup, path);
  });
  return kept;
}

function cleared(context: CleanupContext, { files, edited = [], successor }: PackageCleanup, path: string): Kept {
  const to = successor === null ? null : packagePath(context, successor);
  return clearDirectory({ directory: path, placed: files, edited, successor: to });
}

/** What somebody has closed, or belongs to another user, stays; a failure that does not last is none. */
function purged(path: string): Kept {
  try {
    removeTree(path);
  } catch (error) {
    if (!hasCode(error, "PERMISSION_DENIED")) throw error;
    if (!isRemoved(path)) return { ...NOTHING_KEPT, left: [path] };
  }
  return NOTHING_KEPT;
}

function isRemoved(path: string): boolean {
  try {
    removeTree(path);
    return true;
  } catch (error) {
    if (hasCode(error, "PERMISSION_DENIED")) return false;
    throw error;
  }
}

/** After an interruption between removing a directory and ending the intent, the directory may be in use again. */
export function removePackageDirectory(
  context: CleanupContext,
  directory: string,
  remove: (path: string) => void,
): void {
  const { installations } = context;
  if (installations.hasDirectory(directory) || installations.linkOwner(directory) !== null) return;
  const path = packagePath(context, directory);
  if (!existsSync(dirname(path))) return;
  remove(path);
  // What was in a directory is gone once that is.
  syncDirectory(removeEmptyParents(path, packageRoot(context, directory)));
}

/** Up to the root, which stays. @returns the directory that was left */
function removeEmptyParents(path: string, root: string): string {
  let parent = dirname(path);
  while (parent !== resolve(root) && removeIfEmpty(parent)) parent = dirname(parent);
  return parent;
}

/** What was kept of each package, by its name, over all of its directories. */
export function keptByName(cleared: readonly (Kept & { readonly name: string })[]): KeptByName {
  const kept = new Map<string, Kept>();
  for (const { name, ...item } of cleared) kept.set(name, bothKept(kept.get(name) ?? NOTHING_KEPT, item));
  return kept;
}

function bothKept(one: Kept, other: Kept): Kept {
  return {
    moved: [...one.moved, ...other.moved],
    saved: [...one.saved, ...other.saved],
    left: [...one.left, ...other.left],
    ...(one.inUse === undefined && other.inUse === undefined
      ? {}
      : { inUse: [...(one.inUse ?? []), ...(other.inUse ?? [])] }),
  };
}
