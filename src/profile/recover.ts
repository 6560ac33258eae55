import { PkgError } from "../errors.ts";
import type { InstallIntent } from "../state/intent.ts";
import type { OpenIntent } from "../state/journal.ts";
import { exists, pathInside } from "./layout.ts";
import { removeDraft } from "./links.ts";
import { carryOut, cleanUp, linkPlace, type PlacementContext, removeStaging, undo } from "./placement.ts";
import { rollBack, succeeds } from "./roll-back.ts";
import { verifyFiles } from "./verify.ts";

export interface Recovery {
  /** Of the package. */
  readonly name: string;
  readonly outcome: "finished" | "undone";
}

/**
 * Finishes or undoes every intent in the journal, oldest first. May be killed anywhere and run again.
 *
 * @throws {PkgError} INTERRUPTED; PERMISSION_DENIED, DISK_FULL, FILE_SYSTEM when an intent can neither be finished nor
 * undone: it then stays in the journal, after all others were seen to
 */
export async function recover(context: PlacementContext, signal: AbortSignal): Promise<readonly Recovery[]> {
  const recoveries: Recovery[] = [];
  let failure: PkgError | null = null;
  for (const open of context.journal.open()) {
    const name = open.intent.kind === "install" ? open.intent.installation.name : open.intent.name;
    try {
      recoveries.push({ name, outcome: await recoverOne(context, open, signal) });
    } catch (error) {
      if (!(error instanceof PkgError) || signal.aborted) throw error;
      failure ??= error;
    }
  }
  if (failure !== null) throw failure;
  return recoveries;
}

async function recoverOne(
  context: PlacementContext,
  open: OpenIntent,
  signal: AbortSignal,
): Promise<Recovery["outcome"]> {
  const { id, state, intent } = open;
  if (state === "cleanup") return finish(context, open);
  if (state === "open" && (intent.kind === "remove" || (await prepare(context, intent, signal)))) {
    try {
      return finish(context, { ...open, cleanup: carryOut(context, id, intent) });
    } catch (error) {
      const cause = rollBack(context, id, { intent, error });
      // Undone, it is no more than an install that did not come about; else it is for the caller to tell.
      if (!(cause instanceof PkgError) || context.journal.open().some((other) => other.id === id)) throw cause;
      return "undone";
    }
  }
  undo(context, intent);
  context.journal.finish(id);
  return "undone";
}

/** What cannot be cleaned up now stays in the journal and stops nobody. */
function finish(context: PlacementContext, { id, cleanup }: Pick<OpenIntent, "id" | "cleanup">): "finished" {
  succeeds(() => cleanUp(context, id, cleanup));
  return "finished";
}

/**
 * Makes way for another try; true when every byte that it needs is there and hashes to its digest. A directory that was
 * damaged since is left to be undone: links lead to it.
 */
async function prepare(context: PlacementContext, intent: InstallIntent, signal: AbortSignal): Promise<boolean> {
  const { installation } = intent;
  removeDraft(linkPlace(context, intent.staging));
  removeStaging(context, intent);
  if (exists(pathInside(context.packagesDirectory, installation.directory))) {
    const files = await verifyFiles(context, installation, signal);
    return files.every(({ state }) => state === "ok");
  }
  for (const { digest } of installation.files) {
    if ((await context.blobs.reopen(digest, [], signal)) === null) return false;
  }
  return true;
}
