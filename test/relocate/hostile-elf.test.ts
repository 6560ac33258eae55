import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, suite, test } from "node:test";
import { RelocationFault } from "../../src/relocate/fault.ts";
import { relocateElf } from "../../src/relocate/relocate-elf.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { compile, patch } from "./built.ts";

const SHORT = { path: "/a" };
const LONG = { path: `/${"long".repeat(20)}` };
const EHDR_PHOFF = 32;
const EHDR_PHNUM = 56;
const EHDR_SHNUM = 60;

const skip = skipWithout("gcc", "patchelf");
/** A program with placeholders, which every case spoils. */
const SAMPLE = skip === false ? sampleProgram() : Buffer.alloc(0);

suite("relocateElf() refuses", { skip }, () => {
  const sample = () => Buffer.from(SAMPLE);
  const cases: readonly (readonly [name: string, spoil: (file: Buffer) => Buffer, why: RegExp])[] = [
    ["a header that is cut off", (file) => file.subarray(0, 50), /its header is cut off/],
    ["the 32-bit class", (file) => set(file, 4, 1), /not of the 64-bit class/],
    ["the other byte order", (file) => set(file, 5, 2), /not of the 64-bit class, little-endian/],
    ["an object file", (file) => set(file, 16, 1), /neither a program nor a library \(ELF type 1\)/],
    ["no program headers", (file) => set(file, EHDR_PHNUM, 0), /it has 0 program headers, expected 1 to 256/],
    ["program headers outside the file", (file) => long(file, EHDR_PHOFF, 1n << 40n), /headers lies outside the file/],
    [
      "an offset that no number can hold",
      (file) => long(file, EHDR_PHOFF, (1n << 64n) - 1n),
      /an address or a size of/,
    ],
    ["65,535 sections that are not there", (file) => half(file, EHDR_SHNUM, 65_535), /section headers lies outside/],
    ["overlapping segments", (file) => long(file, segment(file, 1, 1) + 16, 0n), /overlap or do not ascend/],
    [
      "a segment larger in the file",
      (file) => long(file, segment(file, 1) + 40, 1n),
      /larger in the file than in memory/,
    ],
    [
      "an alignment of 3",
      (file) => long(file, segment(file, 1) + 48, 3n),
      /aligned to 3 bytes, expected a power of two/,
    ],
    ["an interpreter outside the file", (file) => long(file, segment(file, 3) + 8, 1n << 33n), /lies outside the file/],
    ["an interpreter of 1 GiB", (file) => long(file, segment(file, 3) + 32, 1n << 30n), /lies outside the file/],
    ["an interpreter without an end", (file) => long(file, segment(file, 3) + 32, 3n), /its interpreter is not a path/],
    ["two interpreters", (file) => word(file, segment(file, 4), 3), /several interpreters|not a path/],
    ["no dynamic section", (file) => word(file, segment(file, 2), 0), /has no dynamic section/],
    ["two dynamic sections", (file) => word(file, segment(file, 4), 2), /several dynamic sections/],
    ["a dynamic section without an end", (file) => long(file, segment(file, 2) + 32, 32n), /has no end/],
    [
      "a search path outside its table",
      (file) => long(file, tag(file, 29) + 8, 1n << 40n),
      /a string outside its table/,
    ],
    ["a string table outside the file", (file) => long(file, tag(file, 5) + 8, 1n << 40n), /not in a loaded segment/],
    [
      "a string table where no file reaches",
      (file) => long(file, tag(file, 5) + 8, (1n << 64n) - 1n),
      /has 18446744073709551615 for the tag 5/,
    ],
    ["two string tables", (file) => long(file, tag(file, 10), 5n), /the tag 5 several times/],
    ["a string table that is too short", (file) => long(file, tag(file, 10) + 8, 2n), /does not end with a NUL/],
    ["versions without an end", (file) => long(file, tag(file, 0x6fffffff) + 8, 99_999n), /expected at most 4096/],
  ];
  for (const [name, spoil, why] of cases) {
    test(name, () => {
      const spoiled = spoil(sample());
      assert.throws(
        () => relocateElf(spoiled, SHORT),
        (error) => error instanceof RelocationFault && why.test(error.message),
      );
    });
  }

  test("a search path of 100 KB", (t) => {
    const program = compile(t);
    patch(t, program, { path: `@@HOMEBREW_PREFIX@@/${"x".repeat(100_000)}` });
    assert.throws(
      () => relocateElf(readFileSync(program), SHORT),
      /a search path of 100020 bytes, expected at most 8192/,
    );
  });

  test("or changes a file of which any byte is wrong, and says nothing else", () => {
    const headers = SAMPLE.length;
    for (let turn = 0; turn < 4000; turn++) {
      const file = sample();
      // Half of them in the headers, of which a part of every file is.
      const at = (turn * 7919) % (turn % 2 === 0 ? 2048 : headers);
      file[at] = (file[at] ?? 0) ^ (1 << (turn % 8));
      if (turn % 3 === 0) file[at + 1] = 0xff;
      for (const prefix of [SHORT, LONG]) assertRefusedOrChanged(file, prefix);
    }
  });
});

function sampleProgram(): Buffer {
  const program = compile({ after }, "-s");
  patch({ after }, program, { interpreter: "@@HOMEBREW_PREFIX@@/lib/ld.so", path: "@@HOMEBREW_PREFIX@@/lib" });
  return readFileSync(program);
}

function assertRefusedOrChanged(file: Buffer, prefix: { readonly path: string }): void {
  try {
    assert.ok(relocateElf(file, prefix).length >= file.length);
  } catch (error) {
    assert.ok(error instanceof RelocationFault, String(error));
  }
}

function set(file: Buffer, at: number, value: number): Buffer {
  file[at] = value;
  return file;
}

function half(file: Buffer, at: number, value: number): Buffer {
  file.writeUInt16LE(value, at);
  return file;
}

function word(file: Buffer, at: number, value: number): Buffer {
  file.writeUInt32LE(value, at);
  return file;
}

function long(file: Buffer, at: number, value: bigint): Buffer {
  file.writeBigUInt64LE(value, at);
  return file;
}

/** Where the header of a segment of this type is; the first one, or one behind it. */
function segment(file: Buffer, type: number, which = 0): number {
  const table = Number(file.readBigUInt64LE(EHDR_PHOFF));
  const headers = Array.from({ length: file.readUInt16LE(EHDR_PHNUM) }, (_, index) => table + index * 56);
  return headers.filter((at) => file.readUInt32LE(at) === type)[which] ?? 0;
}

/** Where the entry with this tag is in the dynamic section. */
function tag(file: Buffer, wanted: number): number {
  let at = Number(file.readBigUInt64LE(segment(file, 2) + 8));
  while (Number(file.readBigUInt64LE(at)) !== wanted) at += 16;
  return at;
}
