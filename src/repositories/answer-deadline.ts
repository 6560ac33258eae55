import { PkgError } from "../errors.ts";

/** Aborts a request unless its server begins to answer in time. */
export interface AnswerDeadline {
  readonly signal: AbortSignal;
  /** Must be called when the answer begins, which may then take as long as it needs. */
  answered(): void;
  /** The error to report: the deadline's own, if that was the cause. */
  explain(error: unknown): unknown;
}

/** Sets a deadline for a `task`, in ms; null: none. Its error is NETWORK_TIMEOUT. */
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
