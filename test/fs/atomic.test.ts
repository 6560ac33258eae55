import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { linkOrCopy, removeTree, replaceSymlink, writeFileAtomic } from "../../src/fs/atomic.ts";
import { privateDirectory, sharedDirectory, syncDirectory } from "../../src/fs/directories.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { otherFileSystem } from "./other-file-system.ts";

const ANOTHER = 4242;
const modeOf = (path: string) => statSync(path).mode & 0o7777;

test("privateDirectory() makes parents and accepts existing ones", (t) => {
  const root = tempDirectory(t);
  privateDirectory(join(root, "a/b/c"));
  privateDirectory(join(root, "a/b/c"));
  assert.equal(modeOf(join(root, "a/b/c")), 0o700);
});

test("sharedDirectory() accepts a symlink to a directory", (t) => {
  const root = tempDirectory(t);
  mkdirSync(join(root, "real"));
  symlinkSync("real", join(root, "link"));
  sharedDirectory(join(root, "link/sub"));
  assert(statSync(join(root, "real/sub")).isDirectory());
});

test("sharedDirectory() throws FILE_SYSTEM when a file is in the way", (t) => {
  const root = tempDirectory(t);
  writeFileSync(join(root, "file"), "");
  assert.throws(() => sharedDirectory(join(root, "file")), { code: "FILE_SYSTEM", message: /it is a file/ });
  assert.throws(() => sharedDirectory(join(root, "file/sub")), { code: "FILE_SYSTEM" });
});

test("syncDirectory() throws FILE_SYSTEM when the directory does not exist", (t) => {
  assert.throws(() => syncDirectory(join(tempDirectory(t), "none")), { code: "FILE_SYSTEM" });
});

test("writeFileAtomic() replaces bytes and mode, and leaves no draft", (t) => {
  const root = tempDirectory(t);
  const path = join(root, "file");
  writeFileAtomic(path, "old", 0o600);
  writeFileAtomic(path, Buffer.from("new"), 0o666);
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.equal(modeOf(path), 0o666, "whatever the umask is");
  assert.deepEqual(readdirSync(root), ["file"]);
});

test("writeFileAtomic() writes to a new file, so that a link to the old one keeps the old bytes", (t) => {
  const root = tempDirectory(t);
  writeFileSync(join(root, "file"), "old");
  linkSync(join(root, "file"), join(root, "other"));
  writeFileAtomic(join(root, "file"), "new");
  assert.equal(readFileSync(join(root, "other"), "utf8"), "old");
});

test("writeFileAtomic() leaves no draft when it fails", (t) => {
  const root = tempDirectory(t);
  mkdirSync(join(root, "directory/full"), { recursive: true });
  assert.throws(() => writeFileAtomic(join(root, "directory"), "new"), { code: "FILE_SYSTEM" });
  assert.deepEqual(readdirSync(root), ["directory"]);
});

test("replaceSymlink() renames over a link or a file, and over what a cut left at the draft", (t) => {
  const root = tempDirectory(t);
  const [path, draft] = [join(root, "link"), join(root, ".draft")];
  symlinkSync("stale", draft);
  replaceSymlink("one", path, draft);
  replaceSymlink("two", path, draft);
  assert.equal(readlinkSync(path), "two");
  writeFileSync(join(root, "file"), "");
  replaceSymlink("three", join(root, "file"), draft);
  assert.equal(readlinkSync(join(root, "file")), "three");
  assert.deepEqual(readdirSync(root).toSorted(), ["file", "link"]);
});

test("replaceSymlink() leaves no draft when the rename fails", (t) => {
  const root = tempDirectory(t);
  mkdirSync(join(root, "directory"));
  assert.throws(() => replaceSymlink("target", join(root, "directory"), join(root, ".draft")), { code: "FILE_SYSTEM" });
  assert.deepEqual(readdirSync(root), ["directory"]);
});

