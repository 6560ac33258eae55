import assert from "node:assert/strict";
import { test } from "node:test";
import { createStyle, renderLine, visibleText } from "../../src/report/style.ts";

test("renderLine() keeps the emphasis of a Style and escapes the text inside and around it", () => {
  const style = createStyle(true);
  const line = `\u001b[5m${style.bold(`a${style.red("\u001b[0mb")}`)}\n`;
  assert.equal(renderLine(line), "\\u{1b}[5m\u001b[1ma\u001b[31m\\u{1b}[0mb\u001b[39m\u001b[22m\\u{a}");
});

test("renderLine() does not take marks from outside for emphasis", () => {
  const [mark = ""] = /^\0[^\0]*\0/.exec(createStyle(true).red("x")) ?? [];
  assert.notEqual(mark, "");
  const forged = mark.replace(/[0-9a-f]{24}/, "0".repeat(24));
  assert.equal(renderLine(forged).includes("\u001b"), false);
});

test("createStyle() leaves text as it is without colour", () => {
  const style = createStyle(false);
  assert.equal(style.bold(style.red("x")), "x");
});

test("visibleText() is what a reader sees", () => {
  assert.equal(visibleText(createStyle(true).cyan("a\u001b")), "a\\u{1b}");
});
