import { PkgError } from "../errors.ts";
import type { Intent, StagedInstall } from "../state/intent.ts";
import type { OpenIntent } from "../state/journal.ts";
import { removeDrafts } from "./links.ts";
import {
  applyIntent,
  cleanUp,
  contextOf,
  isPlaced,
  linkPlace,
  PackageFailure,
  type PlacementContext,
  removeStaging,
  undo,
} from "./placement.ts";
import { rollBack } from "./roll-back.ts";
import { verifyFiles } from "./verify.ts";

export interface Recovery {
  /** Name of the package; one intent may be about several. */
  readonly name: string;
  readonly outcome: "finished" | "undone";
  /** Why what was replaced could not be removed yet; the change stays in the journal until it can. Absent: it was. */
  readonly unfinished?: PkgError;
}

/**
 * Finishes or undoes every intent in the journal, oldest first. May be killed anywhere and run again.
 *
 * @throws {PkgError} INTERRUPTED; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM when an intent can neither be finished nor
 * undone: it then stays in the journal, and the error is thrown after all the others have been handled
 */
export async function recover(context: PlacementContext, signal: AbortSignal): Promise<readonly Recovery[]> {
  const recoveries: Recovery[] = [];
  let failure: PkgError | null = null;
  for (const open of context.journal.open()) {
    try {
      const done = await recoverOne(contextOf(context, open.intent), open, signal);
      for (const name of namesIn(open.intent)) recoveries.push({ name, ...done });
    } catch (error) {
      if (!(error instanceof PkgError) || signal.aborted) throw error;
      failure ??= error;
    }
  }
  if (failure !== null) throw failure;
  return recoveries;
}

/** The packages that an intent is about. */
export function namesIn({ installs, removals, renewals }: Intent): readonly string[] {
  return [...installs.map(({ installation }) => installation), ...removals, ...renewals].map(({ name }) => name);
}

async function recoverOne(
  context: PlacementContext,
  open: OpenIntent,
  signal: AbortSignal,
): Promise<Omit<Recovery, "name">> {
  const { id, state, intent } = open;
  if (state === "cleanup") return finish(context, open);
  if (state === "open" && (await prepare(context, intent, signal))) {
    try {
      return finish(context, { ...open, cleanup: applyIntent(context, id, intent) });
    } catch (error) {
      const failure = rollBack(context, id, { intent, error });
      const cause = failure instanceof PackageFailure ? failure.cause : failure;
      // Once it is undone, it is just an install that did not happen; otherwise the caller has to report it.
      if (!(cause instanceof PkgError) || context.journal.open().some((other) => other.id === id)) throw cause;
      return { outcome: "undone" };
    }
  }
  undo(context, intent);
  context.journal.finish(id);
  return { outcome: "undone" };
}

/** Cleans up; what cannot be cleaned up now stays in the journal, and does not block other work. */
function finish(
  context: PlacementContext,
  { id, cleanup }: Pick<OpenIntent, "id" | "cleanup">,
): Omit<Recovery, "name"> {
  try {
    cleanUp(context, id, cleanup);
    return { outcome: "finished" };
  } catch (error) {
    if (error instanceof PkgError) return { outcome: "finished", unfinished: error };
    throw error;
  }
}

/** Removes what the interrupted run left; true when every byte that is needed exists and has its digest. */
async function prepare(context: PlacementContext, intent: Intent, signal: AbortSignal): Promise<boolean> {
  removeDrafts(linkPlace(context, intent), intent);
  for (const install of intent.installs) {
    removeStaging(context, install);
    if (!(await isWhole(context, install, signal))) return false;
  }
  return true;
}

/** True if the directory or the store has every file intact; a damaged directory has to be undone, as links lead to it. */
async function isWhole(context: PlacementContext, install: StagedInstall, signal: AbortSignal): Promise<boolean> {
  const { installation } = install;
  if (isPlaced(context, install)) {
    const files = await verifyFiles(context, installation, signal);
    return files.every(({ state }) => state === "ok");
  }
  for (const { digest } of installation.files) {
    if ((await context.blobs.reopen(digest, [], signal)) === null) return false;
  }
  return true;
}
