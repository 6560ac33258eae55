import { lstatSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { randomName } from "../base/random-name.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { makeDirectory } from "../fs/atomic.ts";
import type { Installation } from "../package/installation.ts";
import type { Installations } from "../state/installations.ts";
import type { Cleanup, Intent } from "../state/intent.ts";
import type { Journal } from "../state/journal.ts";
import type { VerifiedPackage } from "../verify/package.ts";
import { exists, freeName, pathInside } from "./layout.ts";
import { changedLinks, findConflicts, type LinkConflict, planLinks, removableLinks } from "./link-plan.ts";
import { isLinkTo, occupantOf } from "./links.ts";
import { carryOut, cleanUp, type PlacementContext } from "./placement.ts";
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

export interface Placement {
  /** As recorded: its directory may have got another name than was asked for. */
  readonly installation: Installation;
  readonly replaced: Installation | null;
  /** True when everything was already in place, and only the record was renewed. */
  readonly unchanged: boolean;
}

/**
 * What is placed on disk: package directories, and links to them in the bin directory. Everything that changes it must
 * hold the lock. Errors besides those named: DISK_FULL, PERMISSION_DENIED, FILE_SYSTEM, DATABASE_INVALID.
 */
export interface Profile {
  /** Links that the package `name` cannot make: not ours, or another package's. Empty when all is well. */
  conflicts(name: string, links: readonly string[]): readonly LinkConflict[];
  /**
   * Places a package and records it, in place of what its name had. Journalled first; when any step fails, everything is
   * put back as it was. Forced, a file or link that is not ours is moved aside to `<name>.pkg-saved`, and another
   * package's link is taken over.
   *
   * @throws {PkgError} PATH_CONFLICT; STATE_CHANGED when the store no longer holds what was verified
   */
  place(verified: VerifiedPackage, installation: Installation, options: { readonly force: boolean }): Placement;
  /** Takes away exactly what was placed. `left`: paths of links that somebody changed since, which stay. */
  remove(installation: Installation): { readonly left: readonly string[] };
  /** Finishes or undoes what a killed process left half-way. @throws {PkgError} INTERRUPTED */
  recover(signal: AbortSignal): Promise<readonly Recovery[]>;
  /** Hashes what is installed again. @throws {PkgError} INTERRUPTED */
  verify(installation: Installation, signal: AbortSignal): Promise<readonly VerifiedPath[]>;
}

export function createProfile(options: ProfileOptions): Profile {
  return {
    conflicts: (name, links) => findConflicts(options, name, links),
    place: (verified, installation, { force }) => {
      assertVerified(verified, installation);
      const replaced = options.installations.get(installation.name);
      return isInPlace(options, replaced, installation)
        ? renew(options, replaced, installation)
        : place(options, { draft: installation, replaced, force });
    },
    remove: (installation) => remove(options, installation),
    recover: (signal) => recover(options, signal),
    verify: async (installation, signal) => [
      ...(await verifyFiles(options, installation, signal)),
      ...verifyLinks(options, installation),
    ],
  };
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

interface PlaceRequest {
  readonly draft: Installation;
  readonly replaced: Installation | null;
  readonly force: boolean;
}

function place(context: PlacementContext, { draft, replaced, force }: PlaceRequest): Placement {
  const directory = freeName(context.packagesDirectory, draft.directory);
  const installation = { ...draft, directory };
  const plan = planLinks(context, { installation, replaced, force });
  makeDirectory(context.packagesDirectory);
  makeDirectory(context.binDirectory);
  const staging = `.pkg-${randomName()}`;
  perform(context, { kind: "install", installation, staging, ...plan });
  return { installation, replaced, unchanged: false };
}

function remove(context: PlacementContext, installation: Installation): { readonly left: readonly string[] } {
  const { name, directory, files } = installation;
  const left = changedLinks(context, installation);
  const unlinks = removableLinks(context, installation);
  perform(context, { kind: "remove", name, directory, digests: files.map(({ digest }) => digest), unlinks });
  return { left };
}

function perform(context: PlacementContext, intent: Intent): void {
  const id = context.journal.begin(intent);
  let cleanup: Cleanup;
  try {
    cleanup = carryOut(context, id, intent);
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

function renew(context: PlacementContext, replaced: Installation, wanted: Installation): Placement {
  const installation = { ...wanted, directory: replaced.directory };
  context.journal.record(installation);
  return { installation, replaced, unchanged: true };
}
