import type { EmitEvent } from "../base/events.ts";
import { createSecrets, type Secrets } from "../base/secrets.ts";
import { steadyClock } from "../base/steady-clock.ts";
import type { AsciiText } from "./ascii.ts";
import { bytesAreNoDocument, writeBytes } from "./bytes.ts";
import { columnsWithin } from "./columns.ts";
import type { Display } from "./display.ts";
import { errorLines } from "./error-lines.ts";
import { eventLines, isWait, toType, waitText } from "./event-lines.ts";
import { type JsonResult, jsonResult } from "./json-result.ts";
import { createOutputs, endLine, type Output, wrapped, writeLines, writeOwn, writeVerbatim } from "./output.ts";
import { type ProgressOptions, progressDisplay } from "./progress-display.ts";
import { createStyle, type Style } from "./style.ts";
import { TaskBoard } from "./task-board.ts";
import { DEFAULT_COLUMNS, isTerminal } from "./tty.ts";

/** The one way to the terminal: events, results, errors and questions of a command. Everything written is escaped. */
export interface Reporter {
  /** Progress, notes and warnings, to stderr. */
  readonly emit: EmitEvent;
  /** Plain result lines, as they are, to stdout in text mode; nothing in JSON mode. */
  print(lines: readonly string[]): void;
  /**
   * The operation's outcome, once: with --json finish() writes it to stdout as one document, together with the warnings
   * and with the errors that are not in it; else the lines of `text` are written, on a terminal broken at blanks. If there are none,
   * and nothing failed, finish() says `empty` on stderr, so that a count of the lines on stdout is 0.
   *
   * @throws {PkgError} HTTP_UNEXPECTED for an outcome that is nested too deep for JSON
   */
  result(outcome: object, text: () => readonly string[], empty?: string): void;
  /** As result(), for lines that a shell reads, or a person copies: on a terminal too, none of them is broken. */
  script(outcome: object, text: () => readonly string[]): void;
  /** As script(), for text that is all the program's own, such as help. */
  ownText(outcome: object, text: () => readonly string[]): void;
  /** The outcome of a command that goes on, such as a server: as result(), but with --json it is written at once. */
  announce(outcome: object, text: () => readonly string[]): Promise<void>;
  /** Lines for a person that are neither result nor error, such as totals, to stderr; none in JSON mode or when quiet. */
  say(lines: readonly string[]): void;
  /**
   * The outcome as bytes, unchanged to stdout; a terminal gets escaped text.
   *
   * @throws {PkgError} USAGE on a terminal, for bytes that are not text; with --json
   */
  bytes(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
  /**
   * What went wrong, to stderr; each error is shown once, however often it is reported. In JSON mode finish() writes a
   * document `{"error": {code, message, hint}}` to stdout if there was no result, and else adds it to the result.
   */
  error(error: unknown): void;
  /** What the tasks of this run have finished, and what the next run finds of the others; null if there were none. */
  leftBehind(): string | null;
  /** What the next run finds of the transfers that broke off; null if nothing. */
  kept(): string | null;
  /** Whether there is a person to ask: stdin, stdout and stderr are terminals, and the mode is not JSON. */
  readonly converses: boolean;
  /** Asks on a terminal (stderr out, stdin in); `fallback` when stdin, stdout or stderr is none, or in JSON mode. */
  confirm(question: string, fallback: boolean): Promise<boolean>;
  /**
   * Asks on a terminal which of several is meant; null if there is no terminal to ask on, and without a choice. The cells of
   * the options are aligned; of one that is wider than the terminal, all but the first cell may be cut.
   */
  choose(question: string, options: readonly (readonly string[])[]): Promise<number | null>;
  /**
   * Asks on a terminal for one line, which may be hidden while typed; null if there is no terminal to ask on, and when the
   * input ends without a line.
   */
  prompt(question: string, options: { readonly hidden: boolean }): Promise<string | null>;
  /** Ends the progress display and waits for writes. @throws {PkgError} DISK_FULL, FILE_SYSTEM if a result was lost */
  finish(): Promise<void>;
  /** Cells that a line of the terminal that results are written to has for text; null: they go elsewhere, where no line is too long. */
  readonly width: number | null;
  /** Emphasis for result lines; without colour it leaves text as it is. */
  readonly style: Style;
}

/** How a run of the program reports. */
export interface ReporterOptions extends ProgressOptions {
  readonly color: boolean;
  readonly stdout: NodeJS.WritableStream;
  /** Opens it: it is asked for only where there may be a person. */
  readonly stdin: () => NodeJS.ReadableStream;
  /** What this run must not show; it grows while it runs. */
  readonly secrets?: Secrets;
  /** How text becomes ASCII, where the locale is not one of UTF-8. */
  readonly ascii?: AsciiText | null;
}

/** The reporter for one run of the program. */
export function createReporter(options: ReporterOptions): Reporter {
  return new StreamReporter(options);
}

class StreamReporter implements Reporter {
  readonly style: Style;
  readonly #options: ReporterOptions;
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #board: TaskBoard;
  readonly #display: Display;
  /** Writes that wait for the end of the redraw. */
  #held: (() => void)[] = [];
  #closing: Promise<void> | null = null;
  #hasResult = false;
  readonly #json: JsonResult;
  /** What to say if the result was empty, unless it turns out that something failed. */
  #empty: string | undefined;
  readonly #errors = new Set<unknown>();

