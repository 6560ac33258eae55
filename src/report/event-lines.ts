import type { Event } from "../base/events.ts";
import type { Style } from "./style.ts";
import { formatDuration } from "./units.ts";

/** Shorter waits are shown only with --verbose. */
const NOTABLE_WAIT_MS = 1000;

/** An event that says that the work waits. */
export type Wait = Extract<Event, { kind: "waiting-for-lock" | "retrying" }>;

/** How a run reports, and what is on its terminal now. */
export interface Hearing {
  readonly mode: "text" | "json";
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Whether progress is being drawn, which shows short waits itself. */
  readonly isDrawing: boolean;
}

/** Lines for an event outside of a task's progress; null when it is not to be shown. */
export function eventLines(
  event: Event,
  { mode, quiet, verbose, isDrawing }: Hearing,
  style: Style,
): readonly string[] | null {
  if (quiet) return null;
  if (event.kind === "detail") return verbose ? [`${style.dim("detail:")} ${event.message}`] : null;
  if (event.kind === "warning") return [`${style.yellow("warning:")} ${event.message}`];
  if (mode === "json" && !verbose) return null;
  if (event.kind === "note") return [`${style.cyan("note:")} ${event.message}`];
  if (!isWait(event) || (isDrawing && !verbose)) return null;
  const notable = event.kind === "waiting-for-lock" || event.waitMs >= NOTABLE_WAIT_MS || verbose;
  return notable ? [`${style.cyan("note:")} ${waitText(event)}`] : null;
}

/** What is typed after a note, below it: these lines are copied, and so never broken. */
export function toType(event: Event): readonly string[] {
  return event.kind === "note" ? (event.more ?? []).map((line) => `    ${line}`) : [];
}

/** True for an event that is shown as what is waited for now. */
export function isWait(event: Event): event is Wait {
  return event.kind === "waiting-for-lock" || event.kind === "retrying";
}

/** What is waited for, in one line. */
export function waitText(event: Wait): string {
  if (event.kind === "waiting-for-lock") return `Waiting for ${event.holder}, which holds the lock`;
  return `Trying ${event.what} again in ${formatDuration(event.waitMs)}: ${event.reason}`;
}
