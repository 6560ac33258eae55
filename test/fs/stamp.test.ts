import assert from "node:assert/strict";
import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { stampAt } from "../../src/fs/stamp.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("stampAt() changes when a file is written to, or replaced by one of the same size and time", async (t) => {
  const directory = tempDirectory(t);
  const [path, other] = [join(directory, "a"), join(directory, "b")];
  writeFileSync(path, "one");
  utimesSync(path, 1, 1);
  const first = await stampAt(path);
  assert.equal(await stampAt(path), first);
  writeFileSync(other, "two");
  utimesSync(other, 1, 1);
  renameSync(other, path);
  const second = await stampAt(path);
  assert.notEqual(second, first);
  writeFileSync(path, "two");
  assert.notEqual(await stampAt(path), second);
});

test("stampAt() returns null for what does not exist, also below a file", async (t) => {
  const path = join(tempDirectory(t), "a");
  assert.equal(await stampAt(path), null);
  writeFileSync(path, "");
  assert.equal(await stampAt(join(path, "b")), null);
});
