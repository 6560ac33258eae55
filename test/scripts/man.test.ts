import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { commandPages } from "../../scripts/command-pages.ts";
import { manPage } from "../../scripts/man.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";

const isThere = spawnSync("man", ["--version"]).status === 0;

test("manPage() names every command and option, and groff has nothing to say against it", {
  skip: !isThere && "man is not installed",
}, async () => {
  const page = await manPage();
  const { stdout, stderr, status } = spawnSync("man", ["--warnings=w", "-l", "-"], {
    input: page,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], MANWIDTH: "100", LC_ALL: "C.UTF-8", MANPAGER: "cat", TERM: "dumb" },
  });
  assert.deepEqual([status, stderr], [0, ""]);
  const text = stripVTControlCharacters(stdout);
  const examples = text.split("\n").filter((line) => /^ {11}(?:pkg| {2}-)/.test(line));
  assert.deepEqual(
    examples.filter((line) => line.length > 80),
    [],
    "an example does not fit 80 columns",
  );
  for (const { usage, options } of await commandPages(COMMANDS)) {
    assert.ok(text.includes(usage.slice(0, 60)), usage);
    for (const [name, { hidden }] of options) assert.ok(hidden === true || text.includes(name), name);
  }
});
