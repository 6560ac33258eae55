import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { PkgError } from "../errors.ts";
import type { Output } from "./output.ts";

/** A question that is answered with one line. */
export interface Prompt {
  /** Rendered and escaped. */
  readonly text: string;
  /** Whether the answer is hidden while it is typed. */
  readonly hidden: boolean;
  readonly output: Output;
  readonly stdin: NodeJS.ReadableStream;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks on a terminal for one line.
 *
 * @returns null when the input ends without one
 * @throws {PkgError} INTERRUPTED when the signal, or Ctrl+C, ends the wait
 */
export async function prompt({ text, hidden, output, stdin, signal }: Prompt): Promise<string | null> {
  // After Ctrl-D nothing would ever wake who waits for more.
  if (!stdin.readable) return null;
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const stop = (): void => reject(new PkgError("INTERRUPTED", "Cannot ask: the program was interrupted"));
  output.write(text);
  // With `terminal` set, readline does the echo itself; as it has nowhere to write to, nothing is shown.
  const lines = createInterface(
    hidden ? { input: stdin, output: silence(), terminal: true, historySize: 0 } : { input: stdin, terminal: false },
  );
  lines
    .once("line", resolve)
    .once("SIGINT", stop)
    .once("close", () => resolve(null));
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    const answer = await promise;
    // Ctrl-D leaves the cursor behind the question.
    if (answer === null && !hidden) output.write("\n");
    return answer;
  } finally {
    signal?.removeEventListener("abort", stop);
    lines.close();
    if (hidden) output.write("\n");
  }
}

function silence(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
