import { type Display, SILENT_DISPLAY } from "./display.ts";
import { createPlainDisplay } from "./plain.ts";
import type { Style } from "./style.ts";
import type { TaskBoard } from "./task-board.ts";
import { createTtyDisplay, isTerminal } from "./tty.ts";

/** What decides how progress is shown. */
export interface ProgressOptions {
  readonly mode: "text" | "json";
  /** Only results and errors. */
  readonly quiet: boolean;
  /** Details, steps, every retry, causes of errors, and the stack of a bug. */
  readonly verbose: boolean;
  /** Whether stderr is a terminal, outside of CI. */
  readonly interactive: boolean;
  /** Whether that terminal can move its cursor; default: true. */
  readonly redraws?: boolean;
  /** Whether nobody else is using that terminal now, as when this runs in the background; default: true. */
  readonly mayDraw?: (stream: NodeJS.WritableStream) => boolean;
  readonly stderr: NodeJS.WritableStream;
  /** Aborting it ends a question that waits, with INTERRUPTED. */
  readonly signal?: AbortSignal;
}

/** What a display draws, and with what. */
export interface DisplayParts {
  readonly board: TaskBoard;
  readonly style: Style;
  /** Escapes text. */
  readonly render: (text: string) => string;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Writes a line of a display that does not redraw. */
  readonly writeLine: (line: string) => void;
}

/** A line per task that is redrawn on a terminal, a line now and then elsewhere, and nothing for --json and --quiet. */
export function progressDisplay(options: ProgressOptions, { writeLine, ...parts }: DisplayParts): Display {
  const { mode, quiet, verbose, interactive, redraws = true, stderr, signal, mayDraw = () => true } = options;
  if (mode === "json" || quiet) return SILENT_DISPLAY;
  if (interactive && redraws && isTerminal(stderr))
    return createTtyDisplay({ ...parts, stream: stderr, mayDraw, signal });
  return createPlainDisplay({ board: parts.board, writeLine, verbose, now: parts.now });
}
