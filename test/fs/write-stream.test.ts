import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { writeStreamAtomic } from "../../src/fs/write-stream.ts";

async function directoryFor(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "pkg-write-stream-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken() {
  yield Buffer.from("half");
  throw new Error("the source broke");
}

suite("writeStreamAtomic()", () => {
  test("writeStreamAtomic() writes all bytes under the mode asked for", async (t) => {
    const path = join(await directoryFor(t), "file");
    assert.equal(await writeStreamAtomic(path, chunks("ab", "", "c"), 0o755), 3);
    assert.equal(readFileSync(path, "utf8"), "abc");
    assert.equal(statSync(path).mode & 0o7777, 0o755);
  });

  test("writeStreamAtomic() keeps every byte of a long stream of odd pieces", async (t) => {
    const path = join(await directoryFor(t), "file");
    const whole = randomBytes(5_000_001);
    const pieces = async function* () {
      for (let at = 0, length = 1; at < whole.length; at += length, length = ((length * 7) % 300_000) + 1) {
        yield Buffer.from(whole.subarray(at, at + length));
      }
    };
    assert.equal(await writeStreamAtomic(path, pieces()), whole.length);
    assert.deepEqual(readFileSync(path), whole);
    const many = Array.from({ length: 5000 }, (_, index) => `${index},`);
    await writeStreamAtomic(path, chunks(...many));
    assert.equal(readFileSync(path, "utf8"), many.join(""));
  });

  test("writeStreamAtomic() leaves the old file and no draft when the source breaks", async (t) => {
    const directory = await directoryFor(t);
    const path = join(directory, "file");
    writeFileSync(path, "old");
    await assert.rejects(writeStreamAtomic(path, broken()), /the source broke/);
    assert.equal(readFileSync(path, "utf8"), "old");
    assert.deepEqual(readdirSync(directory), ["file"]);
  });

  test("writeStreamAtomic() says what it could not write", async (t) => {
    const directory = await directoryFor(t);
    mkdirSync(join(directory, "taken"));
    const cases = [join(directory, "missing", "file"), join(directory, "taken")];
    for (const path of cases) {
      await assert.rejects(writeStreamAtomic(path, chunks("a")), { code: "FILE_SYSTEM", message: /Cannot write "/ });
    }
    assert.deepEqual(readdirSync(directory), ["taken"]);
  });
});
