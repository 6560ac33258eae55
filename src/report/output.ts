import { fileWords } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";
import { fitTables } from "./fit-tables.ts";
import { DEFAULT_COLUMNS, isTerminal } from "./tty.ts";
import { wrapLine } from "./wrap.ts";

/** A stream that text is written to, and that remembers when it broke. */
export interface Output {
  write(text: string): void;
  /** A line as this stream takes it: escaped, with or without emphasis. */
  render(line: string): string;
  /** Cells of a line, where it is a terminal; null elsewhere, where no line is too long. */
  readonly width: number | null;
  /** Waits until all is written; FILE_SYSTEM or DISK_FULL when it could not be. */
  flush(): Promise<void>;
}

/**
 * Wraps `stream`. A reader that went away (`pkg list | head`) is not a failure: the rest is dropped silently.
 * Any other failure is thrown by flush(), so that a lost result never counts as success.
 */
export function createOutput(stream: NodeJS.WritableStream, render: (line: string) => string): Output {
  let failure: Error | null = null;
  stream.on("error", (error: Error) => {
    failure ??= error;
  });
  return {
    render,
    get width() {
      return isTerminal(stream) ? stream.columns || DEFAULT_COLUMNS : null;
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

/** Writes `lines`, those that are wider than a terminal broken at their blanks. */
export function writeLines(output: Output, lines: readonly string[]): void {
  const fitting = output.width === null ? lines : fitTables(lines, output.width);
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
