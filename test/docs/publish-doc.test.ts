import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { docWorld } from "./doc-world.ts";
import { examplesOf } from "./examples.ts";

const EXAMPLES = examplesOf(readFileSync(join(import.meta.dirname, "../../docs/publish.md"), "utf8"));

test("docs/publish.md: every block of sh does what the page says", async (t) => {
  const world = await docWorld(t);
  for (const example of EXAMPLES) {
    await t.test(`line ${example.line}: ${example.code.split("\n", 1)[0]}`, () => world.check(example));
  }
});
