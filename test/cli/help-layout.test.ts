import assert from "node:assert/strict";
import { test } from "node:test";
import { continued, rowLines } from "../../src/cli/help-layout.ts";

const LINES: readonly (readonly [line: string, columns: number, lines: readonly string[]])[] = [
  ["pkg publish a/b --dry-run", 25, ["pkg publish a/b --dry-run"]],
  ["pkg publish a/b --file x -y", 26, ["pkg publish a/b --file x \\", "  -y"]],
  ["pkg publish a/b --file x -y", 22, ["pkg publish a/b \\", "  --file x -y"]],
  ["pkg exec a -- sh -c 'a b c'", 22, ["pkg exec a -- sh \\", "  -c 'a b c'"]],
  ["pkg a/very/long/reference:1.0", 10, ["pkg \\", "  a/very/long/reference:1.0"]],
];

test("continued() breaks a command line where a shell takes it as one", () => {
  for (const [line, columns, lines] of LINES) assert.deepEqual(continued(line, columns), lines);
});

test("rowLines() puts meanings below their terms in a narrow terminal", () => {
  const rows = [["  -o, --output <FILE>", "Where it is written to"]] as const;
  assert.deepEqual(rowLines(rows, 60), ["  -o, --output <FILE>  Where it is written to"]);
  assert.deepEqual(rowLines(rows, 30), ["  -o, --output <FILE>", "        Where it is written to"]);
});
