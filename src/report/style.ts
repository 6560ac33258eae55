import { escapeCommands, escapeText } from "./escape.ts";

/** Emphasis for parts of a line. Any text may be passed, even from outside: it is escaped when the line is written. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/**
 * Emphasis travels inside ordinary strings as marks that hold a random word of this process: text from outside
 * cannot forge one, and an escape sequence in it is never taken for ours.
 */
// It only has to be unknown to whoever wrote the text before; loading node:crypto takes longer than most commands run.
const WORD = `${Math.random()}${Math.random()}`.replaceAll(/\D/g, "");
const MARKS = new RegExp(`\\x00${WORD}:(\\d+)\\x00`);

/** Numbers from here on are no emphasis. */
const FIRST_TABLE = 1000;
const CELL_MARKS = new RegExp(`\\x00${WORD}:(\\d{4,})\\x00`);

/** Where a cell of a table begins; the table has a number that no other one of this process has. Nobody sees it. */
export function cellMark(table: number): string {
  return mark(FIRST_TABLE + table);
}

/** The cells of a line that has such marks, and their table; null for any other line. */
export function cellsIn(line: string): { readonly table: string; readonly cells: readonly string[] } | null {
  const [first = "", table, ...rest] = line.split(CELL_MARKS);
  if (table === undefined) return null;
  return { table, cells: [first, ...rest.filter((_, index) => index % 2 === 0)].map((cell) => cell.trimEnd()) };
}

/** The style for a stream: marks with colour, the bare text without. The numbers are SGR (ECMA-48 §8.3.117). */
export function createStyle(color: boolean): Style {
  const emphasis = (start: number, end: number) => (text: string) => (color ? mark(start) + text + mark(end) : text);
  return {
    bold: emphasis(1, 22),
    dim: emphasis(2, 22),
    red: emphasis(31, 39),
    green: emphasis(32, 39),
    yellow: emphasis(33, 39),
    cyan: emphasis(36, 39),
  };
}

/** `line` for a terminal: everything escaped but the emphasis of a Style. */
export function renderLine(line: string): string {
  return render(line, escapeText, shownEmphasis);
}

/** `line` as its reader sees it, escaped and without emphasis: what is measured. */
export function visibleText(line: string): string {
  return render(line, escapeText, () => "");
}

/** How lines are written to one stream. */
export interface Rendering {
  readonly emphasis: boolean;
  readonly redact: (text: string) => string;
  /** What becomes of a line that is escaped otherwise; default: nothing. */
  readonly encode?: (line: string) => string;
}

/** How lines are written to one stream: text without its secrets and escaped, with emphasis or without. */
export function createRenderer({ emphasis, redact, encode = (line) => line }: Rendering): (line: string) => string {
  const shown = (text: string) => escapeText(redact(text));
  return (line) => escapeCommands(encode(render(line, shown, emphasis ? shownEmphasis : () => "")));
}

function render(line: string, text: (part: string) => string, emphasis: (parameter: string) => string): string {
  return parts(line)
    .map((part, index) => (index % 2 === 0 ? text(part) : emphasis(part)))
    .join("");
}

function shownEmphasis(parameter: string): string {
  return Number(parameter) < FIRST_TABLE ? `\u001b[${parameter}m` : "";
}

/** Text at even places, SGR parameters and numbers of tables at odd ones. */
function parts(line: string): readonly string[] {
  return line.includes("\0") ? line.split(MARKS) : [line];
}

function mark(parameter: number): string {
  return `\0${WORD}:${parameter}\0`;
}
