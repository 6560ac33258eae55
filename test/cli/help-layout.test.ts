import assert from "node:assert/strict";
import { test } from "node:test";
import { continued } from "../../src/cli/help-layout.ts";

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
