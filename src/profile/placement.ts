import { existsSync, renameSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import type { BlobStore } from "../blobs/blob-store.ts";
import { systemCode } from "../errors.ts";
import { makeDirectory, removeTree, syncDirectory } from "../fs/atomic.ts";
import { fileSystemError } from "../fs/errors.ts";
import type { Installation } from "../package/installation.ts";
import type { Installations } from "../state/installations.ts";
import type { Cleanup, InstallIntent, Intent, RemoveIntent } from "../state/intent.ts";
import type { Journal } from "../state/journal.ts";
import { pathInside } from "./layout.ts";
import { type LinkPlace, removeDraft, removeLink, restoreLink, restoreRemovedLink, switchLink } from "./links.ts";
import { stage } from "./stage.ts";

export interface PlacementContext {
  readonly packagesDirectory: string;
  readonly binDirectory: string;
  readonly journal: Journal;
  readonly installations: Installations;
  readonly blobs: Pick<BlobStore, "pathOf" | "reopen" | "remove">;
}

/** Carries a journalled intent out up to its record; may be done again after it was cut short anywhere. */
export function carryOut(context: PlacementContext, id: number, intent: Intent): Cleanup {
  return intent.kind === "install" ? carryOutInstall(context, id, intent) : carryOutRemove(context, id, intent);
}

function carryOutInstall(context: PlacementContext, id: number, intent: InstallIntent): Cleanup {
  const { installation } = intent;
  const directory = pathInside(context.packagesDirectory, installation.directory);
  if (!existsSync(directory)) {
    stage(context.blobs, installation, pathInside(context.packagesDirectory, intent.staging));
    publish(context, intent, directory);
  }
  const place = linkPlace(context, intent.staging);
  for (const change of intent.links) switchLink(place, change);
  for (const removal of intent.unlinks) removeLink(place, removal);
  if (intent.links.length + intent.unlinks.length > 0) syncDirectory(context.binDirectory);
  const cleanup = cleanupAfter(context.installations.get(installation.name));
  recorded(() => context.journal.commitInstall(id, installation, cleanup));
  return cleanup;
}

function carryOutRemove(context: PlacementContext, id: number, intent: RemoveIntent): Cleanup {
  const place = linkPlace(context, "");
  for (const removal of intent.unlinks) removeLink(place, removal);
  if (intent.unlinks.length > 0) syncDirectory(context.binDirectory);
  const cleanup = { directories: [intent.directory], digests: intent.digests };
  recorded(() => context.journal.commitRemove(id, intent.name, cleanup));
  return cleanup;
}

/** Thrown when the record failed: whether it took hold is not known before the database has been written again. */
export class RecordFailure extends Error {}

function recorded(commit: () => void): void {
  try {
    commit();
  } catch (error) {
    throw new RecordFailure("the change could not be recorded", { cause: error });
  }
}

function publish(context: PlacementContext, { staging }: InstallIntent, directory: string): void {
  makeDirectory(dirname(directory));
  guard(`rename to "${directory}"`, () => renameSync(pathInside(context.packagesDirectory, staging), directory));
  syncDirectory(dirname(directory));
  syncDirectory(context.packagesDirectory);
}

/** Puts everything back as it was before the intent; may be done again after it was cut short anywhere. */
export function undo(context: PlacementContext, intent: Intent): void {
  if (intent.kind === "remove") {
    for (const removal of intent.unlinks) restoreRemovedLink(linkPlace(context, ""), removal);
    if (intent.unlinks.length > 0) syncDirectory(context.binDirectory);
    return;
  }
  const place = linkPlace(context, intent.staging);
  removeDraft(place);
  for (const change of intent.links.toReversed()) restoreLink(place, change);
  for (const removal of intent.unlinks) restoreRemovedLink(place, removal);
  if (intent.links.length + intent.unlinks.length > 0) syncDirectory(context.binDirectory);
  removeStaging(context, intent);
  removePackageDirectory(context, intent.installation.directory);
}

/** What a cut left of staging. */
export function removeStaging(context: PlacementContext, intent: InstallIntent): void {
  removeTree(pathInside(context.packagesDirectory, intent.staging));
  syncDirectory(context.packagesDirectory);
}

/** Removes what nothing needs any more, then ends the intent; may be done again after it was cut short anywhere. */
export function cleanUp(context: PlacementContext, id: number, cleanup: Cleanup): void {
  for (const directory of cleanup.directories) removePackageDirectory(context, directory);
  const needed = neededDigests(context, id);
  for (const digest of cleanup.digests) if (!needed.has(digest)) context.blobs.remove(digest);
  context.journal.finish(id);
}

/** What an installation leaves once another took its place. */
function cleanupAfter(replaced: Installation | null): Cleanup {
  if (replaced === null) return { directories: [], digests: [] };
  return { directories: [replaced.directory], digests: replaced.files.map(({ digest }) => digest) };
}

function neededDigests({ installations, journal }: PlacementContext, id: number): ReadonlySet<string> {
  const pending = journal.open().filter((open) => open.id !== id && open.state === "open");
  const files = pending.flatMap(({ intent }) => (intent.kind === "install" ? intent.installation.files : []));
  return new Set([...installations.referencedDigests(), ...files.map(({ digest }) => digest)]);
}

/** A directory may have been taken into use again after a cut between its removal and the end of the intent. */
function removePackageDirectory(context: PlacementContext, directory: string): void {
  if (context.installations.list().some((installation) => installation.directory === directory)) return;
  const path = pathInside(context.packagesDirectory, directory);
  if (!existsSync(dirname(path))) return;
  removeTree(path);
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

/** An intent's staging name is fresh, so it also serves for links under way. */
export function linkPlace({ binDirectory }: PlacementContext, staging: string): LinkPlace {
  return { binDirectory, draft: staging };
}

function guard(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileSystemError(error, what);
  }
}
