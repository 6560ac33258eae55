import type { BlobStore } from "../blobs/blob-store.ts";
import { randomName } from "../fs/random-name.ts";
import type { Installation, InstalledLink } from "../package/installation.ts";
import { isInPrefix, WHOLE_DIRECTORY } from "../package/place.ts";
import { claimedBefore, withUnlinked } from "../package/unlinked.ts";
import type { Installations } from "../state/installations.ts";
import type { Journal } from "../state/journal.ts";
import type { VerifiedPackage } from "../verify/package.ts";
import { applyChanges, type ChangeOptions, type ChangeResult } from "./apply-changes.ts";
import type { DraftedChange } from "./change-plan.ts";
import { type Damage, damageOf, repairFromStore } from "./damage.ts";
import { editedIn } from "./edited.ts";
import { isInPlace } from "./in-place.ts";
import { findConflicts, type LinkConflict } from "./link-plan.ts";
import { clearOldVersions, oldVersions } from "./old-versions.ts";
import type { PlacementContext, RunOrigin } from "./placement.ts";
import { type Places, packagePath } from "./places.ts";
import { currentPrefix } from "./prefix-owner.ts";
import { leftDirectories, purgeLeft } from "./purge.ts";
import { type Recovery, recover } from "./recover.ts";
import { draftRestore, fitsPrefix } from "./restore.ts";
import { findStored, type StoredInstallation } from "./stored-installation.ts";
import { strayDirectories } from "./strays.ts";
import { placedIn, unrecordedIn } from "./unrecorded.ts";
import { type VerifiedPath, verifyCopies, verifyFiles, verifyLinks, verifyPrefix } from "./verify.ts";

export type { Damage } from "./damage.ts";
export type { GivenBack } from "./give-back.ts";
export type { LinkConflict } from "./link-plan.ts";
export type { Recovery } from "./recover.ts";
export type { StoredInstallation } from "./stored-installation.ts";
export type { PrefixNotes } from "./tree-links.ts";
export type { VerifiedPath } from "./verify.ts";

export interface ProfileOptions extends Places {
  readonly journal: Journal;
  readonly installations: Installations;
  readonly blobs: Pick<BlobStore, "pathOf" | "has" | "reopen" | "remove">;
  /** The run of the program that changes it; absent: each profile is one of its own. */
  readonly origin?: () => RunOrigin;
  /** Which of some directories a process runs something in; absent: /proc is asked. */
  readonly inUse?: (directories: readonly string[]) => ReadonlySet<string>;
}

/** A package to place instead of the one that has its name now, or one to remove. */
export type ProfileChange =
  | { readonly kind: "place"; readonly verified: VerifiedPackage; readonly installation: Installation }
  /** What is installed is recorded anew, and linked as that says: its files are the same. */
  | { readonly kind: "mark"; readonly installation: Installation }
  /** What was recorded once comes back, from the store: its files, its links and the record, whatever is installed now. */
  | { readonly kind: "restore"; readonly stored: StoredInstallation }
  /** `purge`: with what else is in its directory, and what earlier versions left. */
  | { readonly kind: "remove"; readonly installation: Installation; readonly purge?: boolean };

/**
 * What is placed on disk: package directories, and links to them in the bin directory. The caller must hold the lock to
 * change it.
 */
export interface Profile {
  /** Links that the package `name` cannot make, because something else has the path. Empty when there are none. */
  conflicts(name: string, links: readonly string[]): readonly LinkConflict[];
  /**
   * Makes all `changes`, which must have different names, as one journalled unit: one intent, one record. A change that
   * cannot be made is left out and named in the results, and the others are made; no package is ever half placed. With
   * `force`, a file or link that is not ours is renamed to `<name>.pkg-saved`, and another package's link is taken over.
   * `failAlong` says what else is left out with what cannot be made.
   *
   * Errors in the results: PATH_CONFLICT; STATE_CHANGED when the store no longer holds what was verified; DISK_FULL,
   * PERMISSION_DENIED, FILE_SYSTEM, DATABASE_INVALID.
   */
  apply(changes: readonly ProfileChange[], options: ChangeOptions): readonly ChangeResult[];
  /** Finishes or undoes what a killed process left half done. @throws {PkgError} INTERRUPTED */
  recover(signal: AbortSignal): Promise<readonly Recovery[]>;
  /**
   * Hashes the files of an installation, as it was recorded once, in the store, so that it can be restored; null when that does
   * not hold all of them, or they were made for another prefix. @throws {PkgError} INTERRUPTED
   */
  stored(installation: Installation, signal: AbortSignal): Promise<StoredInstallation | null>;
  /** Whether stored() is likely to find it, as far as can be seen without reading anything. */
  holds(installation: Installation): boolean;
  /** Hashes the installed files again. @throws {PkgError} INTERRUPTED */
  verify(installation: Installation, signal: AbortSignal): Promise<readonly VerifiedPath[]>;
  /** Absolute paths of what is in the directory of an installation and was not placed there. */
  unrecorded(installation: Installation): readonly string[];
  /** Absolute paths of what a removal would keep: what is unrecorded, and what somebody has edited. */
  kept(installation: Installation): readonly string[];
  /** What of an installation is not as it was placed, as far as can be seen without reading its files. */
  damage(installation: Installation): Damage;
  /** Places it again from the store; null when that does not hold all of it. @throws {PkgError} INTERRUPTED */
  repair(
    installation: Installation,
    options: { readonly force: boolean; readonly signal: AbortSignal },
  ): Promise<ChangeResult | null>;
  /** Absolute paths of the directories of packages that nothing records. */
  strays(): readonly string[];
  /** Absolute paths of directories that were kept since a process ran something in them, and that none does any more. */
  oldVersions(): readonly string[];
  /** Removes what was placed there; returns absolute paths. */
  clearOldVersions(): readonly string[];
  /** Absolute paths of what purge() would remove. */
  purgeable(name: string): readonly string[];
  /** Removes what was kept of packages of that name that are not installed any more; returns absolute paths. */
  purge(name: string): readonly string[];
}

