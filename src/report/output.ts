import { fileWords } from "../base/foreign-words.ts";
import { PkgError, systemCode } from "../errors.ts";

/** A stream that text is written to, and that remembers when it broke. */
export interface Output {
  write(text: string): void;
  /** A line as this stream takes it: escaped, with or without emphasis. */
  render(line: string): string;
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
    write(text) {
      if (failure === null) stream.write(text);
    },
    async flush() {
      if (failure === null) await written(stream);
      if (failure !== null && systemCode(failure) !== "EPIPE") throw outputError(failure);
    },
  };
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
