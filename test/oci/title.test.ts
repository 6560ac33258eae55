import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { safeTitle, safeTitlePath } from "../../src/oci/title.ts";

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
  "a:b.txt",
  "a:stream",
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

test("safeTitlePath() lets titles name subdirectories and nothing else", () => {
  for (const title of ["f", "a/b", "a/b/c.txt", "share/a.txt", "a:b.txt", "a:b/c:d"])
    assert.equal(safeTitlePath(title), title);
  for (const title of [
    "",
    "/",
    "/a",
    "a/",
    "a//b",
    "..",
    "../a",
    "a/..",
    "a/../../b",
    "a/./b",
    ".",
    "a\\..\\b",
    "C:/a",
    "c:",
    "a/\0",
    "a/\nb",
    "a/con",
    "a/b.",
    "d/".repeat(40),
    `${"n".repeat(250)}/`.repeat(6),
    "a/".concat("n".repeat(256)),
  ]) {
    assert.throws(
      () => safeTitlePath(title),
      (error) => hasCode(error, "TITLE_INVALID"),
      JSON.stringify(title),
    );
  }
  assert.throws(() => safeTitlePath("/a"), { message: /it is an absolute path/ });
  assert.throws(() => safeTitlePath("a//b"), { message: /it has an empty part/ });
});
