import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readLinkingOf } from "../../src/programs/read-linking-of.ts";
import { ElfBytes } from "../../src/relocate/elf-bytes.ts";
import { readLinking } from "../../src/relocate/elf-linking.ts";
import { ElfPages } from "../../src/relocate/elf-pages.ts";

/** Libraries that this process is loaded with. */
const maps = existsSync("/proc/self/maps") ? readFileSync("/proc/self/maps", "utf8") : "";
const libraries = [...new Set(maps.match(/\/\S+\.so\b\S*$/gm))].filter((path) => existsSync(path));
const skip = libraries.length === 0 ? "this machine has no libraries of its own" : false;

test("readLinkingOf() finds in a file what readLinking() finds in all of its bytes", { skip }, () => {
  for (const path of libraries) assert.deepEqual(readLinkingOf(path), readLinking(readFileSync(path)), path);
});

test("readLinking() reads few parts of a large file", { skip }, () => {
  const bytes = Buffer.concat([readFileSync(libraries[0] ?? ""), Buffer.alloc(16 * 1024 * 1024)]);
  let read = 0;
  const pages = new ElfPages(bytes.length, (offset, size) => {
    read += size;
    return bytes.subarray(offset, offset + size);
  });
  assert.deepEqual(readLinking(pages), readLinking(bytes));
  assert.ok(read < 512 * 1024, `${read} bytes`);
});

test("ElfPages reads numbers and texts also where one page ends and the next begins", () => {
  const bytes = Buffer.alloc(40_000, 1).map((_, at) => (at % 251) + 1);
  bytes[33_000] = 0;
  const whole = new ElfBytes(Buffer.from(bytes));
  const pages = new ElfPages(bytes.length, (offset, size) => whole.buffer.subarray(offset, offset + size));
  for (let at = 16_370; at < 16_390; at++) {
    for (const kind of ["byte", "half", "word", "rounded"] as const) assert.equal(pages[kind](at), whole[kind](at));
    assert.equal(pages.endOfText(at), 33_000);
    assert.equal(pages.text(at, 33_000), whole.text(at, 33_000));
  }
  assert.equal(pages.endOfText(33_001), -1);
  assert.throws(() => pages.word(39_998), { code: /^ERR_/ });
});
