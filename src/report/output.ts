import { fileWords } from "../base/foreign-words.ts";
import type { Secrets } from "../base/secrets.ts";
import { PkgError, systemCode } from "../errors.ts";
import type { AsciiText } from "./ascii.ts";
import { fitTables } from "./fit-tables.ts";
import { createRenderer, type Rendering } from "./style.ts";
import { DEFAULT_COLUMNS, isTerminal } from "./tty.ts";
import { wrapLine } from "./wrap.ts";

/** A stream that text is written to, and that remembers when it broke. */
export interface Output {
  write(text: string): void;
  /** A line as this stream takes it: escaped, with or without emphasis. */
  render(line: string): string;
  /** The same for a line that a program reads: elsewhere than on a terminal, all its characters stay. */
  verbatim(line: string): string;
  /** A JSON document as this stream takes it. */
  json(document: string): string;
  /** Cells of a line, where it is a terminal; null elsewhere, where no line is too long. */
  readonly width: number | null;
  /** The same, for lines that are laid out or cut before they are rendered. */
  readonly room: number | null;
  /** Waits until all is written; FILE_SYSTEM or DISK_FULL when it could not be. */
  flush(): Promise<void>;
}

/** What is written in another way than as `render` does. */
interface Exceptions {
  readonly verbatim?: Output["verbatim"];
  readonly json?: Output["json"];
  readonly spareCells?: number;
}

/**
 * Wraps `stream`. A reader that went away (`pkg list | head`) is not a failure: the rest is dropped silently.
 * Any other failure is thrown by flush(), so that a lost result never counts as success.
 */
export function createOutput(
  stream: NodeJS.WritableStream,
  render: (line: string) => string,
  { verbatim = render, json = (document) => document, spareCells = 0 }: Exceptions = {},
): Output {
  const width = () => (isTerminal(stream) ? stream.columns || DEFAULT_COLUMNS : null);
  let failure: Error | null = null;
  stream.on("error", (error: Error) => {
    failure ??= error;
  });
  return {
    render,
    verbatim,
    json,
    get width() {
      return width();
    },
    get room() {
      const cells = width();
      return cells === null ? null : Math.max(1, cells - spareCells);
    },
    write(text) {
      if (failure === null) stream.write(text);
    },
    async flush() {
      if (failure === null) await written(stream);
      if (failure !== null && systemCode(failure) !== "EPIPE") throw outputError(failure);
    },
  };
}

/** What the outputs of a run are made for. */
export interface OutputsOptions {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Given where what is written must be ASCII: the locale is not one of UTF-8. */
  readonly ascii?: AsciiText | null;
}

/** The two outputs of a run: a result keeps what looks like a secret, unless it is known to be one. */
export function createOutputs({ stdout, stderr, ascii = null }: OutputsOptions, secrets: Secrets) {
  const isShown = isTerminal(stderr);
  return {
    stdout: outputOf(stdout, { emphasis: true, redact: (text) => secrets.redactKnown(text) }, ascii),
    // `2> log` asks for no escape sequences, whatever stdout is.
    stderr: outputOf(stderr, { emphasis: isShown, redact: (text) => secrets.redact(text) }, ascii),
  };
}

/** On a terminal, of which a character set is known, nothing but ASCII; into a pipe goes what packages hold as it is. */
function outputOf(stream: NodeJS.WritableStream, how: Omit<Rendering, "encode">, ascii: AsciiText | null): Output {
  const plain = createRenderer(how);
  if (ascii === null) return createOutput(stream, plain);
  const { spareCells } = ascii;
  if (!isTerminal(stream))
    return createOutput(stream, createRenderer({ ...how, encode: ascii.signs }), { verbatim: plain, spareCells });
  return createOutput(stream, createRenderer({ ...how, encode: ascii.whole }), { json: ascii.json, spareCells });
}

/** Writes `lines`, those that are wider than a terminal broken at their blanks. */
export function writeLines(output: Output, lines: readonly string[]): void {
  const fitting = output.room === null ? lines : fitTables(lines, output.room);
  write(
    output,
    fitting.map((line) => wrapped(output, line)),
  );
}

/** Ends the line in which a terminal shows the ^C that was typed. */
export function endLine({ write, width }: Output): void {
  if (width !== null) write("\n");
}

/** `line` as it is written, where it is wider than a terminal broken at its blanks. */
export function wrapped({ render, width }: Output, line: string): string {
  const rendered = render(line);
  return width === null ? rendered : wrapLine(rendered, width).join("\n");
}

/** Writes lines that are to be copied, or read by a program: none is broken. */
export function writeVerbatim(output: Output, lines: readonly string[]): void {
  write(output, lines.map(output.verbatim));
}

/** The same, where a program reads none of them. */
export function writeOwn(output: Output, lines: readonly string[]): void {
  write(output, lines.map(output.render));
}

function write(output: Output, rendered: readonly string[]): void {
  if (rendered.length > 0) output.write(`${rendered.join("\n")}\n`);
}

/** Waits for all earlier writes: an empty one completes after them, even if they failed. */
function written(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => setImmediate(resolve));
  });
}

function outputError(cause: Error): PkgError {
  const system = systemCode(cause) ?? "";
  const { code, reason, hint } = fileWords(system) ?? { code: "FILE_SYSTEM", reason: cause.message, hint: undefined };
  return new PkgError(
    code,
    `Cannot write the output: ${reason} (${system})`,
    hint === undefined ? { cause } : { cause, hint },
  );
}
