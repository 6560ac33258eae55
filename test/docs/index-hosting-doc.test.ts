import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/global-options.ts";
import { docWorld } from "./doc-world.ts";
import { examplesOf } from "./examples.ts";

const EXAMPLES = examplesOf(readFileSync(join(import.meta.dirname, "../../docs/index-hosting.md"), "utf8"));

test("docs/index-hosting.md: every block of sh does what the page says", async (t) => {
  const world = await docWorld(t);
  for (const example of EXAMPLES.filter(({ language }) => language === "sh")) {
    await t.test(`line ${example.line}: ${example.code.split("\n", 1)[0]}`, () => world.check(example));
  }
});

test("docs/index-hosting.md types commands and options that exist where they are not run", async () => {
  const pages = await commandPages(COMMANDS);
  const unrun = EXAMPLES.filter(({ language }) => language === "yaml" || language === "console");
  const lines = unrun.flatMap(({ code }) => [
    ...code.replaceAll(/ \\\n */g, " ").matchAll(/(?:run: |\$ |^ +)pkg ([a-z].*)$/gm),
  ]);
  assert.equal(lines.length, 3);
  for (const [, line = ""] of lines) {
    const words = line.split(" ");
    const page = pages.find((known) => known.words.every((word, level) => words[level] === word));
    assert.ok(page !== undefined, line);
    const options = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
    const unknown = options.filter((option) => !page.options.has(option) && !Object.hasOwn(GLOBAL_OPTIONS, option));
    assert.deepEqual(unknown, [], line);
  }
});