test("linkOrCopy() makes a hard link and gives it the mode", (t) => {
  const root = tempDirectory(t);
  const [source, target] = [join(root, "source"), join(root, "target")];
  writeFileSync(source, "bytes", { mode: 0o644 });
  linkOrCopy(source, target, 0o755);
  assert.equal(statSync(source).ino, statSync(target).ino);
  assert.equal(modeOf(target), 0o755);
  linkOrCopy(source, join(root, "third"), 0o755);
  assert.equal(statSync(source).nlink, 3);
});

test("linkOrCopy() copies instead of changing the mode of a file with other links", (t) => {
  const root = tempDirectory(t);
  const [source, other, target] = [join(root, "source"), join(root, "other"), join(root, "target")];
  writeFileSync(source, "bytes");
  chmodSync(source, 0o755);
  linkSync(source, other);
  linkOrCopy(source, target, 0o644);
  assert.equal(modeOf(other), 0o755);
  assert.equal(modeOf(target), 0o644);
  assert.equal(readFileSync(target, "utf8"), "bytes");
});

test("linkOrCopy() copies to another filesystem", (t) => {
  const here = tempDirectory(t);
  const there = otherFileSystem(t, here);
  if (there === null) return t.skip("no second filesystem");
  writeFileSync(join(here, "source"), "bytes");
  linkOrCopy(join(here, "source"), join(there, "target"), 0o755);
  assert.equal(readFileSync(join(there, "target"), "utf8"), "bytes");
  assert.equal(modeOf(join(there, "target")), 0o755);
  assert.notEqual(modeOf(join(here, "source")), 0o755);
});

test("linkOrCopy() never writes over a file", (t) => {
  const root = tempDirectory(t);
  writeFileSync(join(root, "source"), "bytes");
  writeFileSync(join(root, "target"), "precious");
  assert.throws(() => linkOrCopy(join(root, "source"), join(root, "target"), 0o755), { code: "FILE_SYSTEM" });
  linkSync(join(root, "source"), join(root, "shared"));
  assert.throws(() => linkOrCopy(join(root, "source"), join(root, "target"), 0o700), { code: "FILE_SYSTEM" });
  assert.equal(readFileSync(join(root, "target"), "utf8"), "precious");
});

test("removeTree() removes a symlink and not what it leads to", (t) => {
  const root = tempDirectory(t);
  mkdirSync(join(root, "kept/sub"), { recursive: true });
  mkdirSync(join(root, "gone"));
  symlinkSync("../kept", join(root, "gone/inner"));
  symlinkSync("kept", join(root, "outer"));
  for (const name of ["gone", "outer", "absent"]) removeTree(join(root, name));
  assert.deepEqual(readdirSync(root), ["kept"]);
  assert(lstatSync(join(root, "kept/sub")).isDirectory());
});

test("removeTree() removes directories of ours that nobody may write to", (t) => {
  const root = tempDirectory(t);
  mkdirSync(join(root, "tree/closed"), { recursive: true });
  writeFileSync(join(root, "tree/closed/file"), "x");
  // root may remove anything, so another user has to show it.
  const user = process.geteuid?.() === 0 ? { uid: ANOTHER, gid: ANOTHER } : {};
  for (const name of [".", "tree", "tree/closed", "tree/closed/file"]) {
    if (user.uid !== undefined) chownSync(join(root, name), user.uid, user.gid);
  }
  chmodSync(join(root, "tree/closed"), 0o500);
  chmodSync(join(root, "tree"), 0o500);
  const run = (script: string) =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script, join(root, "tree")], {
      ...user,
      cwd: root,
      encoding: "utf8",
    });
  const start = `import { removeTree } from ${JSON.stringify(new URL("../../src/fs/atomic.ts", import.meta.url))};`;
  if (run(start).status !== 0) return t.skip("another user cannot read this checkout");
  const { status, stderr } = run(`${start} removeTree(process.argv[1]);`);
  assert.equal(status, 0, stderr);
  assert.equal(existsSync(join(root, "tree")), false);
});
