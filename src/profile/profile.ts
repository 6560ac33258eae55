import { lstatSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { BlobStore } from "../blobs/blob-store.ts";
import { PkgError } from "../errors.ts";
import { makeDirectory } from "../fs/atomic.ts";
import type { Installation } from "../package/installation.ts";
import type { Installations } from "../state/installations.ts";
import type { Cleanup, Intent } from "../state/intent.ts";
import type { Journal } from "../state/journal.ts";
import type { VerifiedPackage } from "../verify/package.ts";
import { exists, pathInside } from "./layout.ts";
import { findConflicts, type LinkConflict } from "./link-plan.ts";
import { isLinkTo, occupantOf } from "./links.ts";
import { applyIntent, cleanUp, PackageFailure, type PlacementContext } from "./placement.ts";
import { type ChangePlan, type DraftedChange, planChanges } from "./plan-changes.ts";
import { type Recovery, recover } from "./recover.ts";
import { rollBack, succeeds } from "./roll-back.ts";
import { isSymlink, linkText } from "./stage.ts";
import { type VerifiedPath, verifyFiles, verifyLinks } from "./verify.ts";

export type { LinkConflict } from "./link-plan.ts";
export type { Recovery } from "./recover.ts";
export type { VerifiedPath } from "./verify.ts";

export interface ProfileOptions {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
  readonly journal: Journal;
  readonly installations: Installations;
  readonly blobs: Pick<BlobStore, "pathOf" | "reopen" | "remove">;
}

/** One package to place in place of what its name had, or one to take away. */
export type Change =
  | { readonly kind: "place"; readonly verified: VerifiedPackage; readonly installation: Installation }
  | { readonly kind: "remove"; readonly installation: Installation };

/** What became of one change. */
export type ChangeResult =
  | {
      readonly kind: "placed";
      /** As recorded: its directory may have got another name than was asked for. */
      readonly installation: Installation;
      readonly replaced: Installation | null;
      /** True when everything was already in place, and only the record was renewed. */
      readonly unchanged: boolean;
    }
  /** `left`: paths of links that somebody changed since, which stay. */
  | { readonly kind: "removed"; readonly left: readonly string[] }
  /** Nothing of it was changed. */
  | { readonly kind: "failed"; readonly error: PkgError };

/**
 * What is placed on disk: package directories, and links to them in the bin directory. Everything that changes it must
 * hold the lock.
 */
export interface Profile {
  /** Links that the package `name` cannot make: not ours, or another package's. Empty when all is well. */
  conflicts(name: string, links: readonly string[]): readonly LinkConflict[];
  /**
   * Makes all of `changes`, no two of one name, as one journalled unit: one intent, one record. What cannot be done is
   * left out and named in the results, and the rest is done; no package is ever half placed. Forced, a file or link that
   * is not ours is moved aside to `<name>.pkg-saved`, and another package's link is taken over.
   *
   * Errors in the results: PATH_CONFLICT; STATE_CHANGED when the store no longer holds what was verified; DISK_FULL,
   * PERMISSION_DENIED, FILE_SYSTEM, DATABASE_INVALID.
   */
  apply(changes: readonly Change[], options: { readonly force: boolean }): readonly ChangeResult[];
  /** Finishes or undoes what a killed process left half-way. @throws {PkgError} INTERRUPTED */
  recover(signal: AbortSignal): Promise<readonly Recovery[]>;
  /** Hashes what is installed again. @throws {PkgError} INTERRUPTED */
  verify(installation: Installation, signal: AbortSignal): Promise<readonly VerifiedPath[]>;
}

/** Opens the profile; nothing is touched before the first call that needs to. */
export function createProfile(options: ProfileOptions): Profile {
  return {
    conflicts: (name, links) => findConflicts(options, name, links),
    apply: (changes, { force }) => {
      const drafted = changes.map((change) => draftChange(options, change));
      return applyChanges(options, drafted, force);
    },
    recover: (signal) => recover(options, signal),
    verify: async (installation, signal) => [
      ...(await verifyFiles(options, installation, signal)),
      ...verifyLinks(options, installation),
    ],
  };
}

function draftChange(context: PlacementContext, change: Change): DraftedChange {
  if (change.kind === "remove") return change;
  const { verified, installation: draft } = change;
  assertVerified(verified, draft);
  const replaced = context.installations.get(draft.name);
  return { kind: "place", draft, replaced, isInPlace: isInPlace(context, replaced, draft) };
}

/** What is placed is what was verified: nothing else can be slipped in between. */
function assertVerified(verified: VerifiedPackage, { name, files, links }: Installation): void {
  const known = new Map(verified.files.map((file) => [file.path, file]));
  const stranger = files.find(({ path, digest, mode }) => {
    const file = known.get(path);
    return file?.digest !== digest || file.mode !== mode;
  });
  if (stranger !== undefined) throw new Error(`file "${stranger.path}" of "${name}" was not verified`);
  const paths = new Set(files.map(({ path }) => path));
  const loose = links.find(({ target }) => !paths.has(target));
  if (loose !== undefined) throw new Error(`link "${loose.path}" of "${name}" leads to no file of it`);
}

/** Where one package fails, the unit is undone and applied again without it. */
function applyChanges(
  context: PlacementContext,
  changes: readonly DraftedChange[],
  force: boolean,
): readonly ChangeResult[] {
  const failures = new Map<DraftedChange, PkgError>();
  for (;;) {
    const open = changes.filter((change) => !failures.has(change));
    const plan = planChanges(context, open, force);
    const failure = perform(context, plan.intent);
    const culprit =
      failure instanceof PackageFailure ? open.find((change) => nameOf(change) === failure.package) : null;
    if (failure instanceof PackageFailure && culprit) failures.set(culprit, failure.cause);
    else return changes.map((change) => resultOf(change, { plan, open, failures, failure }));
  }
}

interface Applied {
  readonly plan: ChangePlan;
  readonly open: readonly DraftedChange[];
  readonly failures: ReadonlyMap<DraftedChange, PkgError>;
  /** Why the whole unit failed; null when it did not. */
  readonly failure: PkgError | PackageFailure | null;
}

function resultOf(change: DraftedChange, { plan, open, failures, failure }: Applied): ChangeResult {
  const own = failures.get(change);
  if (own !== undefined) return { kind: "failed", error: own };
  const planned = plan.planned[open.indexOf(change)];
  if (planned === undefined) throw new Error(`"${nameOf(change)}" was not planned`);
  if (planned.kind === "fail") return { kind: "failed", error: planned.error };
  if (failure instanceof PkgError) return { kind: "failed", error: failure };
  if (planned.kind === "remove") return { kind: "removed", left: planned.left };
  if (change.kind === "remove") throw new Error(`"${nameOf(change)}" was placed, not removed`);
  const { replaced, isInPlace: unchanged } = change;
  return { kind: "placed", installation: planned.installation, replaced, unchanged };
}

function nameOf(change: DraftedChange): string {
  return change.kind === "place" ? change.draft.name : change.installation.name;
}

/** Null when it was done; else everything is as it was, or the journal has what it takes to put it back. */
function perform(context: PlacementContext, intent: Intent): PkgError | PackageFailure | null {
  const { installs, removals, renewals } = intent;
  if (installs.length + removals.length + renewals.length === 0) return null;
  try {
    journalled(context, intent);
    return null;
  } catch (error) {
    if (error instanceof PkgError || error instanceof PackageFailure) return error;
    throw error;
  }
}

function journalled(context: PlacementContext, intent: Intent): void {
  if (intent.installs.length > 0) {
    makeDirectory(context.packagesDirectory);
    makeDirectory(context.binDirectory);
  }
  const id = context.journal.begin(intent);
  let cleanup: Cleanup;
  try {
    cleanup = applyIntent(context, id, intent);
  } catch (error) {
    throw rollBack(context, id, { intent, error });
  }
  // It is recorded and holds. What cannot be cleaned up stays in the journal, for the next start.
  succeeds(() => cleanUp(context, id, cleanup));
}

/** The same files, links and bytes; a hard link to a blob that was just verified needs no second hash. */
function isInPlace(
  context: PlacementContext,
  replaced: Installation | null,
  wanted: Installation,
): replaced is Installation {
  if (replaced === null || !isDeepStrictEqual(placedParts(replaced), placedParts(wanted))) return false;
  const directory = pathInside(context.packagesDirectory, replaced.directory);
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
