import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { writeFileAtomic } from "../../src/fs/atomic.ts";
import { draftPath } from "../../src/fs/draft-path.ts";
import { writeStreamAtomic } from "../../src/fs/write-stream.ts";
import { tempDirectory } from "../support/temp-home.ts";

/** Names of nearly 255 bytes, which a name with anything added to it would exceed. */
const LONG_NAMES = ["名".repeat(84), "é".repeat(127), "n".repeat(255), `a${"😀".repeat(63)}`];

test("draftPath() is in the same directory, hidden, new each time, and at most 255 bytes", () => {
  for (const name of ["trurl", ...LONG_NAMES]) {
    const path = join("/a/b", name);
    const draft = draftPath(path);
    assert.equal(dirname(draft), "/a/b");
    assert.match(basename(draft), /^\.[^\uFFFD]+\.[0-9a-f]{16}\.part$/);
    assert.ok(Buffer.byteLength(basename(draft)) <= 255, draft);
    assert.notEqual(draftPath(path), draft);
  }
});

test("writeFileAtomic() and writeStreamAtomic() write files of the longest names", async (t) => {
  const directory = tempDirectory(t);
  for (const name of LONG_NAMES) {
    writeFileAtomic(join(directory, name), "one");
    assert.equal(readFileSync(join(directory, name), "utf8"), "one");
    await writeStreamAtomic(join(directory, name), [Buffer.from("two")]);
    assert.equal(readFileSync(join(directory, name), "utf8"), "two");
  }
  assert.deepEqual(readdirSync(directory).sort(), LONG_NAMES.toSorted());
});
