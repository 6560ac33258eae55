import assert from "node:assert/strict";
import { test } from "node:test";
import { ownsTerminal } from "../../src/cli/foreground.ts";

const STATS: readonly (readonly [string, string, boolean])[] = [
  ["in the foreground", "40 (node) S 30 40 30 34816 40 4194304 1", true],
  ["in the background of a shell", "40 (node) S 30 40 30 34816 30 4194304 1", false],
  ["in the foreground, beside others of its pipe", "41 (node) S 30 40 30 34816 40 4194304 1", true],
  ["without a terminal that controls it", "40 (node) S 30 40 40 0 -1 4194304 1", true],
  ["in a container, whose terminal belongs to a process outside", "7 (node) S 1 7 7 34816 0 4194304 1", true],
  ["under a name that holds a parenthesis and blanks", "40 (a) S 1 9) S 30 40 30 34816 30 4194304 1", false],
  ["where the file says nothing", "", true],
];

for (const [what, stat, expected] of STATS) {
  test(`ownsTerminal() is ${expected} ${what}`, () => assert.equal(ownsTerminal(stat), expected));
}
