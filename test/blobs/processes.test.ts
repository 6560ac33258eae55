import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createBlobStore } from "../../src/blobs/blob-store.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { digestOf, sampleBytes, sourceOf } from "./blob-sources.ts";

const CHILD = fileURLToPath(new URL("ingest-child.ts", import.meta.url));
const LENGTH = 5 * 1024 * 1024;
const BYTES = sampleBytes(LENGTH);
const DIGEST = digestOf(BYTES);

function start(root: string, stallAfter: number): ChildProcess {
  return spawn(process.execPath, [CHILD, root, String(LENGTH), String(stallAfter)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Waits for a child's first line. */
async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout ?? assert.fail("no stdout"), "data");
  return String(chunk).trim();
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}

function openStore(root: string) {
  return createBlobStore({ root, retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 }, random: () => 0 });
}

function ask(source: ReturnType<typeof sourceOf>) {
  const { signal } = new AbortController();
  return { digest: DIGEST, size: LENGTH, maxBytes: LENGTH, hashes: [], source, signal };
}

test("ingest() resumes what a killed process left", async (t) => {
  const root = tempDirectory(t);
  const child = start(root, 3 * 1024 * 1024);
  assert.equal(await firstLine(child), "stalled");
  await kill(child);
  assert.equal(readdirSync(join(root, "partial")).length, 2);

  const source = sourceOf({ bytes: BYTES });
  await openStore(root).ingest(ask(source));
  const [call] = source.calls;
  assert.equal(source.calls.length, 1);
  assert.equal(call?.validator, '"v1"');
  assert.ok(call.offset >= 2 * 1024 * 1024, `resumed at ${call.offset}`);
  assert.deepEqual(readFileSync(openStore(root).pathOf(DIGEST)), BYTES);
  assert.deepEqual(readdirSync(join(root, "partial")), []);
});

test("ingest() takes nothing from a process that is still at it", async (t) => {
  const root = tempDirectory(t);
  const child = start(root, 3 * 1024 * 1024);
  t.after(() => kill(child));
  assert.equal(await firstLine(child), "stalled");

  const source = sourceOf({ bytes: BYTES });
  await openStore(root).ingest(ask(source));
  assert.deepEqual(source.calls, [{ offset: 0, validator: null }]);
  assert.equal(readdirSync(join(root, "partial")).length, 2, "the other's partial file and validator stay");
});

test("ingest() stores one whole blob when processes fetch it at once", async (t) => {
  const root = tempDirectory(t);
  const children = [1, 2, 3].map(() => start(root, LENGTH));
  const lines = await Promise.all(children.map(firstLine));
  assert.deepEqual(lines, [DIGEST, DIGEST, DIGEST]);
  assert.deepEqual(readFileSync(openStore(root).pathOf(DIGEST)), BYTES);
  assert.deepEqual(readdirSync(join(root, "partial")), []);
});

test("ingest() keeps nothing when the file system refuses a write in mid-body", async (t) => {
  const root = tempDirectory(t);
  // A limit on the size of files (of 512 or 1024 byte blocks) refuses a write as a full disk would, with EFBIG.
  const limited = [
    "-c",
    'ulimit -f 2048; exec "$0" "$@"',
    process.execPath,
    CHILD,
    root,
    String(LENGTH),
    String(LENGTH),
  ];
  const child = spawn("sh", limited, { stdio: ["ignore", "pipe", "inherit"] });
  assert.equal(await firstLine(child), "FILE_SYSTEM");
  assert.deepEqual([readdirSync(join(root, "partial")), readdirSync(join(root, "sha256"))], [[], []]);
});
