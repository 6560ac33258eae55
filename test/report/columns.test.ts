import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, columnsFitting, columnsWithin, textWidth, truncate } from "../../src/report/columns.ts";
import { escapeText } from "../../src/report/escape.ts";
import { isSimple } from "../../src/report/simple-text.ts";
import { createStyle, renderLine, visibleText } from "../../src/report/style.ts";
import { shortKey, summaryLines } from "../../src/report/summary.ts";

const WIDTHS: readonly (readonly [string, number])[] = [
  ["trurl", 5],
  ["日本", 4],
  ["größe", 5],
  ["e\u0301", 1],
  ["🦀", 2],
  ["⚙️", 2],
  ["🇩🇪", 2],
  ["👩🏽\u200d🚀", 2],
  ["\u1112\u1161\u11ab", 2],
  ["︒", 2],
  ["\u{17000}", 2],
  ["a\tb", 7],
  ["→ …", 3],
  ["a\u001b", 7],
];

test("textWidth() counts terminal cells", async (t) => {
  for (const [text, width] of WIDTHS) await t.test(JSON.stringify(text), () => assert.equal(textWidth(text), width));
});

test("columns() aligns by cells, with or without emphasis, and leaves no trailing blanks", () => {
  const style = createStyle(true);
  const rows = [[style.bold("a"), "1", "x"], ["日本語", "22", ""], ["b", ""], []];
  assert.deepEqual(columns(rows).map(visibleText), ["a        1    x", "日本語   22", "b", ""]);
});

test("columnsWithin() cuts the end of a line that is too wide, but not its first cell", () => {
  const rows = [
    ["1  tool#alpha", "1.0.0", "便利な道具です"],
    ["2  tool#beta", "1.0.0", "short"],
  ];
  assert.deepEqual(columnsWithin(rows, 30), ["1  tool#alpha   1.0.0   便利…", "2  tool#beta    1.0.0   short"]);
  assert.deepEqual(columnsWithin(rows, 5), ["1  tool#alpha …", "2  tool#beta …"]);
});

test("columnsFitting() cuts the last cell alone, by cells, and nothing without a width", () => {
  const style = createStyle(true);
  const rows = [
    [style.bold("tool"), "1.0.0", "便利な道具です"],
    ["a", "1", "short"],
  ];
  assert.deepEqual(columnsFitting(rows, 24).map(visibleText), ["tool   1.0.0   便利な道…", "a      1       short"]);
  assert.deepEqual(columnsFitting(rows, null), columns(rows));
});

const FETCHED = { bytes: 7_800_000, elapsedMs: 900, signedBy: null, skipped: [] };
/** The id of the public key RWSWp/oBUfND5B2fSmDlYaBXPimGV+r2s9skVRYTQ5cJ+7i6ff/1Nxcr, as minisign prints it. */
const KEY_ID = "E443F35101FAA796";

test("summaryLines() says what changed, how long it took and who vouches for it", () => {
  const lines = summaryLines(
    [
      { kind: "installed", name: "trurl", version: "8.14.1", fetched: { ...FETCHED, signedBy: KEY_ID } },
      { kind: "changed", name: "jq", from: "1.7", to: "1.8", fetched: { ...FETCHED, bytes: null, elapsedMs: 40 } },
      { kind: "installed", name: "x\u202e", version: "1", fetched: { ...FETCHED, skipped: ["signature"] } },
      { kind: "removed", name: "old", version: "2" },
    ],
    createStyle(false),
  );
  assert.deepEqual(lines.map(renderLine), [
    "+ trurl 8.14.1   7.8 MB in 0.9 s           signed RWSW…",
    "~ jq 1.7 → 1.8   from the store in 40 ms",
    "+ x\\u{202e} 1    7.8 MB in 0.9 s           unchecked: signature",
    "- old 2",
  ]);
});

test("shortKey() is how the public key's text begins", () => assert.equal(shortKey(KEY_ID), "RWSW…"));

test("truncate() cuts by the cells of a terminal, never through a character", () => {
  for (const [text, width, expected] of [
    ["trurl", 5, "trurl"],
    ["trurl", 4, "tru…"],
    ["日本語", 6, "日本語"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["🦀🦀", 3, "🦀…"],
    ["trurl", 1, "…"],
    ["trurl", 0, ""],
  ] as const) {
    assert.equal(truncate(text, width), expected, `${text} in ${width}`);
  }
});

test("isSimple() holds for no character that is escaped, joined to others, or not one cell wide", () => {
  const graphemes = new Intl.Segmenter();
  const simple = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter(isSimple);
  assert.ok(simple.length > 900, `${simple.length} are simple`);
  for (const character of simple) {
    assert.equal(escapeText(`\u3042${character}`), `\u3042${character}`);
    assert.ok(!/[\p{C}\p{Zl}\p{Zp}\p{Mark}\p{Default_Ignorable_Code_Point}\p{Emoji_Presentation}]/u.test(character));
    assert.equal([...graphemes.segment(`a${character}a`)].length, 3, JSON.stringify(character));
  }
  for (const other of ["\u00ad", "e\u0301", "日本", "🦀", "⚙️", "\u200b", "\u2028", "\u202e", "\u2066", "a\n", "\u007f"])
    assert.ok(!isSimple(other), JSON.stringify(other));
});

test("truncate() cuts simple text as it cuts all other", () => {
  for (const width of [0, 1, 2, 5, 6, 7]) {
    const [plain, wide] = [truncate("größer", width), truncate("größe\u0072\u0301", width)];
    assert.equal(plain, wide.replace("\u0301", ""), `${width}`);
  }
});
