import { textWidth, truncate } from "./columns.ts";
import { paceOf, type TaskProgress } from "./progress.ts";
import type { Style } from "./style.ts";
import type { TaskBoard, Totals } from "./task-board.ts";
import { formatPart, formatPercent } from "./units.ts";

/** What a frame of the progress display is made for. */
export interface FrameOptions {
  /** Of the terminal, in cells. */
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds of the board's clock. */
  readonly now: number;
  readonly style: Style;
  /** One line about a delay, escaped; "" if there is none. */
  readonly status: string;
}

const GAP = "   ";
const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const SPINNER_MS = 100;
/** A title is cut to no less than this before other parts of the line are left out. */
const MIN_TITLE_CELLS = 12;

/**
 * The progress of a run as lines for a terminal: a line for each running task, then a delay, then all tasks together. No
 * line is wider than the terminal, and there are fewer of them than it has rows, so that they can be drawn again in place.
 */
export function frame(board: TaskBoard, options: FrameOptions): readonly string[] {
  const { running } = board;
  const totals = board.totals(options.now);
  const foot = [...(options.status === "" ? [] : [fit(options.status, options)]), ...totalLine(totals, options)];
  const room = Math.max(1, options.rows - 1 - foot.length);
  const shown = running.length <= room ? running : running.slice(0, Math.max(0, room - 1));
  const hidden = running.length - shown.length;
  return [
    ...shown.map((task) => taskLine(task, options)),
    ...(hidden === 0 ? [] : [options.style.dim(fit(`  … and ${hidden} more`, options))]),
    ...foot,
  ].slice(-Math.max(1, options.rows - 1));
}

function taskLine(task: TaskProgress, { columns, now, style }: FrameOptions): string {
  const { title, step, bytes, totalBytes } = task;
  const pace = paceOf(task.rate(now), totalBytes === null ? null : totalBytes - bytes);
  const hasAmount = bytes > 0 || totalBytes !== null;
  const amount = hasAmount ? formatPart(bytes, totalBytes) : "";
  const percent = bytes > 0 ? formatPercent(bytes, totalBytes) : "";
  const spinner = SPINNER[Math.floor(now / SPINNER_MS) % SPINNER.length] ?? "";
  const parts = { step: step ?? "", amount, percent, ...pace };
  const tail = tailWithin(parts, columns - 1 - spinner.length - 1 - Math.min(textWidth(title), MIN_TITLE_CELLS));
  const room = columns - 1 - 2 - textWidth(tail);
  if (room < 1) return "";
  return `${style.yellow(spinner)} ${style.bold(truncate(title, room))}${tail}`;
}

interface Parts {
  readonly step: string;
  readonly amount: string;
  readonly percent: string;
  readonly rate: string;
  readonly left: string;
}

/** What is left out first where a line is too narrow. */
const DISPENSABLE = ["step", "rate", "amount", "left", "percent"] as const;

/** As many parts as fit into `cells`, in the order of a line. */
function tailWithin(parts: Parts, cells: number): string {
  for (let dropped = 0; dropped <= DISPENSABLE.length; dropped += 1) {
    const out: readonly string[] = DISPENSABLE.slice(0, dropped);
    const tail = (["step", "amount", "percent", "rate", "left"] as const)
      .filter((key) => parts[key] !== "" && !out.includes(key))
      .map((key) => GAP + parts[key])
      .join("");
    if (textWidth(tail) <= cells) return tail;
  }
  return "";
}

/** `2 of 50   12.3 of 104 MB   12 %   8.6 MB/s   11 s left`; nothing for a single task, whose own line says as much. */
function totalLine(
  { ended, failed, tasks, bytes, totalBytes, rate }: Totals,
  options: FrameOptions,
): readonly string[] {
  if (tasks < 2) return [];
  const pace = paceOf(rate, totalBytes === null ? null : totalBytes - bytes);
  const count = `  ${ended} of ${tasks}${failed === 0 ? "" : `, ${failed} failed`}`;
  const amount = bytes > 0 ? formatPart(bytes, totalBytes) : "";
  const percent = bytes > 0 ? formatPercent(bytes, totalBytes) : "";
  const tail = tailWithin({ step: "", amount, percent, ...pace }, options.columns - 1 - textWidth(count));
  return [options.style.dim(fit(count + tail, options))];
}

function fit(text: string, { columns }: FrameOptions): string {
  return truncate(text, columns - 1);
}
