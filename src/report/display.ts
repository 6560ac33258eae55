import type { Event } from "../base/events.ts";

/** Events that belong to a task. */
export type TaskEvent = Extract<Event, { readonly id: string }>;

/** Where progress is shown. */
export interface Display {
  /** True while the display redraws: nothing else may be written then. */
  readonly active: boolean;
  task(event: TaskEvent): void;
  /** Shows one line about a delay, while `active`: for `forMs` milliseconds, or if null until a task continues. */
  status(text: string, forMs: number | null): void;
  /** Ends the redraw; a later task starts a new one. Never rejects. */
  close(): Promise<void>;
}

/** Shows nothing: `--json`, `--quiet`. */
export const SILENT_DISPLAY: Display = {
  active: false,
  task: () => undefined,
  status: () => undefined,
  close: async () => undefined,
};
