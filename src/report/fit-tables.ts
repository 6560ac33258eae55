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

/** Widths with which all columns but the last take at most `room`, and most cells fit; null if there are none. */
function narrowed(rows: readonly Row[], all: readonly number[], room: number): readonly number[] | null {
  const cells = all.map((_, column) => rows.map((row) => textWidth(row[column] ?? "")).toSorted((a, b) => a - b));
  const least = cells.map((sorted) => Math.max(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, NARROWEST_COLUMN));
  const widths = [...all];
  while (total(widths.with(-1, 0)) > room) {
    const choices = widths.slice(0, -1).map((width, column) => (width > (least[column] ?? 0) ? width : 0));
    const width = maxOf(choices, 0);
    if (width === 0) return null;
    const column = choices.indexOf(width);
    const below = (cells[column] ?? []).filter((cell) => cell < width);
    widths[column] = maxOf(below, least[column] ?? 0);
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
