import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { hashUnchanged } from "../../src/oci/unchanged-file.ts";
import { tempDirectory } from "../support/temp-home.ts";

const SIGNAL = new AbortController().signal;
const CONTENT = randomBytes(1_500_000);

async function hashed(directory: string) {
  const path = join(directory, "file");
  writeFileSync(path, CONTENT);
  utimesSync(path, 1, 1);
  return { path, file: await hashUnchanged(path) };
}

test("hashUnchanged() returns digest, size and start, and reads from any offset", async (test) => {
  const { file } = await hashed(tempDirectory(test));
  assert.equal(file.digest, `sha256:${createHash("sha256").update(CONTENT).digest("hex")}`);
  assert.equal(file.size, CONTENT.length);
  assert.deepEqual(Buffer.from(file.start), CONTENT.subarray(0, 4));
  for (const offset of [0, 1, 1_000_000, CONTENT.length - 1, CONTENT.length]) {
    const chunks = await Array.fromAsync(await file.open(offset, SIGNAL), (chunk) => Buffer.from(chunk));
    assert.equal(Buffer.concat(chunks).compare(CONTENT, offset), 0);
  }
});

test("hashUnchanged() hashes an empty file", async (test) => {
  const path = join(tempDirectory(test), "empty");
  writeFileSync(path, "");
  const file = await hashUnchanged(path);
  assert.equal(file.digest, "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.deepEqual(await Array.fromAsync(await file.open(0, SIGNAL)), []);
});

const CHANGES: Readonly<Record<string, (path: string) => void>> = {
  "was written": (path) => writeFileSync(path, randomBytes(CONTENT.length)),
  "was written, its time set back": (path) => {
    writeFileSync(path, randomBytes(CONTENT.length));
    utimesSync(path, 1, 1);
  },
  "became shorter": (path) => writeFileSync(path, CONTENT.subarray(1)),
  "became longer": (path) => writeFileSync(path, "more", { flag: "a" }),
  "was replaced": (path) => {
    writeFileSync(`${path}.new`, CONTENT);
    utimesSync(`${path}.new`, 1, 1);
    renameSync(`${path}.new`, path);
  },
};

for (const [what, change] of Object.entries(CHANGES)) {
  test(`hashUnchanged() gives no bytes of a file that ${what}`, async (test) => {
    const { path, file } = await hashed(tempDirectory(test));
    change(path);
    const chunks: Uint8Array[] = [];
    const read = async () => {
      for await (const chunk of await file.open(0, SIGNAL)) chunks.push(chunk);
    };
    await assert.rejects(read, (error) => hasCode(error, "STATE_CHANGED"));
    assert.deepEqual(chunks, []);
  });
}

test("hashUnchanged() holds the last bytes back when a file changes while it is read", async (test) => {
  const { path, file } = await hashed(tempDirectory(test));
  const chunks = (await file.open(0, SIGNAL))[Symbol.asyncIterator]();
  const first = await chunks.next();
  writeFileSync(path, randomBytes(CONTENT.length));
  let bytes = first.value?.byteLength ?? 0;
  const readOn = async () => {
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) bytes += next.value.byteLength;
  };
  await assert.rejects(readOn, (error) => hasCode(error, "STATE_CHANGED"));
  assert.ok(bytes < CONTENT.length);
});

test("hashUnchanged() reports a file that does not exist", async (test) => {
  await assert.rejects(hashUnchanged(join(tempDirectory(test), "gone")), (error) => hasCode(error, "FILE_SYSTEM"));
});
