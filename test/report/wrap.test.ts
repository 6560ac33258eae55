import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, columnsFitting, textWidth } from "../../src/report/columns.ts";
import { fitTables } from "../../src/report/fit-tables.ts";
import { createStyle, renderLine, visibleText } from "../../src/report/style.ts";
import { wrapLine } from "../../src/report/wrap.ts";

const PLACE = "/home/somebody/.local/share/pkg/packages";

const LINES: readonly (readonly [what: string, line: string, expected: readonly string[]])[] = [
  ["fits", "jq 1.8.1 is up to date, as always so", ["jq 1.8.1 is up to date, as always so"]],
  [
    "below the text of a label",
    "error: Cannot find a file of that name in it",
    ["error: Cannot find a file of that name", "       in it"],
  ],
  [
    "below the text of an item",
    "  ! one two three four five six seven eight",
    ["  ! one two three four five six seven", "    eight"],
  ],
  [
    "a command in one piece",
    "jq stays at 1.7; type `pkg install jq@latest` for more",
    ["jq stays at 1.7; type", "  `pkg install jq@latest` for more"],
  ],
  [
    "below the last column of a table",
    "  homepage   the first, the second, the third",
    ["  homepage   the first, the second, the", "             third"],
  ],
  ["a word that is wider than the terminal", `  ! ${PLACE}: it is missing`, [`  ! ${PLACE}:`, "    it is missing"]],
  [
    "wide characters by their cells",
    "説明 説明 説明 説明 説明 説明 説明 説明 説明",
    ["説明 説明 説明 説明 説明 説明 説明 説明", "  説明"],
  ],
  [
    "a language without blanks between two of its characters, but not before a full stop",
    "日本語のコマンドラインツールの説明ですね。とても",
    ["日本語のコマンドラインツールの説明です", "  ね。とても"],
  ],
];

for (const [what, line, expected] of LINES) {
  test(`wrapLine() breaks a line of 40 cells: ${what}`, () => assert.deepEqual(wrapLine(line, 40), expected));
}

test("wrapLine() does not count emphasis, and leaves it where it was", () => {
  const style = createStyle(true);
  const line = renderLine(`${style.red(style.bold("error:"))} ${"word ".repeat(8).trim()}`);
  const [first = "", second = ""] = wrapLine(line, 40);
  assert.equal(`${first} ${second.trim()}`, line);
  assert.equal(second, "       word word");
});

test("wrapLine() lets no text from outside begin a line, or pass for a command to a CI system", () => {
  for (const text of ["error: no", "::error::no", "##[error]no"]) {
    const [, second = ""] = wrapLine(`${"a".repeat(38)} ${text}`, 40);
    assert.match(second, /^ {2}/);
    assert.doesNotMatch(second, /^\s*::|##\[/);
  }
});

const LONG = "a-name-that-nobody-types-twice";

/** `rows` as they are seen on a terminal of 50 cells. */
function seen(rows: readonly (readonly string[])[]): readonly string[] {
  return fitTables(columns(rows), 50).map(visibleText);
}

test("fitTables() keeps the rows of a table aligned, but for the one that is too wide, of which nothing is cut", () => {
  const style = createStyle(true);
  const version = "2025.11.28-nightly.20251128+abcdef";
  const rows = [
    [style.bold(LONG), version, "tools", "6.0 MB"],
    [style.bold("uv"), "0.9.1", "tools", "1 B"],
    [style.bold("combining"), "1.0", "tools", ""],
  ];
  assert.deepEqual(seen(rows), [
    LONG,
    `            ${version}`,
    "                       tools   6.0 MB",
    "uv          0.9.1      tools   1 B",
    "combining   1.0        tools",
  ]);
});

test("fitTables() puts a last cell that has no room below its row", () => {
  const row = ["would install jq 1.8.1", "166 B", "ghcr.io/pkgforge/bincache/jq:1.8.1"];
  assert.deepEqual(seen([row, ["would install fd 1", ...row.slice(1)]]), [
    "would install jq 1.8.1   166 B",
    "    ghcr.io/pkgforge/bincache/jq:1.8.1",
    "would install fd 1       166 B",
    "    ghcr.io/pkgforge/bincache/jq:1.8.1",
  ]);
});

test("fitTables() narrows no column for which most of its cells would be too wide", () => {
  const row = ["would install a-library 1.8.1", "unknown size", "ghcr.io/homebrew/core/a:1.8.1"];
  assert.deepEqual(seen([row, ["would install app 1", ...row.slice(1)], row]), [
    "would install a-library 1.8.1   unknown size",
    "    ghcr.io/homebrew/core/a:1.8.1",
    "would install app 1             unknown size",
    "    ghcr.io/homebrew/core/a:1.8.1",
    "would install a-library 1.8.1   unknown size",
    "    ghcr.io/homebrew/core/a:1.8.1",
  ]);
});

test("fitTables() leaves other lines, and tables that fit, as they are", () => {
  const [fitting = ""] = columns([["a".repeat(40), "1", "x".repeat(20)]]);
  const lines = ["a line   that is no table", fitting];
  assert.deepEqual(fitTables(lines, 70), lines);
  assert.deepEqual(fitTables(columns([["a", "b"]]), 2), ["a   b"]);
});

test("columnsFitting() cuts descriptions, and lays the table out anew where a name leaves them no room", () => {
  const rows = [
    [LONG, "2025.11.28-nightly.20251128", "A tool that does something"],
    ["uv", "0.9.1", "A tool that does something"],
  ];
  const lines = fitTables(columnsFitting(rows, 50), 50).map(visibleText);
  assert.deepEqual(lines, [
    LONG,
    "           2025.11.28-nightly.20251128",
    "                      A tool that does someth…",
    "uv         0.9.1      A tool that does someth…",
  ]);
  assert.ok(lines.every((line) => textWidth(line) <= 50));
});
