import assert from "node:assert/strict";
import { test } from "node:test";
import { withOwnCompdef } from "../../src/package/zsh-compdef.ts";

test("withOwnCompdef() leaves the package's own commands in the first line, and the rest as it is", () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ["#compdef a\nx", null],
    ["#compdef a b=a\nx", null],
    ["#autoload\nx", null],
    ["x\n#compdef git\n", null],
    ["#compdef a git\nx\r\n", "#compdef a\nx\r\n"],
    ["#compdef git", "#compdef a"],
    ["#compdef -P 'g*'\nx", "#compdef a\nx"],
    ["  #compdef\tgit\nx", "#compdef a\nx"],
  ];
  for (const [text, expected] of cases)
    assert.equal(withOwnCompdef(text, { own: "a", commands: ["a", "b"] }), expected, text);
});
