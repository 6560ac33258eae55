import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { examplesOf } from "./examples.ts";
import { JSON_CASES } from "./json-cases.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).flatMap((name) => (name.endsWith(".md") ? [name] : []))];
const TESTS = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".test.ts") && name !== "pages.test.ts")
  .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"));

function shellOf(page: string): readonly string[] {
  const path = join(ROOT, page === "README.md" ? "" : "docs", page);
  return examplesOf(readFileSync(path, "utf8")).flatMap(({ language, code }) =>
    ["sh", "console"].includes(language) ? [code.trim()] : [],
  );
}

test("every page with lines to type is run by a test of its own", () => {
  const isRun = (page: string) =>
    TESTS.some((text) => text.includes(page === "README.md" ? '/README.md"' : `docs/${page}"`));
  // docs/json.md is written from the schemas; its one line is a case of json-cases.ts, as the next test holds.
  const pages = PAGES.filter((page) => page !== "json.md" && shellOf(page).length > 0);
  assert.ok(pages.length > 5);
  assert.deepEqual(
    pages.filter((page) => !isRun(page)),
    [],
  );
});

test("the line that docs/json.md shows is one of those that are held to their schemas", () => {
  const lines = JSON_CASES.flatMap((one) => one.lines.map((line) => `pkg ${line} --json`));
  for (const line of shellOf("json.md")) assert.ok(lines.includes(line), line);
});
