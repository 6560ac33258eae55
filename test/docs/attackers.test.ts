import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const TESTS = join(import.meta.dirname, "..");
const PAGE = readFileSync(join(TESTS, "../docs/trust.md"), "utf8");

interface NamedTest {
  readonly file: string;
  /** As far as it is the same for each case. */
  readonly name: string;
}

/** The rows of the tables about attackers: what is in their last cell. */
function lastCells(): readonly string[] {
  const [, section = ""] = /\n## What an attacker can do[^\n]*\n(.*?)\n## /s.exec(PAGE) ?? [];
  const rows = section.split("\n").filter((line) => line.startsWith("| ") && !line.endsWith("| test |"));
  return rows.map((row) => /\|([^|]*)\|$/.exec(row)?.[1] ?? "");
}

/** A file's name holds for the names after it. */
function namedTests(cell: string): readonly NamedTest[] {
  let file = "";
  return [...cell.matchAll(/`([^`]+)`|"([^"]+)"/g)].flatMap(([, path, name]) => {
    if (path !== undefined) file = path;
    return name === undefined ? [] : [{ file, name: name.replace(/…$/, "") }];
  });
}

test("docs/trust.md says for each attack which test holds, and there is one of that name", () => {
  const cells = lastCells();
  assert.ok(cells.length > 40, `${cells.length} rows`);
  for (const cell of cells) {
    const named = namedTests(cell);
    assert.ok(named.length > 0, `no test in "${cell}"`);
    for (const { file, name } of named) {
      const path = join(TESTS, file);
      assert.ok(existsSync(path), `${file} is not there`);
      const titles = [...readFileSync(path, "utf8").matchAll(/\btest\(\s*(["`])(.*?)\1[,)]/g)].map(
        ([, , title]) => title,
      );
      assert.ok(
        titles.some((title) => title?.replace(/\$\{.*$/, "").startsWith(name.replace(/\s$/, ""))),
        `${file} has no test "${name}"`,
      );
    }
  }
});
