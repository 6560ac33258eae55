import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashHex } from "../../src/base/hashes.ts";
import { uniqueOwner } from "../../src/base/process-alive.ts";
import { createBlobStore } from "../../src/blobs/blob-store.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { canTrace } from "../support/strace.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const CHILD = join(import.meta.dirname, "intake-child.ts");
const { signal } = new AbortController();

function openStore(t: Cleanup) {
  const root = tempDirectory(t);
  const store = createBlobStore({
    root,
    retry: { attempts: 1, patienceMs: 60_000, baseMs: 1, capMs: 1 },
    random: () => 0,
  });
  return { store, root, partial: () => readdirSync(join(root, "partial")) };
}

const digestOf = (text: string) => sha256Digest(hashHex("sha256", Buffer.from(text)));

test("intake() stores files by digest, with their mode, equal files once", async (t) => {
  const { store, partial } = openStore(t);
  const intake = store.intake(signal);
  const texts = Array.from({ length: 100 }, (_, index) => `file ${index % 60}`);
  for (const [index, text] of texts.entries()) {
    const blob = await intake.add([Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))], 0o755);
    assert.deepEqual([blob.digest, blob.size], [digestOf(texts[index] ?? ""), text.length]);
  }
  await intake.finish();
  assert.equal((await intake.abandon()).length, 60);
  for (const text of texts) assert.equal(readFileSync(store.pathOf(digestOf(text)), "utf8"), text);
  assert.equal(statSync(store.pathOf(digestOf("file 1"))).mode & 0o777, 0o755);
  assert.deepEqual(partial(), []);
});

test("intake() keeps intact blobs in the store, and replaces damaged ones", async (t) => {
  const { store } = openStore(t);
  const first = store.intake(signal);
  for (const text of ["whole", "damaged"]) await first.add([Buffer.from(text)], 0o644);
  await first.finish();
  const { ino } = statSync(store.pathOf(digestOf("whole")));
  writeFileSync(store.pathOf(digestOf("damaged")), "other");
  const second = store.intake(signal);
  for (const text of ["whole", "damaged", "new"]) await second.add([Buffer.from(text)], 0o644);
  await second.finish();
  assert.equal(statSync(store.pathOf(digestOf("whole"))).ino, ino);
  assert.equal(readFileSync(store.pathOf(digestOf("damaged")), "utf8"), "damaged");
  assert.deepEqual(
    (await second.abandon()).map(({ digest }) => digest),
    [digestOf("damaged"), digestOf("new")],
  );
});

test("intake() leaves nothing of a body that breaks off", async (t) => {
  const { store, partial } = openStore(t);
  const intake = store.intake(signal);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("some");
    throw new Error("broken");
  }
  await assert.rejects(intake.add(broken(), 0o644), /broken/);
  assert.deepEqual([await intake.abandon(), partial()], [[], []]);
});

test("intake() removes what a killed process has left, and nothing of one that runs", (t) => {
  const { store, partial, root } = openStore(t);
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const [machine] = uniqueOwner().split("-");
  mkdirSync(join(root, "partial"));
  const kept = [`intake.${machine}-${process.pid}-abc0-1`, `intake.00000000-${ended}-abc0-1`, "sha256-0123"];
  for (const name of [...kept, `intake.${machine}-${ended}-abc0-12`]) writeFileSync(join(root, "partial", name), "x");
  store.intake(signal);
  assert.deepEqual(partial().toSorted(), kept.toSorted());
});

test("intake() makes each file durable before it has its name, and their directory once", async (t) => {
  if (!canTrace()) return t.skip("no strace");
  const root = tempDirectory(t);
  const log = join(tempDirectory(t), "trace");
  const trace = ["-f", "-y", "-qq", "-o", log, "-e", "trace=fsync,fdatasync,?rename,?renameat,?renameat2"];
  const { status, stderr } = spawnSync("strace", [...trace, process.execPath, CHILD, root, "40"], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  // A call whose log line is interrupted by another thread ends where the line is resumed.
  const lines = readFileSync(log, "utf8").split("\n");
  const synced = lines.flatMap((line, at) => (/sync\(.*<.*\/partial\/intake/.test(line) ? [at] : []));
  const renamed = lines.flatMap((line, at) => (/rename.*\/partial\/intake/.test(line) ? [at] : []));
  const directory = lines.flatMap((line, at) => (/sync\(.*\/sha256>/.test(line) ? [at] : []));
  assert.deepEqual([synced.length, renamed.length, directory.length], [40, 40, 1]);
  const names = (at: readonly number[]) => at.map((index) => /intake\.[\w-]+/.exec(lines[index] ?? "")?.[0] ?? "");
  for (const [order, name] of names(renamed).entries()) {
    const sync = synced[names(synced).indexOf(name)] ?? Number.POSITIVE_INFINITY;
    assert.ok(sync < (renamed[order] ?? 0), `${name} was renamed before it was synced`);
  }
  assert.ok((directory[0] ?? 0) > (renamed.at(-1) ?? 0), "the directory comes last");
});
