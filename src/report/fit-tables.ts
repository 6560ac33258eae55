import { maxOf } from "../base/many.ts";
import { columnWidths, GAP, LAST_COLUMN, NARROWEST_COLUMN, pad, textWidth } from "./columns.ts";
import { cellsIn } from "./style.ts";

type Row = readonly string[];

const INDENT = 4;

/**
 * `lines` with the tables among them laid out for `width` cells, those that are too wide: a column is only as wide as most of
 * its cells, and what follows a cell that is wider goes on behind it, or below, in its own column. Nothing is cut.
 */
export function fitTables(lines: readonly string[], width: number): readonly string[] {
  const found = lines.map(cellsIn);
  if (found.every((row) => row === null)) return lines;
  const rows = found.filter((row) => row !== null);
  const widths = new Map<string, readonly number[] | null>();
  for (const [table, its] of Map.groupBy(rows, (row) => row.table)) {
    widths.set(table, fittingWidths(its.map(cellsOf), width));
  }
  return lines.flatMap((line, index) => {
    const row = found[index] ?? null;
    const fitting = row === null ? null : (widths.get(row.table) ?? null);
    return row === null || fitting === null ? [line] : rowLines(row.cells, fitting, width);
  });
}

function cellsOf({ cells }: { readonly cells: Row }): Row {
  return cells;
}

/** Null: the table fits as it is. Where not even narrow columns make room for the last one, that goes below. */
function fittingWidths(rows: readonly Row[], width: number): readonly number[] | null {
  const widths = columnWidths(rows);
  if (total(widths) <= width) return null;
  const isProse = rows.some((row) => row.at(-1)?.includes(" ") === true);
  const last = widths.at(-1) ?? 0;
  const claimed = isProse ? Math.min(last, LAST_COLUMN) : last;
  return narrowed(rows, widths, width - claimed) ?? narrowed(rows, widths, width + GAP.length) ?? widths;
}

/** Widths with which all columns but the last take at most `room`; null if there are none. */
function narrowed(rows: readonly Row[], all: readonly number[], room: number): readonly number[] | null {
  const cells = rows.map((row) => row.map(textWidth));
  const widths = [...all];
  while (total(widths.with(-1, 0)) > room) {
    const column = widths.indexOf(maxOf(widths.slice(0, -1), 0));
    const width = widths[column] ?? 0;
    if (width <= NARROWEST_COLUMN) return null;
    const below = cells.map((row) => row[column] ?? 0).filter((cell) => cell < width);
    widths[column] = maxOf(below, NARROWEST_COLUMN);
  }
  return widths;
}

function rowLines(
  [head = "", ...cells]: Row,
  [first = 0, ...others]: readonly number[],
  width: number,
): readonly string[] {
  const lines: string[] = [];
  const last = cells.findLastIndex((cell) => cell !== "");
  let current = head;
  let start = first + GAP.length;
  for (const [index, cell] of cells.entries()) {
    const before = pad(current, start - GAP.length) + GAP;
    const isProse = index === last && cell.includes(" ");
    if (cell !== "" && hasRoom(textWidth(before), cell, { width, isProse })) current = before + cell;
    else if (cell !== "") {
      lines.push(current);
      current = " ".repeat(hasRoom(start, cell, { width, isProse }) ? start : indentOf(head)) + cell;
    }
    start += (others[index] ?? 0) + GAP.length;
  }
  return [...lines, current];
}

/** Whether `cell` may begin after `start` cells: it fits there, or can be continued below. */
function hasRoom(
  start: number,
  cell: string,
  { width, isProse }: { readonly width: number; readonly isProse: boolean },
): boolean {
  return start + textWidth(cell) <= width || (isProse && width - start >= LAST_COLUMN);
}

function indentOf(head: string): number {
  return (/^ */.exec(head)?.[0].length ?? 0) + INDENT;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP.length);
}
