import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { checkOutput, refuseSpecialOutput, writeOutput } from "../../src/fs/output-file.ts";
import { tempDirectory } from "../support/temp-home.ts";

const BYTES = [Buffer.from("new")];
const isConflict = (error: unknown) => hasCode(error, "PATH_CONFLICT");

function linkToFile(path: string): void {
  writeFileSync(`${path}.target`, "old");
  symlinkSync(`${path}.target`, path);
}

describe("writeOutput()", () => {
  for (const [what, make] of [
    ["a file", (path: string) => writeFileSync(path, "old")],
    ["a link to a file", linkToFile],
    ["a link to nothing", (path: string) => symlinkSync(`${path}.missing`, path)],
    ["a FIFO", (path: string) => void spawnSync("mkfifo", [path])],
  ] as const) {
    test(`refuses ${what}, and replaces it alone with force`, async (t) => {
      const directory = tempDirectory(t);
      const path = join(directory, "out");
      make(path);
      const before = lstatSync(path).ino;
      await assert.rejects(writeOutput({ path, force: false }, BYTES), isConflict);
      assert.equal(lstatSync(path).ino, before);
      await writeOutput({ path, force: true }, BYTES);
      assert(lstatSync(path).isFile());
      assert.equal(readFileSync(path, "utf8"), "new");
      assert.equal(existsSync(`${path}.missing`), false);
      if (existsSync(`${path}.target`)) assert.equal(readFileSync(`${path}.target`, "utf8"), "old");
    });
  }

  test("replaces neither a directory nor a device, even with force", async (t) => {
    const path = join(tempDirectory(t), "d");
    mkdirSync(path);
    await assert.rejects(writeOutput({ path, force: true }, BYTES), isConflict);
    assert.throws(() => checkOutput({ path: "/dev/zero", force: true }), isConflict);
    assert(lstatSync("/dev/zero").isCharacterDevice());
  });

  test("does not replace what appears while it writes", async (t) => {
    const directory = tempDirectory(t);
    const path = join(directory, "out");
    async function* late() {
      yield Buffer.from("new");
      writeFileSync(path, "somebody else's");
    }
    await assert.rejects(writeOutput({ path, force: false }, late()), isConflict);
    assert.equal(readFileSync(path, "utf8"), "somebody else's");
    assert.deepEqual(readdirSync(directory), ["out"]);
  });

  test("writes to the null device, which stays one", async () => {
    assert.equal(await writeOutput({ path: "/dev/null", force: false }, BYTES), 3);
    assert(lstatSync("/dev/null").isCharacterDevice());
  });

  test("refuseSpecialOutput() takes a plain file or nothing", (t) => {
    const path = join(tempDirectory(t), "index.json");
    refuseSpecialOutput(path);
    writeFileSync(path, "");
    refuseSpecialOutput(path);
    symlinkSync("elsewhere", `${path}.sig`);
    assert.throws(() => refuseSpecialOutput(`${path}.sig`), isConflict);
  });
});
