import assert from "node:assert/strict";
import { test } from "node:test";
import { expectRoom, freeBytesOf } from "../../src/fs/room.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("freeBytesOf() takes a file system that does not say how large it is to have enough", () => {
  assert.equal(freeBytesOf({ bavail: 3, bsize: 4096, blocks: 10 }), 12_288);
  assert.equal(freeBytesOf({ bavail: 0, bsize: 4096, blocks: 10 }), 0);
  assert.equal(freeBytesOf({ bavail: 0, bsize: 4096, blocks: 0 }), Number.POSITIVE_INFINITY);
});

test("expectRoom() refuses what a disk has no room for", (t) => {
  const directory = tempDirectory(t);
  expectRoom(directory, 1, "a blob");
  assert.throws(() => expectRoom(directory, Number.MAX_SAFE_INTEGER, "a blob"), { code: "DISK_FULL" });
});
