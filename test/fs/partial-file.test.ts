import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { PartialFile } from "../../src/fs/partial-file.ts";
import { tempDirectory } from "../support/temp-home.ts";

const PIECE = Buffer.alloc(16 * 1024 * 1024, "x");

test("append() lets the disk write while more arrives, and finish() and discard() wait for that", async (t) => {
  const directory = tempDirectory(t);
  const file = await PartialFile.open(join(directory, "large"), false);
  for (let pieces = 0; pieces < 5; pieces += 1) await file.append(PIECE);
  await file.finish();
  assert.equal(statSync(file.path).size, 5 * PIECE.length);
  const other = await PartialFile.open(join(directory, "other"), false);
  for (let pieces = 0; pieces < 4; pieces += 1) await other.append(PIECE);
  await other.discard();
  assert.ok(!existsSync(other.path));
  assert.equal(readdirSync(directory).length, 1);
});
