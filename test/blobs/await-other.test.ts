import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { uniqueOwner } from "../../src/base/process-alive.ts";
import { awaitOther } from "../../src/blobs/await-other.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

/** The partial file of a process that runs: this one. */
function receiving(t: Cleanup) {
  const directory = join(tempDirectory(t), "partial");
  mkdirSync(directory);
  const partial = join(directory, "sha256-abc");
  const path = `${partial}.${uniqueOwner()}`;
  writeFileSync(path, "");
  return { partial, path, signal: new AbortController().signal };
}

test("awaitOther() waits while another one makes progress, until it is done", async (t) => {
  const { partial, path, signal } = receiving(t);
  const seen: number[] = [];
  const sleep = async () => {
    if (seen.length < 200) writeFileSync(path, "x".repeat(seen.length));
    else rmSync(path);
  };
  assert.equal(await awaitOther({ partial, signal, sleep, onProgress: (bytes) => seen.push(bytes) }), true);
  assert.equal(seen.length, 200);
});

test("awaitOther() gives up what has not moved for a while, and waits for nobody", async (t) => {
  const { partial, signal } = receiving(t);
  let looks = 0;
  const sleep = async () => {
    looks += 1;
    assert.ok(looks < 1000);
  };
  assert.equal(await awaitOther({ partial, signal, sleep }), true);
  assert.ok(looks > 10);
  assert.equal(await awaitOther({ partial: `${partial}d`, signal, sleep }), false);
});
