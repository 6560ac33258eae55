import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { checksumText, parseChecksum } from "../../src/package/checksum-file.ts";
import { programFile } from "../package-format/sample-publication.ts";

const A = "a".repeat(64);
const B = "b".repeat(64);

const FORMS: readonly (readonly [name: string, text: string, expected: object])[] = [
  ["a first-generation line", `trurl:${A}\n`, { blake3: A }],
  ["lines of the second generation", `BLAKE3: ${A}  trurl\nSHA256: ${B}  trurl\n`, { blake3: A, sha256: B }],
  ["a coreutils line", `${A}  trurl\n`, { sha256: A }],
  ["a coreutils line of a binary file", `${A} *trurl\n`, { sha256: A }],
  ["a BSD line", `SHA256 (trurl) = ${A}\n`, { sha256: A }],
  ["a BSD line with BLAKE3", `BLAKE3 (trurl) = ${A}\n`, { blake3: A }],
  ["a file without a last newline", `trurl:${A}`, { blake3: A }],
  ["empty lines", `\n\ntrurl:${A}\n\n`, { blake3: A }],
  ["forms mixed", `trurl:${A}\n${B}  trurl\n`, { blake3: A, sha256: B }],
  ["other files around it", `curl:${B}\ntrurl:${A}\ntrurl.log:${B}\n`, { blake3: A }],
];

test("parseChecksum() reads each form", async (t) => {
  for (const [name, text, expected] of FORMS) {
    await t.test(name, () => assert.deepEqual(parseChecksum(Buffer.from(text)).lookup("trurl"), expected));
  }
});

const NAMES = ["7z", "c++filt", "ld.gold", "[", "a b", "naïve", "SHA256", "BLAKE3", "a) = b", "*star", "x  y"];

test("parseChecksum() keeps each name apart from its form", () => {
  for (const name of NAMES) {
    const lines = [`${name}:${A}`, `SHA256: ${B}  ${name}`].join("\n");
    assert.deepEqual(parseChecksum(Buffer.from(lines)).lookup(name), { blake3: A, sha256: B }, name);
    assert.deepEqual(parseChecksum(Buffer.from(`SHA256 (${name}) = ${A}`)).lookup(name), { sha256: A }, name);
    assert.deepEqual(parseChecksum(Buffer.from(`${A} *${name}`)).lookup(name), { sha256: A }, name);
  }
});

test("lookup() returns null for a file that is not listed", () => {
  const checksum = parseChecksum(Buffer.from(`trurl:${A}\n`));
  for (const name of ["curl", "", "TRURL", "trurl ", "__proto__", "constructor", "toString"]) {
    assert.equal(checksum.lookup(name), null, name);
  }
  assert.equal(parseChecksum(Buffer.alloc(0)).lookup("trurl"), null);
});

test("parseChecksum() takes a path inside the package", () => {
  assert.notEqual(parseChecksum(Buffer.from(`share/a.txt:${A}\n`)).lookup("share/a.txt"), null);
});

test("parseChecksum() takes a name with a colon, which no form can read in another way", () => {
  for (const line of [`${A}  Foo::Bar.3\n`, `SHA256: ${A}  Foo::Bar.3\n`, `SHA256 (Foo::Bar.3) = ${A}\n`]) {
    assert.deepEqual(parseChecksum(Buffer.from(line)).lookup("Foo::Bar.3"), { sha256: A });
  }
  assert.throws(() => parseChecksum(Buffer.from(`Foo::Bar.3:${A}\n`)), { code: "CHECKSUM_INVALID" });
});

const BAD: readonly (readonly [name: string, text: string | Buffer, message: RegExp])[] = [
  ["a file twice with one value", `trurl:${A}\ntrurl:${A}\n`, /line 2 lists "trurl" a second time with BLAKE3/],
  ["a file twice with two values", `trurl:${A}\ntrurl:${B}\n`, /line 2 lists "trurl" a second time with BLAKE3/],
  [
    "a file twice in two forms",
    `${A}  trurl\nSHA256 (trurl) = ${A}\n`,
    /line 2 lists "trurl" a second time with SHA-256/,
  ],
  ["a short hash", `trurl:${A.slice(1)}\n`, /line 1 is "trurl:a+", expected a file name and the hex of its hash/],
  ["a long hash", `trurl:${A}a\n`, /line 1 is/],
  ["capital hex", `trurl:${A.toUpperCase()}\n`, /line 1 is/],
  ["no name", `:${A}\n`, /line 1 is/],
  ["a coreutils line without a name", `${A}  \n`, /line 1 is/],
  ["one space between", `BLAKE3: ${A} trurl\n`, /line 1 is/],
  ["another algorithm", `MD5: ${A}  trurl\n`, /line 1 is/],
  ["SHA-512 in the BSD form", `SHA512 (trurl) = ${A}${A}\n`, /line 1 is/],
  ["a comment", `# ${A}\ntrurl:${A}\n`, /line 1 is/],
  ["a web page", "<!doctype html>\n", /line 1 is/],
  ["carriage returns", `trurl:${A}\r\n`, /line 1 is/],
  ["an escaped coreutils line", `\\${A}  tr\\nurl\n`, /line 1 is/],
  ["a path", `../trurl:${A}\n`, /line 1 names "\.\.\/trurl", expected a plain file name/],
  ["an absolute path", `${A}  /bin/sh\n`, /line 1 names/],
  ["a name of dots", `SHA256 (..) = ${A}\n`, /line 1 names/],
  ["a name that ends like a hash", `${A}  a:${B}\n`, /line 1 names/],
  ["a control character in a name", `tr\u0007url:${A}\n`, /line 1 names/],
  ["a name that runs backwards", `${A}  \u202Etxt.exe\n`, /line 1 names/],
  ["a byte order mark", `\uFEFFtrurl:${A}\n`, /line 1 names/],
  ["bytes that are not UTF-8", Buffer.from([0x74, 0xff, 0x0a]), /it is not UTF-8/],
  ["more than 1 MiB", Buffer.alloc(1024 * 1024 + 1, "\n"), /it has 1048577 bytes, expected at most 1048576/],
];

test("parseChecksum() refuses what is damaged or could be read in two ways", async (t) => {
  for (const [name, text, message] of BAD) {
    await t.test(name, () => {
      assert.throws(
        () => parseChecksum(Buffer.from(text)),
        (error) => hasCode(error, "CHECKSUM_INVALID") && message.test(error.message),
      );
    });
  }
});

test("parseChecksum() reads a long file in time that grows with its length", () => {
  const line = (index: number) => `file-${index}:${A}\n`;
  const text = Array.from({ length: 12_000 }, (_, index) => line(index)).join("");
  assert.deepEqual(parseChecksum(Buffer.from(text)).lookup("file-11999"), { blake3: A });
  assert.throws(() => parseChecksum(Buffer.from(`SHA256 (${") = ".repeat(200_000)}`)), { code: "CHECKSUM_INVALID" });
});

test("checksumText() is what second-generation packages have, and what we read", () => {
  const files = [programFile(), programFile({ title: "LICENSE" })];
  const text = checksumText(files);
  const lines = text.trimEnd().split("\n");
  assert.equal(lines.length, 4);
  for (const line of lines) assert.match(line, /^(?:BLAKE3|SHA256): [0-9a-f]{64} {2}(?:trurl|LICENSE)$/);
  assert.deepEqual(lines, lines.toSorted());
  assert.equal(text, checksumText(files.toReversed()));
  const read = parseChecksum(Buffer.from(text));
  for (const { title, sha256, blake3 } of files) assert.deepEqual(read.lookup(title), { sha256, blake3 });
});
