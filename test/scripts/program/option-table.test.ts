import assert from "node:assert/strict";
import { test } from "node:test";
import { optionTableSource } from "../../../scripts/program/option-table.ts";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { ownOptions } from "../../../src/cli/declared.ts";
import { commandsIn } from "../../../src/cli/entries.ts";

test("the built program has the options of every command, in the order in which they are looked up", async () => {
  const source = await optionTableSource();
  const [, text = ""] = /JSON\.parse\((".*")\);/s.exec(source) ?? [];
  const table: readonly unknown[] = JSON.parse(JSON.parse(text));
  const commands = commandsIn(COMMANDS);
  assert.equal(table.length, commands.length);
  for (const [at, command] of commands.entries()) {
    const own = JSON.parse(JSON.stringify(await ownOptions(command)));
    assert.deepEqual(table[at], own, command.usage[0]);
  }
});
