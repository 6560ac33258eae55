import { PkgError } from "../errors.ts";

/** Ends a request unless its server begins to answer in time. */
export interface AnswerDeadline {
  readonly signal: AbortSignal;
  /** From here on the answer may take its time. */
  answered(): void;
  /** What is to be told of an error: the deadline, when it was that. */
  explain(error: unknown): unknown;
}

/** A deadline for whoever syncs `name`; without `withinMs` there is none. */
export function answerDeadline(signal: AbortSignal, withinMs: number | null, name: string): AnswerDeadline {
  if (withinMs === null) return { signal, answered: () => {}, explain: (error) => error };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), withinMs);
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    answered: () => clearTimeout(timer),
    explain: (error) => {
      clearTimeout(timer);
      if (!controller.signal.aborted || signal.aborted) return error;
      return new PkgError("NETWORK_TIMEOUT", `Cannot sync "${name}": no answer within ${withinMs} ms`, {
        cause: error,
      });
    },
  };
}
