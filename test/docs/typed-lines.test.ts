import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { parseCommandLine } from "../../src/cli/parse.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every line that a text tells its reader to type, with what stands for something else in it as one word. */
function typedLines(text: string): readonly string[] {
  const blocks = text.split("```").filter((block, position) => position % 2 === 1 && !block.startsWith("text"));
  const found = [
    ...text.matchAll(/(?<!`)`(pkg [a-z-][^`]*)`/g),
    ...blocks.join("\n").matchAll(/^(?: {4}|\$ |- run: | *run: )?(pkg [a-z][^#|>\n]*)/gm),
  ];
  return found.map(([, line = ""]) => line);
}

function wordsOf(line: string): readonly string[] {
  const bare = line
    .replaceAll(/\$\{\{[^}]*\}\}|\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "X")
    .replaceAll(/\\(?=["`])/g, "")
    .replaceAll(/\[(-[^\]]*)\]/g, "$1")
    .split(/ (?:&&|;|\d?[<>]|\|) ?|;$|\\$/)[0];
  return [...(bare ?? "").matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)]
    .map(([, one, two, three]) => one ?? two ?? three ?? "")
    .filter((word) => !["…", "...", "COMMAND", "NAME…"].includes(word))
    .slice(1);
}

/** Files with text for people: the pages, and the hints of errors in the code. */
function files(directory: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, directory), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .map((path) => join(directory, path));
}

for (const path of ["README.md", "install.sh", ...files("docs", ".md"), ...files("src", ".ts")]) {
  const lines = typedLines(readFileSync(join(ROOT, path), "utf8"));
  if (lines.length === 0) continue;
  test(`${path} names commands and options that exist`, async () => {
    for (const line of lines) {
      try {
        await parseCommandLine({ entries: COMMANDS, words: wordsOf(line), version: "1.2.3", columns: 80 });
      } catch (error) {
        // What has to be typed as well may be left out where it goes without saying.
        assert.doesNotMatch(String(error), /it has no (?:command|option)|takes no value/, line);
      }
    }
  });
}
