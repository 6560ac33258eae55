import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/global-options.ts";
import { decodePublication, parsePublishFile } from "../../src/package-format/decode-publication.ts";
import { examplesOf } from "./examples.ts";

const EXAMPLES = examplesOf(readFileSync(join(import.meta.dirname, "../../docs/github-actions.md"), "utf8"));

const codeOf = (...languages: readonly string[]) => EXAMPLES.filter(({ language }) => languages.includes(language));

test("docs/github-actions.md types commands and options that exist", async () => {
  const pages = await commandPages(COMMANDS);
  const lines = codeOf("yaml", "console").flatMap(({ code }) => [
    ...code.replaceAll(/ \\\n */g, " ").matchAll(/(?:^|run: |\$ +|^ +)pkg ([a-z].*)$/gm),
  ]);
  const typed = lines.map(([, words = ""]) => (words.split(" | ")[0] ?? "").split(" "));
  assert.ok(typed.length >= 5, "the commands were not found");
  for (const words of typed) {
    const page = pages.find((known) => known.words.every((word, level) => words[level] === word));
    assert.ok(page !== undefined, `pkg ${words.join(" ")}`);
    const options = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
    const unknown = options.filter((option) => !page.options.has(option) && !Object.hasOwn(GLOBAL_OPTIONS, option));
    assert.deepEqual(unknown, [], `pkg ${words.join(" ")}`);
  }
});

test("docs/github-actions.md has a pkg.json that can be published", () => {
  const [example] = codeOf("json");
  const fields = parsePublishFile(Buffer.from(example?.code ?? ""), "pkg.json");
  const publication = decodePublication({ fields, name: "pkg.json", filesIn: "/", documentsIn: "/" });
  assert.equal(publication.files.length, 2);
});

test("the workflow requests exactly the permissions that it needs", () => {
  const [workflow] = codeOf("yaml");
  const code = workflow?.code ?? "";
  assert.match(code, /^permissions: \{\}$/m);
  for (const right of ["packages: write", "id-token: write", "attestations: write"]) {
    assert.equal(code.split(right).length, 2, right);
  }
  // Every action is pinned at least to a major version.
  for (const [, action = ""] of code.matchAll(/uses: (\S+)/g)) assert.match(action, /^[\w-]+\/[\w-]+@v\d+/);
});