  constructor(options: ReporterOptions) {
    this.#options = options;
    const secrets = options.secrets ?? createSecrets();
    this.#json = jsonResult(secrets);
    this.style = createStyle(options.color);
    const { stdout, stderr } = createOutputs(options, secrets);
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#board = new TaskBoard(steadyClock, this.#stderr.render);
    options.signal?.addEventListener("abort", () => this.#display.active || endLine(this.#stderr), { once: true });
    this.#display = progressDisplay(options, {
      ...{ board: this.#board, style: this.style, render: this.#stderr.render, now: steadyClock },
      writeLine: (line) => this.#tell([line]),
    });
  }

  readonly emit: EmitEvent = (event) => {
    this.#board.apply(event);
    if ("id" in event) this.#display.task(event);
    if (event.kind === "task-failed") this.#showError(event.error);
    if (event.kind === "warning") this.#json.warn(event.message);
    const lines = eventLines(event, { ...this.#options, isDrawing: this.#display.active }, this.style);
    if (lines !== null) {
      this.#tell(lines);
      this.#hold(() => writeVerbatim(this.#stderr, toType(event)));
      // Between two pieces of work, such as a sync and what it was for, nothing is drawn that a line could break.
      if (this.#board.running.length === 0) void this.#settle();
    }
    if (isWait(event)) this.#display.status(waitText(event), event.kind === "retrying" ? event.waitMs : null);
  };

  print(lines: readonly string[]): void {
    if (this.#options.mode === "json") return;
    this.#hold(() => writeVerbatim(this.#stdout, lines));
    void this.#settle();
  }

  script(outcome: object, text: () => readonly string[]): void {
    this.#keepResult(outcome);
    if (this.#options.mode !== "json") this.print(text());
  }

  ownText(outcome: object, text: () => readonly string[]): void {
    this.#keepResult(outcome);
    if (this.#options.mode === "json") return;
    this.#hold(() => writeOwn(this.#stdout, text()));
    void this.#settle();
  }

  result(outcome: object, text: () => readonly string[], empty?: string): void {
    this.#keepResult(outcome);
    if (this.#options.mode !== "json") this.#printOrNote(text(), empty);
  }

  async announce(outcome: object, text: () => readonly string[]): Promise<void> {
    this.result(outcome, text);
    this.#writeDocument();
    await this.#stdout.flush();
  }

  say(lines: readonly string[]): void {
    if (this.#options.mode === "json" || this.#options.quiet) return;
    this.#tell(lines);
    void this.#settle();
  }

  leftBehind(): string | null {
    return this.#board.leftBehind();
  }

  kept(): string | null {
    return this.#board.kept();
  }

  async bytes(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    if (this.#options.mode === "json") throw bytesAreNoDocument();
    await this.#settle();
    this.#hasResult = true;
    await writeBytes(source, { stream: this.#options.stdout, print: (lines) => this.print(lines) });
  }

  error(error: unknown): void {
    this.#showError(error);
    void this.#settle();
  }

  async confirm(question: string, fallback: boolean): Promise<boolean> {
    if (!this.converses) return fallback;
    await this.#settle();
    const { ask } = await import("./confirm.ts");
    return await ask({ text: wrapped(this.#stderr, question), fallback, ...this.#person() });
  }

  async choose(question: string, options: readonly (readonly string[])[]): Promise<number | null> {
    if (!this.converses) return null;
    await this.#settle();
    const width = this.#stderr.room ?? DEFAULT_COLUMNS;
    const shown = options.map((cells) => cells.map(this.#stderr.render));
    writeLines(this.#stderr, [question]);
    writeVerbatim(this.#stderr, columnsWithin(shown, width - 1));
    const { askWhich } = await import("./choose.ts");
    return await askWhich({ count: options.length, ...this.#person() });
  }

  async prompt(question: string, { hidden }: { readonly hidden: boolean }): Promise<string | null> {
    // A passphrase is also asked for where the result goes into a file, as that of `key export`.
    if (hidden ? !this.#canAsk() : !this.converses) return null;
    await this.#settle();
    const { prompt } = await import("./prompt.ts");
    return await prompt({ text: `${wrapped(this.#stderr, question)} `, hidden, ...this.#person() });
  }

  get width(): number | null {
    return this.#stdout.room;
  }

  async finish(): Promise<void> {
    await this.#settle();
    if (this.#empty !== undefined && this.#errors.size === 0) this.say([this.#empty]);
    this.#writeDocument();
    await this.#stdout.flush();
    // If stderr is broken, there is no way to report that.
    await this.#stderr.flush().catch(() => undefined);
  }

  #writeDocument(): void {
    const document = this.#options.mode === "json" ? this.#json.take([...this.#errors].map(asError)) : null;
    if (document !== null) this.#stdout.write(this.#stdout.json(document));
  }

  #person() {
    return { output: this.#stderr, stdin: this.#options.stdin(), signal: this.#options.signal };
  }

  #canAsk(): boolean {
    const { interactive, mode } = this.#options;
    if (!interactive || mode === "json") return false;
    const stdin = this.#options.stdin();
    return "isTTY" in stdin && stdin.isTTY === true;
  }

  /** Whose result goes into a pipe or a file is a program's business, and a program answers nothing. */
  get converses(): boolean {
    return this.#canAsk() && isTerminal(this.#options.stdout);
  }

  #keepResult(outcome: object): void {
    if (this.#hasResult) throw new Error("A command has one result, but a second was reported");
    // A result that cannot be written as JSON leaves room for the error that says so.
    if (this.#options.mode === "json") this.#json.keep(outcome);
    this.#hasResult = true;
  }

  #printOrNote(lines: readonly string[], empty: string | undefined): void {
    this.#hold(() => writeLines(this.#stdout, lines));
    void this.#settle();
    if (lines.length === 0) this.#empty = empty;
  }

  #showError(error: unknown): void {
    if (this.#errors.has(error)) return;
    const lines = errorLines(error, this.style, { verbose: this.#options.verbose, told: this.#errors });
    this.#errors.add(error);
    this.#tell(lines);
  }

  #tell(lines: readonly string[]): void {
    this.#hold(() => writeLines(this.#stderr, lines));
  }

  #hold(write: () => void): void {
    if (this.#display.active || this.#closing !== null) this.#held.push(write);
    else write();
  }

  /** Ends the redraw, then does the writes that waited for it, in order. */
  async #settle(): Promise<void> {
    if (!this.#display.active && this.#closing === null) return;
    this.#closing ??= this.#display.close().then(() => {
      this.#closing = null;
      for (const write of this.#held.splice(0)) write();
    });
    await this.#closing;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
