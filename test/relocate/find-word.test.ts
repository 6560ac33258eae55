import assert from "node:assert/strict";
import { test } from "node:test";
import { findWord } from "../../src/relocate/find-word.ts";
import { PINNED } from "../../src/relocate/pinned-paths.ts";
import { MARK } from "../../src/relocate/prefix.ts";

test("findWord() finds what a search for the whole word finds, also among its parts, from every offset on", () => {
  for (const word of [MARK, PINNED]) {
    const { whole, part } = word;
    assert.ok(whole.includes(part) && part.length < 8, part);
    const texts = [
      "",
      part,
      whole,
      `${part}${whole}`,
      `${whole.slice(1)}${whole}${part}`,
      `${whole}${whole}\0${whole.slice(0, -1)} ${part}${part}`,
    ];
    for (const text of texts.map((one) => Buffer.from(one))) {
      for (let from = 0; from <= text.length + 1; from++) {
        assert.equal(findWord(text, word, from), text.indexOf(whole, from), `${text} from ${from}`);
      }
    }
  }
});
