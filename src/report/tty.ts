import type { ListrTask } from "listr2";
import type { Display, TaskEvent } from "./display.ts";
import { TaskProgress } from "./progress.ts";
import type { Style } from "./style.ts";

const REFRESH_MS = 100;

/** Where and how progress is drawn. */
export interface TtyOptions {
  readonly stream: NodeJS.WriteStream;
  readonly style: Style;
  /** A line as the stream takes it: without secrets, and escaped. */
  readonly render: (line: string) => string;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}

/** True when `stream` can be redrawn. */
export function isTerminal(stream: NodeJS.WritableStream): stream is NodeJS.WriteStream {
  return "isTTY" in stream && stream.isTTY === true;
}

/** A display with a line per task, redrawn in place by listr2, which is loaded with the first task. */
export function createTtyDisplay(options: TtyOptions): Display {
  let session: Session | null = null;
  return {
    get active() {
      return session !== null;
    },
    task(event) {
      if (event.kind === "task-started") session ??= new Session(options);
      session?.task(event);
    },
    status: (text, forMs) => session?.status(text, forMs),
    async close() {
      await session?.close();
      session = null;
    },
  };
}

interface Line {
  readonly progress: TaskProgress;
  readonly ended: PromiseWithResolvers<void>;
  setTitle: (title: string) => void;
}

/** One run of listr2. Its list is fixed when it starts, so later tasks are shown in a nested list. */
class Session {
  readonly #options: TtyOptions;
  readonly #lines = new Map<string, Line>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #timer: NodeJS.Timeout;
  readonly #run: Promise<unknown>;
  #waiting: Line[] = [];
  #arrival = Promise.withResolvers<void>();
  #open = true;
  #setStatus: (text: string) => void = () => undefined;
  /** When the status line disappears; null: with the next step of a task. */
  #statusUntil: number | null = null;

  constructor(options: TtyOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS).unref();
    // A display that breaks must not break the work it shows.
    this.#run = this.#draw().catch(() => undefined);
  }

  task(event: TaskEvent): void {
    if (event.kind === "task-started") {
      this.#start(event);
      return;
    }
    const line = this.#lines.get(event.id);
    if (line !== undefined) this.#apply(line, event);
  }

  status(text: string, forMs: number | null): void {
    this.#statusUntil = forMs === null ? null : this.#options.now() + forMs;
    this.#setStatus(this.#options.render(text));
  }

  async close(): Promise<void> {
    this.#open = false;
    clearInterval(this.#timer);
    for (const line of this.#lines.values()) line.ended.resolve();
    this.#arrival.resolve();
    this.#closed.resolve();
    await this.#run;
  }

  #start(event: Extract<TaskEvent, { kind: "task-started" }>): void {
    const progress = new TaskProgress(event.title, event.totalBytes, this.#options.now());
    const line = { progress, ended: Promise.withResolvers<void>(), setTitle: () => undefined };
    line.ended.promise.catch(() => undefined);
    this.#lines.set(event.id, line);
    this.#waiting.push(line);
    this.#arrival.resolve();
  }

  #apply(line: Line, event: Exclude<TaskEvent, { kind: "task-started" }>): void {
    switch (event.kind) {
      case "task-progress":
        line.progress.progress(event.bytes, event.totalBytes, this.#options.now());
        return;
      case "task-step":
        line.progress.step(event.step);
        this.#goOn();
        return;
      case "task-done":
        line.setTitle(this.#options.render(`${this.#options.style.bold(line.progress.title)}   ${event.summary}`));
        line.ended.resolve();
        break;
      case "task-failed":
        line.ended.reject(new Error(this.#options.render(`${this.#options.style.bold(line.progress.title)}   failed`)));
        break;
    }
    this.#lines.delete(event.id);
    this.#goOn();
  }

  #goOn(): void {
    if (this.#statusUntil === null) this.#setStatus("");
  }

  #refresh(): void {
    if (this.#statusUntil !== null && this.#options.now() >= this.#statusUntil) {
      this.#statusUntil = null;
      this.#setStatus("");
    }
    for (const line of this.#lines.values()) line.setTitle(this.#title(line));
  }

  #title(line: Line): string {
    return this.#options.render(line.progress.line(this.#options.style, this.#options.now()));
  }

  async #draw(): Promise<void> {
    const { Listr, ListrLogger, ProcessOutput } = await import("listr2");
    if (!this.#open) return;
    const { stream, style, render } = this.#options;
    const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(stream, stream) });
    const rendererOptions = {
      logger,
      clearOutput: true,
      formatOutput: "truncate",
      color: iconColors(style, render),
    } as const;
    await new Listr([this.#keeper(), this.#tail()], {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      // The fallback is the same renderer: listr2 falls back when stdout is not a terminal, but this draws on stderr.
      renderer: "default",
      rendererOptions,
      fallbackRenderer: "default",
      fallbackRendererOptions: rendererOptions,
    }).run();
  }

  /** It has no title; its output is the status line at the bottom. */
  #keeper(): ListrTask {
    return {
      task: async (_, task) => {
        this.#setStatus = (text) => {
          if (task.task.output !== text) task.output = text;
        };
        await this.#closed.promise;
      },
    };
  }

  /** Waits for tasks and becomes a list of them, with another of its kind at the end. */
  #tail(): ListrTask {
    return {
      task: async (_, task) => {
        await this.#arrival.promise;
        if (!this.#open) return undefined;
        this.#arrival = Promise.withResolvers<void>();
        const lines = this.#waiting.splice(0).map((line) => this.#lineTask(line));
        return task.newListr([...lines, this.#tail()], { concurrent: true, exitOnError: false });
      },
    };
  }

  #lineTask(line: Line): ListrTask {
    return {
      title: this.#title(line),
      task: async (_, task) => {
        line.setTitle = (title) => {
          if (task.title !== title) task.title = title;
        };
        await line.ended.promise;
      },
    };
  }
}

function iconColors(
  style: Style,
  render: (line: string) => string,
): Record<"PENDING" | "COMPLETED" | "FAILED" | "WAITING", (text?: string) => string> {
  const paint = (emphasis: (text: string) => string) => (text?: string) => render(emphasis(text ?? ""));
  return {
    PENDING: paint(style.yellow),
    COMPLETED: paint(style.green),
    FAILED: paint(style.red),
    WAITING: paint(style.dim),
  };
}
