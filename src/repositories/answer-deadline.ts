import { PkgError } from "../errors.ts";

/** Ends a request unless its server begins to answer in time. */
export interface AnswerDeadline {
  readonly signal: AbortSignal;
  /** From here on the answer may take its time. */
  answered(): void;
  /** The error to tell: that of the deadline, where that was the cause. */
  explain(error: unknown): unknown;
}

/** A deadline for a `task`, in ms; null: none. Its `explain` gives NETWORK_TIMEOUT. */
export function answerDeadline(signal: AbortSignal, withinMs: number | null, task: string): AnswerDeadline {
  if (withinMs === null) return { signal, answered: () => {}, explain: (error) => error };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), withinMs);
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    answered: () => clearTimeout(timer),
    explain: (error) => {
      clearTimeout(timer);
      if (!controller.signal.aborted || signal.aborted) return error;
      return new PkgError("NETWORK_TIMEOUT", `Cannot ${task}: no answer within ${withinMs} ms`, {
        cause: error,
      });
    },
  };
}
