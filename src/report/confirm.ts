import { createInterface } from "node:readline";
import { PkgError } from "../errors.ts";
import type { Output } from "./output.ts";

const MAX_ATTEMPTS = 3;

/** A question that is answered with yes or no. */
export interface YesNoQuestion {
  /** Rendered and escaped. */
  readonly text: string;
  readonly fallback: boolean;
  readonly output: Output;
  readonly stdin: NodeJS.ReadableStream;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks until the answer is yes or no, at most three times. Enter alone means the fallback; the end of the input, or
 * three other answers, mean no.
 *
 * @throws {PkgError} INTERRUPTED when the signal ends the wait
 */
export async function ask(question: YesNoQuestion): Promise<boolean> {
  if (!question.stdin.readable) return false;
  const lines = createInterface({ input: question.stdin, terminal: false });
  const interrupt = interruption(question.signal);
  const answers = lines[Symbol.asyncIterator]();
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      question.output.write(`${question.text} ${question.fallback ? "[Y/n]" : "[y/N]"} `);
      const line = await Promise.race([answers.next(), interrupt.promise]);
      if (line.done === true) {
        question.output.write("\n");
        return false;
      }
      const answer = parseAnswer(line.value, question.fallback);
      if (answer !== null) return answer;
    }
    return false;
  } finally {
    interrupt.dispose();
    lines.close();
  }
}

function parseAnswer(line: string, fallback: boolean): boolean | null {
  const answer = line.trim().toLowerCase();
  if (answer === "") return fallback;
  if (answer === "y" || answer === "yes") return true;
  return answer === "n" || answer === "no" ? false : null;
}

/** A wait that ends with INTERRUPTED when the signal does. */
export function interruption(signal: AbortSignal | undefined): { promise: Promise<never>; dispose: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  const stop = (): void => reject(new PkgError("INTERRUPTED", "Cannot ask: the program was interrupted"));
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return { promise, dispose: () => signal?.removeEventListener("abort", stop) };
}
