import { PkgError } from "../errors.ts";
import type { Intent } from "../state/intent.ts";
import { type PlacementContext, RecordFailure, undo } from "./placement.ts";

/**
 * Undoes an intent that failed with `error`, and returns the error to throw. If undoing fails as well, the intent stays
 * in the journal, and the next start handles it.
 */
export function rollBack(context: PlacementContext, id: number, failure: { intent: Intent; error: unknown }): unknown {
  const { intent, error } = failure;
  const isMarked = succeeds(() => context.journal.markUndo(id));
  // A record that failed may still take effect after a power cut, unless something was written after it.
  if (isMarked || !(error instanceof RecordFailure)) {
    succeeds(() => {
      undo(context, intent);
      context.journal.finish(id);
    });
  }
  return error instanceof RecordFailure ? error.cause : error;
}

/** False when `work` fails with an error that a person can meet; a bug is thrown. */
export function succeeds(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof PkgError) return false;
    throw error;
  }
}
