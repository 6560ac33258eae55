import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { ERROR_CODES } from "../../src/errors.ts";
import { docWorld } from "./doc-world.ts";
import { examplesOf } from "./examples.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/trust.md"), "utf8");
const EXAMPLES = examplesOf(PAGE);

test("docs/trust.md: every block of sh does what the page says", async (t) => {
  const world = await docWorld(t);
  for (const example of EXAMPLES.filter(({ language }) => language === "sh")) {
    await t.test(`line ${example.line}: ${example.code.split("\n", 1)[0]}`, () => world.check(example));
  }
});

test("docs/trust.md names options and error codes that exist", async () => {
  const pages = await commandPages(COMMANDS);
  const typed = EXAMPLES.filter(({ language }) => language === "console")
    .flatMap(({ code }) => [...code.matchAll(/pkg (repo \w+)(.*)/g)])
    .flatMap(([, words = "", rest = ""]) =>
      [...rest.matchAll(/--([a-z-]+)/g)].map(([, name = ""]) => ({ words, name })),
    );
  assert.ok(typed.length > 2);
  const takes = (words: string, name: string) =>
    pages.find((page) => page.words.join(" ") === words)?.options.has(name) ?? false;
  assert.deepEqual(
    typed.filter(({ words, name }) => !takes(words, name)),
    [],
  );
  const codes = [...PAGE.matchAll(/`([A-Z]+_[A-Z_]+)`/g)].map(([, code = ""]) => code);
  assert.ok(codes.length > 10);
  assert.deepEqual(
    codes.filter((code) => !Object.hasOwn(ERROR_CODES, code)),
    [],
  );
});
