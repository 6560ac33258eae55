/** Another program, which takes this one's place once that has said all it has to say. */
export interface Program {
  readonly kind: "program";
  /** Absolute path. */
  readonly file: string;
  /** What it is called, then its arguments. */
  readonly words: readonly [string, ...string[]];
  /** Variables that it has beside those of this program; null: one that it has not. */
  readonly variables: Readonly<Record<string, string | null>>;
  /** What is done before it starts, when all that this command has opened is closed; null: nothing. Never throws. */
  readonly beforehand: (() => void) | null;
  /** What is done once it has ended: this program waits for it; null: nothing. Never throws. */
  readonly afterwards: (() => Promise<void>) | null;
}

/** Makes a program to run. */
export function program(
  file: string,
  args: readonly string[],
  more: Partial<Pick<Program, "variables" | "beforehand" | "afterwards">> = {},
): Program {
  return { kind: "program", file, words: [file, ...args], variables: {}, beforehand: null, afterwards: null, ...more };
}
