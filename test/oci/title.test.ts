import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { safeTitle } from "../../src/oci/title.ts";

const SAFE: readonly string[] = [
  "trurl",
  "7z.static",
  ".DirIcon",
  "..x",
  "-v",
  "[",
  "a b",
  "g++",
  "naïve",
  "CHECKSUM.sig",
  "console",
  "comb1",
  "com10",
  "x.con",
  "x".repeat(255),
];

for (const title of SAFE) {
  test(`safeTitle() takes "${title.slice(0, 40)}"`, () => assert.equal(safeTitle(title), title));
}

const UNSAFE: readonly string[] = [
  "",
  ".",
  "..",
  "/",
  "/etc/passwd",
  "a/b",
  "../x",
  "a\\b",
  "..\\x",
  "a\u0000b",
  "a\nb",
  "a\u001b[31m",
  "a\u007f",
  "a\u0085",
  "a\u202egnp.exe",
  "a\u2066b",
  "a\u200bb",
  "a\u2028b",
  "\ufeffa",
  "a\ud800",
  "C:",
  "a:stream",
  "x.",
  "x ",
  "...",
  "CON",
  "con",
  "nul.txt",
  "NUL .txt",
  "AUX",
  "PRN",
  "COM1",
  "com0.log",
  "COM¹",
  "LPT9",
  "CONIN$",
  "conout$",
  "x".repeat(256),
  "é".repeat(128),
];

for (const title of UNSAFE) {
  test(`safeTitle() refuses ${JSON.stringify(title.slice(0, 40))}`, () => {
    assert.throws(
      () => safeTitle(title),
      (error) => hasCode(error, "TITLE_INVALID"),
    );
  });
}