/** Opens the profile. Nothing on disk is touched until a call needs it. */
export function createProfile(options: ProfileOptions): Profile {
  const { prefixDirectory: configured, stateDatabase, installations } = options;
  const { origin = unnamedRun() } = options;
  const context = (): PlacementContext => {
    const prefixDirectory = currentPrefix({ configured, poured: installations.prefix(), stateDatabase });
    return { ...options, origin, prefixDirectory, configuredPrefix: configured };
  };
  return {
    conflicts: (name, links) => findConflicts(context(), name, links),
    apply: (changes, how) => {
      const own = context();
      const drafted = changes.map((change) => draftChange(own, change, how.force));
      return applyChanges(own, drafted, how);
    },
    stored: async (installation, signal) =>
      fitsPrefix(context(), installation) ? findStored(options.blobs, installation, signal) : null,
    holds: (installation) =>
      fitsPrefix(context(), installation) && installation.files.every(({ digest }) => options.blobs.has(digest)),
    recover: (signal) => recover(context(), signal),
    verify: async (installation, signal) => [
      ...(await verifyFiles(context(), installation, signal)),
      ...verifyLinks(context(), installation),
      ...verifyCopies(context(), installation),
      ...verifyPrefix(context(), installation),
    ],
    unrecorded: (installation) => besideFiles(context(), installation),
    kept: (installation) => besideFiles(context(), installation, editedIn(context(), installation)),
    damage: (installation) => damageOf(context(), installation),
    repair: (installation, how) => repairFromStore(context(), installation, how),
    strays: () => pathsOf(context(), (own) => strayDirectories(own, own.installations)),
    oldVersions: () => oldVersions(context()),
    clearOldVersions: () => clearOldVersions(context()),
    purgeable: (name) => pathsOf(context(), (own) => leftDirectories(own, name)),
    purge: (name) => purgeLeft(context(), name),
  };
}

function unnamedRun(): () => RunOrigin {
  const run = randomName();
  return () => ({ command: "", run, at: new Date().toISOString() });
}

function pathsOf(context: PlacementContext, find: (context: PlacementContext) => readonly string[]): readonly string[] {
  return find(context).map((directory) => packagePath(context, directory));
}

function besideFiles(
  places: Places,
  { directory, files }: Installation,
  edited: readonly string[] = [],
): readonly string[] {
  const paths = files.map(({ path }) => path);
  return unrecordedIn(packagePath(places, directory), placedIn(paths, edited));
}

function draftChange(context: PlacementContext, change: ProfileChange, force: boolean): DraftedChange {
  if (change.kind === "remove") return change;
  if (change.kind === "restore") return draftRestore(context, change.stored);
  if (change.kind === "mark") return draftMark(context, change.installation, force);
  const { verified } = change;
  const draft = onceEach(change.installation);
  assertVerified(verified, draft);
  const replaced = context.installations.get(draft.name);
  const whole = { ...draft, taken: [...draft.taken, ...claimedBefore(draft, replaced)] };
  const own = withUnlinked(force ? whole : withoutTaken(context, whole, replaced));
  return { kind: "place", draft: own, replaced, isInPlace: isInPlace(context, replaced, own) };
}

function draftMark(context: PlacementContext, wanted: Installation, force: boolean): DraftedChange {
  const draft = onceEach(wanted);
  const replaced = context.installations.get(draft.name);
  if (replaced === null) throw new Error(`"${draft.name}" is not installed`);
  return { kind: "mark", draft: withUnlinked(force ? draft : withoutTaken(context, draft, replaced)), replaced };
}

/** What it is to have is not recorded as taken from it as well. */
function onceEach(draft: Installation): Installation {
  const wanted = new Set(draft.links.map(({ path }) => path));
  return { ...draft, taken: draft.taken.filter(({ path }) => !wanted.has(path)) };
}

/** Links that another package has taken over stay with that one, until it gives them up, or they are taken back by force. */
function withoutTaken(
  { installations }: PlacementContext,
  draft: Installation,
  replaced: Installation | null,
): Installation {
  const claimed = new Set(replaced?.taken.map(({ path }) => path));
  const isTaken = ({ path }: InstalledLink) =>
    claimed.has(path) && ![null, draft.name].includes(installations.linkOwner(path));
  const wanted = [...draft.links, ...draft.taken];
  return { ...draft, links: wanted.filter((link) => !isTaken(link)), taken: wanted.filter(isTaken) };
}

/** Throws if a draft has a file that was not verified, or a link to anything but its files. */
function assertVerified(verified: VerifiedPackage, { name, files, links }: Installation): void {
  const known = new Map(verified.files.map((file) => [file.path, file]));
  const stranger = files.find(({ path, digest, mode }) => {
    const file = known.get(path);
    return file?.digest !== digest || file.mode !== mode;
  });
  if (stranger !== undefined) throw new Error(`file "${stranger.path}" of "${name}" was not verified`);
  const paths = new Set(files.map(({ path }) => path));
  const isWhole = ({ path, target, kind }: InstalledLink) =>
    target === WHOLE_DIRECTORY && kind === "link" && isInPrefix(path);
  const loose = links.find((link) => !paths.has(link.target) && !isWhole(link));
  if (loose !== undefined) throw new Error(`link "${loose.path}" of "${name}" leads to no file of it`);
}
