/** Stands before a word that yargs would mistake for an option. */
const MARK = "\u0001";

/** A switch that nobody can type, which stands for "--": yargs would drop the arguments after a real one. */
export const END_OF_OPTIONS = `${MARK}end`;

/** Marks words for yargs, so that a lone "-" is an argument, and so is everything after a lone "--". */
export function withMarks(words: readonly string[]): readonly string[] {
  const end = words.indexOf("--");
  if (end === -1) return words.map((word) => (word === "-" ? marked(word) : word));
  const after = words.slice(end + 1).map(marked);
  return [...withMarks(words.slice(0, end)), `--${END_OF_OPTIONS}=true`, ...after];
}

function marked(word: string): string {
  return word.startsWith("-") ? `${MARK}${word}` : word;
}

/** The arguments that yargs returns, as they were typed. */
export function withoutMarks<T extends object>(args: T): T {
  const words = Object.entries(args).map(([name, value]) => [name, unmarked(value)]);
  return { ...args, ...Object.fromEntries(words) };
}

function unmarked(value: unknown): unknown {
  if (typeof value === "string") return unmarkedText(value);
  return Array.isArray(value) ? value.map(unmarked) : value;
}

/** A text from yargs, such as a message, with its words as they were typed. */
export function unmarkedText(text: string): string {
  return text.replaceAll(`${MARK}-`, "-");
}
