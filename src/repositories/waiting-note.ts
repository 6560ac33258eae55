import { SECOND_MS } from "../base/duration.ts";
import type { EmitEvent } from "../base/events.ts";

/** How long nothing is said: most indexes are there by then. */
const QUIET_MS = 5 * SECOND_MS;

/** Tells once, while some repositories are still waited for, which of the others can be used already. */
export interface WaitingNote {
  /** Takes the events of tasks `sync:NAME`, and passes all events on. */
  readonly emit: EmitEvent;
  /** Must be called in the end. */
  end(): void;
}

/** A note about the repositories of these names, that are synced side by side. */
export function createWaitingNote(emit: EmitEvent, names: readonly string[], quietMs = QUIET_MS): WaitingNote {
  const ended = new Map<string, "task-done" | "task-failed">();
  const those = (end: "task-done" | undefined) => names.filter((name) => ended.get(`sync:${name}`) === end);
  const tell = () => {
    const [pending, done] = [those(undefined), those("task-done")];
    if (pending.length === 0) return;
    const others = done.length === 0 ? "" : `; synced and ready to use: ${done.join(", ")}`;
    emit({ kind: "note", message: `Waiting for ${pending.join(", ")}${others}` });
  };
  const timer = setTimeout(tell, quietMs);
  return {
    emit: (event) => {
      if (event.kind === "task-done" || event.kind === "task-failed") ended.set(event.id, event.kind);
      emit(event);
    },
    end: () => clearTimeout(timer),
  };
}
