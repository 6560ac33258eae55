import type { Display } from "./display.ts";
import { frame } from "./frame.ts";
import type { Style } from "./style.ts";
import type { TaskBoard } from "./task-board.ts";

const REFRESH_MS = 100;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_LINE = "\u001b[K";
const CLEAR_BELOW = "\u001b[J";
/** While lines are drawn, one that is too wide loses its end (DECAWM): a window may be narrower than this program has heard. */
const WRAP_OFF = "\u001b[?7l";
const WRAP_ON = "\u001b[?7h";
/** For a terminal that does not know its size, as some in containers. */
export const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Where and how progress is drawn. */
export interface TtyOptions {
  readonly stream: NodeJS.WriteStream;
  readonly board: TaskBoard;
  readonly style: Style;
  /** A line as the stream takes it: without secrets, and escaped. */
  readonly render: (line: string) => string;
  /** Milliseconds of the board's clock. */
  readonly now: () => number;
  /** Whether nobody else is using the stream now. */
  readonly mayDraw: (stream: NodeJS.WritableStream) => boolean;
  /** Once it is aborted, nothing more is drawn. */
  readonly signal: AbortSignal | undefined;
}

/** True when `stream` can be redrawn. */
export function isTerminal(stream: NodeJS.WritableStream): stream is NodeJS.WriteStream {
  return "isTTY" in stream && stream.isTTY === true;
}

/** A display that draws the board again and again in the same place, while tasks run. */
export function createTtyDisplay(options: TtyOptions): Display {
  let session: Session | null = null;
  return {
    get active() {
      return session !== null;
    },
    task(event) {
      if (event.kind === "task-started") session ??= new Session(options);
      session?.task();
    },
    status: (text, forMs) => session?.status(text, forMs),
    async close() {
      session?.close();
      session = null;
    },
  };
}

/**
 * One stretch of drawing. Between two frames the cursor is at the start of the first line: a terminal that is resized breaks
 * lines anew and keeps the cursor where its text is, so the next frame begins in the right place. A stream that breaks must
 * not break the work that is shown.
 */
class Session {
  readonly #options: TtyOptions;
  readonly #timer: NodeJS.Timeout;
  #isHidden = false;
  #status = "";
  /** When the status line disappears; null: with the next event of a task. */
  #statusUntil: number | null = null;

  constructor(options: TtyOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#draw(), REFRESH_MS).unref();
    options.stream.on("resize", this.#draw);
    process.once("exit", this.#clear).on("SIGTSTP", this.#suspend).on("SIGCONT", this.#continue);
    // What is asked to stop may take a while, and a second signal ends it at once, without an exit.
    options.signal?.addEventListener("abort", this.close, { once: true });
    if (options.mayDraw(options.stream)) this.#hideCursor();
  }

  task(): void {
    if (this.#statusUntil === null) this.#status = "";
  }

  status(text: string, forMs: number | null): void {
    this.#statusUntil = forMs === null ? null : this.#options.now() + forMs;
    this.#status = this.#options.render(text);
  }

  readonly close = (): void => {
    clearInterval(this.#timer);
    this.#options.stream.removeListener("resize", this.#draw);
    process.removeListener("exit", this.#clear);
    process.removeListener("SIGTSTP", this.#suspend).removeListener("SIGCONT", this.#continue);
    this.#options.signal?.removeEventListener("abort", this.close);
    this.#clear();
  };

  readonly #draw = (): void => {
    const { board, stream, style, render, now, mayDraw } = this.#options;
    // Whoever sent this into the background is typing in the same place now.
    if (!mayDraw(stream)) {
      this.#clear();
      return;
    }
    if (this.#statusUntil !== null && now() >= this.#statusUntil) {
      this.#statusUntil = null;
      this.#status = "";
    }
    const size = { columns: stream.columns || DEFAULT_COLUMNS, rows: stream.rows || DEFAULT_ROWS };
    const lines = frame(board, { ...size, now: now(), style, status: this.#status });
    const text = lines.map((line) => render(line) + CLEAR_LINE).join("\n");
    this.#hideCursor();
    // In one write, so that nothing is seen half drawn.
    this.#write(`\r${WRAP_OFF}${text}${CLEAR_BELOW}${WRAP_ON}\r${up(lines.length - 1)}`);
  };

  readonly #suspend = (): void => {
    this.#clear();
    // With no listener left, the signal stops the process.
    process.removeListener("SIGTSTP", this.#suspend);
    process.kill(process.pid, "SIGTSTP");
  };

  readonly #continue = (): void => {
    process.removeListener("SIGTSTP", this.#suspend).on("SIGTSTP", this.#suspend);
    // Of a new size, only the programs in the foreground are told.
    process.kill(process.pid, "SIGWINCH");
    this.#draw();
  };

  #hideCursor(): void {
    if (!this.#isHidden) this.#write(HIDE_CURSOR);
    this.#isHidden = true;
  }

  readonly #clear = (): void => {
    if (this.#isHidden) this.#write(`\r${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#isHidden = false;
  };

  #write(text: string): void {
    if (this.#options.stream.writable) this.#options.stream.write(text);
  }
}

function up(lines: number): string {
  return lines > 0 ? `\u001b[${lines}A` : "";
}
