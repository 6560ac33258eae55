import assert from "node:assert/strict";
import { test } from "node:test";
import { describeContent } from "../../src/package/describe-content.ts";

const tar = Buffer.alloc(512);
tar.write("ustar", 257);

const CONTENT: readonly (readonly [start: string, what: string])[] = [
  ["", "an empty file"],
  ["\x89PNG\r\n\x1a\n\0\0\0", "a PNG image"],
  ["\xff\xd8\xff\xe0", "a JPEG image"],
  ["\x1f\x8b\x08\0", "a gzip archive"],
  ["\x28\xb5\x2f\xfd\0", "a zstd archive"],
  ["PK\x03\x04\0", "a zip archive"],
  ["PK\x07\x08PK\x03\x04", "a zip archive in several parts"],
  ["\x5d\0\0\x80\0", "an lzma archive"],
  ["MZ\x90\0", "a Windows program"],
  ["\xcf\xfa\xed\xfe\0", "a macOS program"],
  ["!<arch>\ndebian-binary", "a Debian package"],
  ["!<arch>\nx.o/", "a static library"],
  [tar.toString("latin1"), "a tar archive"],
  ["<!DOCTYPE html>\n", "a web page"],
  ["\xef\xbb\xbf#!/bin/sh\n", 'a script with a byte order mark before its "#!"'],
  ["gr\xc3\xbc\xc3\x9fe\n", 'a text file without a "#!" line'],
  ["\0\x01", "neither an ELF program nor a script"],
];

test("describeContent() names what people mistake for a program", () => {
  for (const [start, what] of CONTENT) assert.equal(describeContent(Buffer.from(start, "latin1")), what);
});
