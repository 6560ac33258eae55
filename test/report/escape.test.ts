import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeJson, escapeText } from "../../src/report/escape.ts";
import { jsonDocument } from "../../src/report/json-document.ts";

const CASES: readonly (readonly [name: string, text: string, escaped: string])[] = [
  ["plain text", "trurl 8.14.1 — größer, 日本語, naïve", "trurl 8.14.1 — größer, 日本語, naïve"],
  ["an emoji with its variation selector", "⚙️ 🦀", "⚙️ 🦀"],
  ["emoji that are joined", "👩‍💻 👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 🧑🏻‍🤝‍🧑🏿", "👩‍💻 👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 🧑🏻‍🤝‍🧑🏿"],
  [
    "flags and keycaps",
    "🇩🇪 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 1️⃣ #️⃣",
    "🇩🇪 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 1️⃣ #️⃣",
  ],
  ["combining marks", "e\u0301 Z\u0327", "e\u0301 Z\u0327"],
  ["Persian with a non-joiner", "می\u200cخواهم", "می\u200cخواهم"],
  ["Indic with joiners", "क्\u200dष र\u200d्य क्\u200cष ශ්\u200dරී", "क्\u200dष र\u200d्य क्\u200cष ශ්\u200dරී"],
  ["a form of an ideograph", "葛\u{e0100}", "葛\u{e0100}"],
  [
    "joiners in a row, at an end, between others",
    "م\u200c\u200cم م\u200c 👩\u200d a\u200d💻",
    "م\\u{200c}\\u{200c}م م\\u{200c} 👩\\u{200d} a\\u{200d}💻",
  ],
  [
    "selectors where nothing is to be selected",
    "a\ufe0f 1\ufe0f ⚙\ufe0f\ufe0f a\u{e0100}",
    "a\\u{fe0f} 1\\u{fe0f} ⚙\ufe0f\\u{fe0f} a\\u{e0100}",
  ],
  ["words hidden in tags behind a flag", "🏴\u{e0061}\u{e007f}", "🏴\\u{e0061}\\u{e007f}"],
  ["an ANSI colour", "\u001b[31mred", "\\u{1b}[31mred"],
  ["a title sequence", "\u001b]0;x\u0007", "\\u{1b}]0;x\\u{7}"],
  ["a one-byte CSI (C1)", "\u009b2J", "\\u{9b}2J"],
  ["NUL, tab, newline, return, DEL", "\0\t\n\r\u007f", "\\u{0}\\u{9}\\u{a}\\u{d}\\u{7f}"],
  ["a bidi override", "a\u202egpj.exe", "a\\u{202e}gpj.exe"],
  ["bidi isolates and marks", "\u2066\u2069\u200e\u200f\u061c", "\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}"],
  ["zero-width characters", "a\u200b\u200c\u200d\u2060\ufeffb", "a\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{feff}b"],
  ["a soft hyphen and an invisible filler", "\u00ad\u3164", "\\u{ad}\\u{3164}"],
  ["tag characters", "\u{e0041}", "\\u{e0041}"],
  ["line and paragraph separators", "\u2028\u2029", "\\u{2028}\\u{2029}"],
  ["a lone surrogate", "a\ud800b\udfff", "a\\u{d800}b\\u{dfff}"],
  ["a noncharacter", "\uffff", "\\u{ffff}"],
];

test("escapeText() escapes what a terminal acts on or nobody sees, and nothing else", async (t) => {
  for (const [name, text, escaped] of CASES) {
    await t.test(name, () => assert.equal(escapeText(text), escaped));
  }
});

test("jsonDocument() keeps every value and prints nothing unsafe", async (t) => {
  for (const [name, text] of CASES) {
    await t.test(name, () => {
      const json = jsonDocument({ [text]: [text] });
      assert.deepEqual(JSON.parse(json), { [text]: [text] });
      assert.equal(escapeText(json.replaceAll("\n", "")), json.replaceAll("\n", ""));
    });
  }
});

test("escapeJson() writes characters beyond the first plane as two units", () => {
  assert.equal(escapeJson(JSON.stringify("\u{e0041}")), '"\\udb40\\udc41"');
});
