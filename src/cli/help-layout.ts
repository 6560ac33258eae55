import { maxOf } from "../base/many.ts";
import { textWidth } from "../report/columns.ts";

/** A term, and what it means. */
export type Row = readonly [term: string, meaning: string];

/** Terms wider than this stand on a line of their own. */
const MAX_TERM_COLUMNS = 30;
const GAP_COLUMNS = 2;
/** Where there is less room beside the terms, meanings stand below them. */
const NARROWEST_MEANING = 24;
const NARROW_INDENT = 8;

/** Rows as two columns, the second one wrapped so that no line is wider than `columns`. */
export function rowLines(rows: readonly Row[], columns: number): readonly string[] {
  const widths = rows.map(([term]) => textWidth(term)).filter((width) => width <= MAX_TERM_COLUMNS);
  const widest = maxOf(widths, 4) + GAP_COLUMNS;
  const indent = columns - widest < NARROWEST_MEANING ? Math.min(widest, NARROW_INDENT) : widest;
  const blank = " ".repeat(indent);
  return rows.flatMap(([term, meaning]) => {
    const lines = wrapped(meaning, columns - indent);
    const isWide = textWidth(term) + GAP_COLUMNS > indent;
    const [first = "", ...rest] = isWide ? ["", ...lines] : lines;
    const head = isWide || first === "" ? term : term.padEnd(indent) + first;
    return [head, ...rest.map((line) => blank + line)];
  });
}

/** `text` in lines of at most `columns` characters; a longer word is not broken. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A command line in lines of at most `columns` characters, each but the last ended by a backslash as a shell takes it. */
export function continued(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  const words = shellWords(line);
  for (const [at, word] of words.entries()) {
    const next = current === "" ? word : `${current} ${word}`;
    const end = at + 1 < words.length ? " \\" : "";
    if (current !== "" && textWidth(next) + end.length > columns) {
      lines.push(`${current} \\`);
      current = `  ${word}`;
    } else current = next;
  }
  return [...lines, current];
}

/** The words of a command line: an option and its value are one, and so is what is quoted. */
function shellWords(line: string): readonly string[] {
  return line.match(/(?:--?[\w-]+ (?!-)(?=[^\s|>&;]))?(?:"[^"]*"|'[^']*'|\S)+/g) ?? [];
}
