import assert from "node:assert/strict";
import { calledCommand, commandOf } from "../../src/cli/called-command.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { declarationsOf } from "../../src/cli/declared.ts";
import { COMMON_OPTIONS } from "../../src/cli/global-options.ts";
import { parseCommandLine } from "../../src/cli/parse.ts";

/** What tells a person what to type. */
const TOLD = /^ *hint: .*$/gm;
/** A command of ours, as hints write it. */
const COMMAND = /`(pkg [a-z-][^`]*)`|\b(?:[Tt]ype|with:) (pkg [a-z][^;,`]*)/g;
/** Text from outside, and commands of other programs. */
const NOT_OURS = /"[^"]*"|`[^`]*`/g;

/**
 * Asserts that whoever was told what to type can type it: commands and their options exist, and an option that is named by itself is
 * one of the command that was run, since that is where it would be added.
 */
export async function assertTypable(args: readonly string[], stderr: string): Promise<void> {
  const told = stderr.match(TOLD) ?? [];
  if (told.length === 0) return;
  const known = await optionsOf(args);
  for (const line of told) {
    for (const [, quoted, bare] of line.matchAll(COMMAND)) await assertCommand(quoted ?? bare ?? "", line);
    const alone = line.replaceAll(COMMAND, "").replaceAll(NOT_OURS, "");
    for (const [, name = ""] of alone.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)) {
      assert.ok(
        known.has(name) || known.has(name.replace(/^no-/, "")),
        `pkg ${args.join(" ")} has no --${name}: ${line}`,
      );
    }
  }
}

/** The options that may be added to a line; of a line that names no command, those that all have. */
async function optionsOf(args: readonly string[]): Promise<ReadonlySet<string>> {
  const entry = commandOf(calledCommand(COMMANDS, args));
  const names = [...COMMON_OPTIONS.keys()];
  if (entry === null) return new Set(names);
  const { command } = await entry.load();
  return new Set([...names, ...declarationsOf((to) => command.options(to).options(entry.options)).options.keys()]);
}

async function assertCommand(text: string, line: string): Promise<void> {
  const words = [...text.matchAll(/"([^"]*)"|'([^']*)'|([^\s"']+)/g)]
    .map(([, one, two, three]) => one ?? two ?? three ?? "")
    .filter((word) => !["…", "COMMAND"].includes(word))
    .slice(1);
  try {
    await parseCommandLine({ entries: COMMANDS, words, version: "1.2.3", columns: 80 });
  } catch (error) {
    // What has to be typed as well may be left out where it goes without saying.
    assert.doesNotMatch(String(error), /it has no (?:command|option)|takes no value/, line);
  }
}
