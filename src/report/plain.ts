import type { Display, TaskEvent } from "./display.ts";
import { paceOf } from "./progress.ts";
import type { TaskBoard } from "./task-board.ts";
import { formatPart, formatPercent } from "./units.ts";

/** How often a long transfer says how far it is, so that nobody takes it for dead. */
const SIGN_OF_LIFE_MS = 10_000;

export interface PlainOptions {
  readonly board: TaskBoard;
  readonly writeLine: (line: string) => void;
  readonly verbose: boolean;
  /** Milliseconds of the board's clock. */
  readonly now: () => number;
}

/**
 * A display for pipes, files and CI. Results are told once, when they are there, so of a task it prints only now and then how
 * far a long transfer is; with `verbose` also a line when a task starts, for each of its steps, and when it ends.
 */
export function createPlainDisplay({ board, writeLine, verbose, now }: PlainOptions): Display {
  const titles = new Map<string, string>();
  let told = now();
  return {
    active: false,
    task(event) {
      if (event.kind === "task-started") titles.set(event.id, event.title);
      if (event.kind === "task-progress" && now() - told >= SIGN_OF_LIFE_MS) {
        told = now();
        writeLine(signOfLife(board, told));
      }
      const what = verbose ? describe(event) : null;
      if (what !== null) writeLine(`${titles.get(event.id) ?? event.id}: ${what}`);
    },
    status: () => undefined,
    close: async () => undefined,
  };
}

/** `2 of 50: 12.3 of 104 MB, 12 %, 8.6 MB/s, 11 s left`; for a single task its title. */
export function signOfLife(board: TaskBoard, now: number): string {
  const { ended, tasks, bytes, totalBytes, rate } = board.totals(now);
  const [only] = board.running;
  const what = tasks < 2 && only !== undefined ? only.title : `${ended} of ${tasks}`;
  const pace = paceOf(rate, totalBytes === null ? null : totalBytes - bytes);
  const parts = [formatPart(bytes, totalBytes), formatPercent(bytes, totalBytes), pace.rate, pace.left];
  return `${what}: ${parts.filter((part) => part !== "").join(", ")}`;
}

function describe(event: TaskEvent): string | null {
  switch (event.kind) {
    case "task-started":
      return "started";
    case "task-progress":
      return null;
    case "task-step":
      return event.step;
    case "task-done":
      return event.summary === "" ? "done" : event.summary;
    case "task-failed":
      return "failed";
  }
}
