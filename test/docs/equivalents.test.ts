import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandPages } from "../../scripts/command-pages.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { GLOBAL_OPTIONS } from "../../src/cli/global-options.ts";
import { builtTool, pathOf, systemTool, type Tool } from "../interop/tools.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/equivalents.md"), "utf8");

const RIVALS: readonly { readonly name: string; readonly tool: Tool }[] = [
  { name: "oras", tool: builtTool("oras") },
  { name: "crane", tool: builtTool("crane") },
  { name: "skopeo", tool: systemTool("skopeo") },
];

/** About the program itself, not about artifacts. */
const OF_NO_INTEREST = ["completion", "help"];

for (const { name, tool } of RIVALS) {
  test(`docs/equivalents.md has a row for each command of ${name}`, { skip: skipOf(tool) }, () => {
    const commands = commandsOf(pathOf(tool), []).map((words) => [name, ...words].join(" "));
    assert.ok(commands.length > 5, `only ${commands.length} commands of ${name} were found`);
    assert.deepEqual(
      commands.filter((command) => !PAGE.includes(`\n| \`${command}\` |`)),
      [],
    );
  });
}

test("docs/equivalents.md names commands and options that exist", async () => {
  const pages = await commandPages(COMMANDS);
  const spans = [...PAGE.matchAll(/`pkg ([a-z][^`]*)`/g)].map(([, words = ""]) => words.split(" "));
  assert.ok(spans.length > 20);
  for (const words of spans) {
    const page = pages.find((known) => known.words.every((word, level) => words[level] === word));
    const isGroup = pages.some((known) => words.every((word, level) => known.words[level] === word));
    assert.ok(page !== undefined || isGroup, `pkg ${words.join(" ")}`);
    const options = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
    const unknown = options.filter((option) => !page?.options.has(option) && !Object.hasOwn(GLOBAL_OPTIONS, option));
    assert.deepEqual(unknown, [], `pkg ${words.join(" ")}`);
  }
});

function skipOf(tool: Tool): string | false {
  return tool.kind === "absent" ? tool.reason : false;
}

/** The innermost commands, as its help lists them. */
function commandsOf(program: string, words: readonly string[]): readonly (readonly string[])[] {
  const { stdout } = spawnSync(program, [...words, "--help"], { encoding: "utf8" });
  const list = /^Available Commands:\n((?: +\S.*\n)+)/m.exec(stdout)?.[1];
  if (list === undefined) return [words];
  return [...list.matchAll(/^ +(\S+)/gm)]
    .map(([, word = ""]) => word)
    .filter((word) => !OF_NO_INTEREST.includes(word))
    .flatMap((word) => commandsOf(program, [...words, word]));
}
