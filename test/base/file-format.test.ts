import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { fileFormat } from "../../src/base/file-format.ts";

test("fileFormat() recognises a file by its first bytes", () => {
  const formats = [
    gzipSync(""),
    zstdCompressSync(""),
    readFileSync(process.execPath),
    Buffer.from("#!/bin/sh\n"),
    Buffer.from("SQLite format 3\0"),
  ].map(fileFormat);
  assert.deepEqual(formats, ["gzip", "zstd", "elf", "script", "sqlite"]);
});

test("fileFormat() recognises zstd behind what zstd skips, of each of the sixteen kinds", () => {
  const formats = Array.from({ length: 16 }, (_, kind) => fileFormat(Buffer.from([0x50 + kind, 0x2a, 0x4d, 0x18])));
  assert.deepEqual(new Set(formats), new Set(["zstd"]));
  for (const first of [0x4f, 0x60]) assert.equal(fileFormat(Buffer.from([first, 0x2a, 0x4d, 0x18])), null);
});

test("fileFormat() returns null for an unknown format, and for a file cut off within its magic number", () => {
  for (const bytes of ["", "[{}]", "SQLite format", "\x7fEL"]) assert.equal(fileFormat(Buffer.from(bytes)), null);
});
