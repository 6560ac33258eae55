import { textWidth } from "./columns.ts";
import type { Display } from "./display.ts";
import { frame } from "./frame.ts";
import type { Style } from "./style.ts";
import type { TaskBoard } from "./task-board.ts";

const REFRESH_MS = 100;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
const CLEAR_BELOW = "\u001b[J";
const DEFAULT_COLUMNS = 80;
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

/** One stretch of drawing. A stream that breaks must not break the work that is shown. */
class Session {
  readonly #options: TtyOptions;
  readonly #timer: NodeJS.Timeout;
  /** The lines on the terminal, as they were drawn. */
  #drawn: readonly string[] = [];
  #status = "";
  /** When the status line disappears; null: with the next event of a task. */
  #statusUntil: number | null = null;

  constructor(options: TtyOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#draw(), REFRESH_MS).unref();
    options.stream.on("resize", this.#draw);
    // A second signal ends the process at once.
    process.once("exit", this.#showCursor);
    this.#write(HIDE_CURSOR);
  }

  task(): void {
    if (this.#statusUntil === null) this.#status = "";
  }

  status(text: string, forMs: number | null): void {
    this.#statusUntil = forMs === null ? null : this.#options.now() + forMs;
    this.#status = this.#options.render(text);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#options.stream.removeListener("resize", this.#draw);
    process.removeListener("exit", this.#showCursor);
    this.#write(this.#rewind() + CLEAR_BELOW);
    this.#showCursor();
  }

  readonly #draw = (): void => {
    const { board, style, render, now } = this.#options;
    if (this.#statusUntil !== null && now() >= this.#statusUntil) {
      this.#statusUntil = null;
      this.#status = "";
    }
    const size = { columns: this.#columns(), rows: this.#options.stream.rows || DEFAULT_ROWS };
    const lines = frame(board, { ...size, now: now(), style, status: this.#status });
    // In one write, so that nothing is seen half drawn.
    this.#write(`${this.#rewind()}${lines.map((line) => `${render(line)}\u001b[K\n`).join("")}${CLEAR_BELOW}`);
    this.#drawn = lines;
  };

  /** Back to the first line of what was drawn; a terminal that has become narrower has broken its lines. */
  #rewind(): string {
    const columns = this.#columns();
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
    return rows === 0 ? "\r" : `\r\u001b[${rows}A`;
  }

  #columns(): number {
    return this.#options.stream.columns || DEFAULT_COLUMNS;
  }

  readonly #showCursor = (): void => this.#write(SHOW_CURSOR);

  #write(text: string): void {
    if (this.#options.stream.writable) this.#options.stream.write(text);
  }
}
