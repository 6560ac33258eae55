import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isUtf8 } from "../../src/cli/output-options.ts";
import { ASCII } from "../../src/report/ascii.ts";

test("isUtf8() reads the first of LC_ALL, LC_CTYPE and LANG that is set", () => {
  for (const [env, expected] of [
    [{}, false],
    [{ LANG: "" }, false],
    [{ LANG: "C" }, false],
    [{ LANG: "POSIX" }, false],
    [{ LANG: "en_US" }, false],
    [{ LANG: "de_DE.ISO-8859-1" }, false],
    [{ LANG: "C.UTF-8" }, true],
    [{ LANG: "en_US.utf8" }, true],
    [{ LANG: "ca_ES.UTF-8@valencia" }, true],
    [{ LANG: "en_US.UTF-8", LC_CTYPE: "C" }, false],
    [{ LANG: "C", LC_CTYPE: "en_US.UTF-8" }, true],
    [{ LANG: "C", LC_CTYPE: "C", LC_ALL: "C.UTF-8" }, true],
    [{ LANG: "C.UTF-8", LC_CTYPE: "C.UTF-8", LC_ALL: "C" }, false],
    [{ LANG: "C.UTF-8", LC_ALL: "" }, true],
  ] as const) {
    assert.equal(isUtf8(env), expected, JSON.stringify(env));
  }
});

test("AsciiText has a likeness of the program's own signs, and keeps columns where they are", () => {
  assert.equal(ASCII.signs("● tool 1.0 → 1.1   é"), "* tool 1.0 -> 1.1  é");
  assert.equal(ASCII.signs("a → …     b"), "a -> ...  b");
  assert.equal(ASCII.signs("├─ a\n│  └─ b"), "|- a\n|  `- b");
  assert.equal(ASCII.signs("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"), "|/-\\|/-\\|/");
});

test("AsciiText leaves nothing beyond ASCII for a terminal: an 8-bit one would act on half a letter", () => {
  assert.equal(ASCII.whole("“x” – it’s caf\u00e9 \u{1f4e6}"), '"x" - it\'s caf\\u{e9} \\u{1f4e6}');
  assert.deepEqual(JSON.parse(ASCII.json('"caf\u00e9 \u{1f4e6} →"')), "caf\u00e9 \u{1f4e6} →");
  assert.match(ASCII.json('"caf\u00e9 \u{1f4e6} →"'), /^[\0-\x7f]*$/);
});

test("AsciiText knows each sign that the program writes", () => {
  const source = new URL("../../src", import.meta.url).pathname;
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    // Pages for browsers say that they are UTF-8, and letters in patterns are not written.
    if (!file.endsWith(".ts") || /^(?:generated\/|registry\/page-|report\/ascii)/.test(file)) continue;
    const code = readFileSync(join(source, file), "utf8").replaceAll(
      /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\/[^/\n]*[¹—][^\n]*\//gm,
      "",
    );
    for (const [sign] of code.replaceAll('"ς", "σ"', "").matchAll(/[^\0-\x7f]/gu)) {
      assert.match(ASCII.signs(sign), /^[\0-\x7f]+$/, `src/${file} writes ${sign}`);
    }
  }
});
