import { isSimple } from "./simple-text.ts";
import { cellMark, visibleText } from "./style.ts";

/** Characters that take two cells of a terminal: East Asian wide and fullwidth ranges (UAX #11), emoji. */
const wide = () =>
  /\p{Emoji_Presentation}|\p{Emoji}\uFE0F|[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18DFF}\u{1AFF0}-\u{1B2FF}\u{1F200}-\u{1F265}\u{20000}-\u{3FFFD}]/u;

/** Between two columns. */
export const GAP = "   ";

/** A column is made no narrower for the sake of others, unless its other cells are. */
export const NARROWEST_COLUMN = 8;
/** Room that the last column of a table may claim: its text can be continued below. */
export const LAST_COLUMN = 24;
/** Lines that are no wider fit every terminal. */
const NARROW = 60;
let tables = 0;

/**
 * `rows` as lines with aligned columns, by the cells a terminal uses. The last cell of a row is not padded, and
 * an empty last cell leaves no blanks behind. Cells may hold emphasis. The lines of a wide table say where its cells begin, in
 * marks that nobody sees, so that it is laid out anew where it is written to a terminal that is narrower.
 */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = columnWidths(rows);
  const isNarrow = widths.reduce(add, (widths.length - 1) * GAP.length) <= NARROW;
  if (!isNarrow) tables += 1;
  return aligned(rows, widths, isNarrow ? GAP : GAP + cellMark(tables));
}

/** The same without marks, for lines that are cut. */
function aligned(
  rows: readonly (readonly string[])[],
  widths: readonly number[] = columnWidths(rows),
  gap = GAP,
): string[] {
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => cell !== "");
    return row
      .slice(0, last + 1)
      .map((cell, index) => (index === last ? cell : pad(cell, widths[index] ?? 0)))
      .join(gap);
  });
}

/** The same without emphasis, each line cut to `width` terminal cells, but never its first cell. */
export function columnsWithin(rows: readonly (readonly string[])[], width: number): string[] {
  return aligned(rows).map((line, index) => truncate(line, Math.max(width, textWidth(rows[index]?.[0] ?? "") + 2)));
}

/**
 * As columns(), but the last cell of a row, which holds no emphasis, is cut so that the line fits `width`; null: no limit.
 * Where that leaves nothing of it, because another cell is very wide, the table is one to be laid out anew.
 */
export function columnsFitting(rows: readonly (readonly string[])[], width: number | null): string[] {
  if (width === null) return aligned(rows);
  const before = columnWidths(rows.map((row) => row.slice(0, -1))).reduce((sum, cell) => sum + cell + GAP.length, 0);
  const room = width - before < NARROWEST_COLUMN ? LAST_COLUMN : width - before;
  const fitting = (cell: string) => truncate(visibleText(cell), room);
  return columns(rows.map((row) => [...row.slice(0, -1), ...row.slice(-1).map(fitting)]));
}

/** Groups of lines, with an empty line between them. */
export function paragraphs(groups: readonly (readonly string[])[]): string[] {
  return groups.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

/** Terminal cells that `text` takes when it is written, without its emphasis. */
export function textWidth(text: string): number {
  if (isSimple(text)) return text.length;
  const visible = visibleText(text);
  if (isSimple(visible)) return visible.length;
  return Array.from(new Intl.Segmenter().segment(visible), ({ segment }) => cells(segment)).reduce(add, 0);
}

/** `text`, which holds no emphasis, cut to so many terminal cells, the last of which is then an ellipsis. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (isSimple(text)) return width < 1 ? "" : `${text.slice(0, width - 1)}…`;
  let kept = "";
  let used = 1;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += cells(segment);
    if (used > width) break;
    kept += segment;
  }
  return width < 1 ? "" : `${kept}…`;
}

function cells(grapheme: string): number {
  if (wide().test(grapheme)) return 2;
  return /^\p{Mark}+$/u.test(grapheme) ? 0 : 1;
}

/** Of each column its widest cell. */
export function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (let index = 0; index < row.length; index += 1)
      widths[index] = Math.max(widths[index] ?? 0, textWidth(row[index] ?? ""));
  }
  return widths;
}

/** `cell` with blanks up to `width`. */
export function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - textWidth(cell)));
}

function add(sum: number, value: number): number {
  return sum + value;
}
