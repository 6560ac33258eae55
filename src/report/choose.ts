import { createInterface } from "node:readline";
import { interruption } from "./confirm.ts";
import type { Output } from "./output.ts";

const MAX_ATTEMPTS = 3;

/** A question whose answer is the number of one of the lines that were shown before it. */
export interface WhichQuestion {
  readonly count: number;
  readonly output: Output;
  readonly stdin: NodeJS.ReadableStream;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks until the answer is a number from 1 to `count`, at most three times. Enter alone, `n`, the end of the input and three
 * other answers mean none.
 *
 * @returns the position, counted from 0; null: none
 * @throws {PkgError} INTERRUPTED when the signal ends the wait
 */
export async function askWhich({ count, output, stdin, signal }: WhichQuestion): Promise<number | null> {
  if (!stdin.readable) return null;
  const lines = createInterface({ input: stdin, terminal: false });
  const interrupt = interruption(signal);
  const answers = lines[Symbol.asyncIterator]();
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      output.write(`Which one? 1 to ${count}, or Enter for none: `);
      const line = await Promise.race([answers.next(), interrupt.promise]);
      if (line.done === true) {
        output.write("\n");
        return null;
      }
      const answer = parseChoice(line.value, count);
      if (answer !== undefined) return answer;
    }
    return null;
  } finally {
    interrupt.dispose();
    lines.close();
  }
}

/** Undefined for what is no answer. */
function parseChoice(line: string, count: number): number | null | undefined {
  const answer = line.trim().toLowerCase();
  if (["", "n", "no", "none", "q"].includes(answer)) return null;
  if (!/^\d{1,6}$/.test(answer)) return undefined;
  const position = Number(answer) - 1;
  return position >= 0 && position < count ? position : undefined;
}
