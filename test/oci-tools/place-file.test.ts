import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { placeFile } from "../../src/oci-tools/place-file.ts";
import { otherFileSystem } from "../fs/other-file-system.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("placeFile() moves what is ours, and copies what is not", async (t) => {
  const directory = tempDirectory(t);
  for (const isOurs of [true, false]) {
    const [path, target] = [join(directory, "from"), join(directory, `to-${isOurs}`)];
    writeFileSync(path, "bytes", { mode: 0o600 });
    const { ino } = statSync(path);
    await placeFile({ path, isOurs }, target, { mode: 0o755, existing: "replace" });
    assert.equal(readFileSync(target, "utf8"), "bytes");
    assert.equal(statSync(target).mode & 0o777, 0o755);
    assert.equal(statSync(target).ino === ino, isOurs);
    assert.equal(existsSync(path), !isOurs);
  }
});

test("placeFile() copies onto another file system, and leaves nothing else there", async (t) => {
  const directory = tempDirectory(t);
  const other = otherFileSystem(t, directory);
  if (other === null) return t.skip("there is no other file system here");
  const path = join(directory, "from");
  writeFileSync(path, "bytes");
  await placeFile({ path, isOurs: true }, join(other, "to"), { mode: 0o644, existing: "replace" });
  assert.equal(readFileSync(join(other, "to"), "utf8"), "bytes");
  assert.deepEqual(readdirSync(other), ["to"]);
});
