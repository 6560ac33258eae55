import type { EmitEvent } from "./events.ts";

/** How a longer piece of work is run. */
export interface WorkOptions {
  /** How many items are worked on at a time. */
  readonly concurrency: number;
  /** Receives the progress. */
  readonly emit: EmitEvent;
  /** Stops the work. */
  readonly signal: AbortSignal;
}
