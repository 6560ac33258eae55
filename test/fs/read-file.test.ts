import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode, systemCode } from "../../src/errors.ts";
import {
  openForReading,
  openForReadingSync,
  readLocalFile,
  readLocalFileSync,
  streamFile,
} from "../../src/fs/read-file.ts";
import { tempDirectory } from "../support/temp-home.ts";

const isRefused = (error: unknown) => hasCode(error, "FILE_SYSTEM") && /it is a FIFO/.test(error.message);

test("a FIFO is refused at once, however it is to be read", async (t) => {
  const fifo = join(tempDirectory(t), "fifo");
  spawnSync("mkfifo", [fifo]);
  await assert.rejects(openForReading(fifo), isRefused);
  await assert.rejects(readLocalFile(fifo), isRefused);
  await assert.rejects(async () => {
    for await (const chunk of streamFile(fifo)) assert.fail(String(chunk));
  }, isRefused);
  assert.throws(() => openForReadingSync(fifo), isRefused);
  assert.throws(() => readLocalFileSync(fifo), isRefused);
});

test("a socket is refused in words, however it is to be read", async (t) => {
  const path = join(tempDirectory(t), "socket");
  const server = createServer().listen(path);
  await once(server, "listening");
  t.after(() => server.close());
  const isTold = (error: unknown) => hasCode(error, "FILE_SYSTEM") && /it is a socket/.test(error.message);
  await assert.rejects(openForReading(path), isTold);
  await assert.rejects(readLocalFile(path), isTold);
  assert.throws(() => readLocalFileSync(path), isTold);
});

test("readLocalFile() and readLocalFileSync() read a file up to their limit", async (t) => {
  const path = join(tempDirectory(t), "file");
  writeFileSync(path, "12345");
  assert.equal(String(readLocalFileSync(path, { maxBytes: 5 })), "12345");
  assert.equal(String(await readLocalFile(path, { maxBytes: 5 })), "12345");
  assert.throws(() => readLocalFileSync(path, { maxBytes: 4 }), /it has 5 bytes, at most 4 are read/);
  await assert.rejects(readLocalFile(path, { maxBytes: 4, tooLarge: (bytes) => new Error(`own ${bytes}`) }), /own 5/);
});

test("readLocalFileSync() reads the null device, and leaves directories to the system", (t) => {
  const directory = tempDirectory(t);
  mkdirSync(join(directory, "d"));
  assert.equal(readLocalFileSync("/dev/null").length, 0);
  assert.throws(
    () => readLocalFileSync(join(directory, "d")),
    (error) => systemCode(error) === "EISDIR",
  );
  assert.throws(() => readLocalFileSync("/dev/zero"), /it is a device/);
});

test("streamFile() starts where it is told", async (t) => {
  const path = join(tempDirectory(t), "file");
  writeFileSync(path, "0123456789");
  const chunks: string[] = [];
  for await (const chunk of streamFile(path, { start: 3, pieceBytes: 4 })) chunks.push(String(chunk));
  assert.deepEqual(chunks, ["3456", "789"]);
});
