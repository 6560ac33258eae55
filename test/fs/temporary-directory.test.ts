import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { withTemporaryDirectory } from "../../src/fs/temporary-directory.ts";

test("withTemporaryDirectory() gives a private directory, and removes it with its content", async () => {
  const directory = await withTemporaryDirectory("pkg-test-", async (path) => {
    assert.match(basename(path), /^pkg-test-/);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    writeFileSync(join(path, "file"), "content");
    return path;
  });
  assert.equal(existsSync(directory), false);
});

test("withTemporaryDirectory() removes the directory when the work fails, and throws what the work threw", async () => {
  let directory = "";
  const failure = new Error("the work failed");
  const work = async (path: string) => {
    directory = path;
    throw failure;
  };
  await assert.rejects(withTemporaryDirectory("pkg-test-", work), (error) => error === failure);
  assert.notEqual(directory, "");
  assert.equal(existsSync(directory), false);
});
