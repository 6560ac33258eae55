import assert from "node:assert/strict";
import { lstatSync, mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { changeMode, changeOwner } from "../../src/fs/through-handle.ts";
import { tempDirectory } from "../support/temp-home.ts";

const isRoot = process.geteuid?.() === 0;

test("changeMode() and changeOwner() change what is at a path, and nothing that a link leads to", (t) => {
  const root = realpathSync(tempDirectory(t));
  const [file, link, beyond] = [join(root, "file"), join(root, "link"), join(root, "beyond")];
  writeFileSync(file, "x", { mode: 0o600 });
  symlinkSync(file, link);
  mkdirSync(join(root, "directory"));
  symlinkSync(join(root, "directory"), beyond);
  writeFileSync(join(root, "directory/other"), "x", { mode: 0o600 });

  changeMode(file, 0o000);
  changeMode(file, 0o640);
  assert.equal(statSync(file).mode & 0o777, 0o640);
  for (const path of [link, join(beyond, "other")]) {
    assert.throws(
      () => changeMode(path, 0o777),
      (error) => hasCode(error, "FILE_SYSTEM", "PERMISSION_DENIED"),
    );
  }
  assert.throws(
    () => changeOwner(join(beyond, "other"), { uid: 1, gid: 1 }),
    (error) => hasCode(error, "FILE_SYSTEM"),
  );
  assert.deepEqual([statSync(file).mode & 0o777, statSync(join(root, "directory/other")).mode & 0o777], [0o640, 0o600]);
});

test("changeOwner() gives a link away, and not what it leads to", { skip: !isRoot }, (t) => {
  const root = realpathSync(tempDirectory(t));
  const [file, link] = [join(root, "file"), join(root, "link")];
  writeFileSync(file, "x");
  symlinkSync(file, link);
  changeOwner(link, { uid: 65534, gid: 65534 });
  assert.deepEqual([lstatSync(link).uid, statSync(file).uid], [65534, 0]);
});
