import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode, systemCode } from "../../src/errors.ts";
import { newDirectoryIn, newPrivateDirectory, sharedDirectory } from "../../src/fs/directories.ts";
import { draftPath } from "../../src/fs/draft-path.ts";
import {
  copyToNew,
  createFile,
  createFileSync,
  createFileWith,
  openForAppending,
  reopenFile,
  setFileMode,
} from "../../src/fs/new-file.ts";
import { PartialFile } from "../../src/fs/partial-file.ts";
import { tempDirectory } from "../support/temp-home.ts";

const isExisting = (error: unknown) => systemCode(error) === "EEXIST";

test("createFile() and its kin follow no link, neither to a file nor to nothing", async (t) => {
  const directory = tempDirectory(t);
  const victim = join(directory, "victim");
  writeFileSync(victim, "precious");
  for (const target of [victim, join(directory, "missing")]) {
    const link = join(directory, `link-to-${target === victim ? "file" : "nothing"}`);
    symlinkSync(target, link);
    await assert.rejects(createFile(link), isExisting);
    assert.throws(() => createFileSync(link), isExisting);
    assert.throws(() => createFileWith(link, "evil", { mode: 0o755 }), isExisting);
    assert.throws(() => copyToNew(victim, link, 0o755), isExisting);
  }
  assert.equal(readFileSync(victim, "utf8"), "precious");
  assert.equal(statSync(victim).mode & 0o111, 0);
});

test("setFileMode() changes no file behind a link", (t) => {
  const directory = tempDirectory(t);
  writeFileSync(join(directory, "victim"), "", { mode: 0o600 });
  symlinkSync("victim", join(directory, "link"));
  assert.throws(
    () => setFileMode(join(directory, "link"), 0o755),
    (error) => systemCode(error) === "ELOOP",
  );
  assert.equal(statSync(join(directory, "victim")).mode & 0o777, 0o600);
});

test("draftPath() differs each time, by 64 random bits", () => {
  const names = new Set(Array.from({ length: 100 }, () => draftPath("/d/name")));
  assert.equal(names.size, 100);
  for (const name of names) assert.match(name, /^\/d\/\.name\.[0-9a-f]{16}\.part$/);
});

test("reopenFile() takes nothing that somebody else may have arranged", async (t) => {
  const directory = tempDirectory(t);
  const at = (name: string) => join(directory, name);
  writeFileSync(at("own"), "");
  await (await reopenFile(at("own"))).close();
  writeFileSync(at("victim"), "");
  linkSync(at("victim"), at("hard"));
  writeFileSync(at("writable"), "");
  chmodSync(at("writable"), 0o666);
  spawnSync("mkfifo", [at("fifo")]);
  for (const name of ["hard", "writable", "fifo"]) {
    await assert.rejects(reopenFile(at(name)), (error) => hasCode(error, "PERMISSIONS_UNSAFE"), name);
  }
  symlinkSync("own", at("link"));
  await assert.rejects(reopenFile(at("link")), (error) => systemCode(error) === "ELOOP");
});

test("PartialFile.open() leaves what is behind a link or a hard link alone, and starts anew", async (t) => {
  const directory = tempDirectory(t);
  const victim = join(directory, "victim");
  for (const plant of [symlinkSync, linkSync]) {
    writeFileSync(victim, "precious");
    const free = join(directory, `part-${plant.name}`);
    plant(victim, free);
    const file = await PartialFile.open(free, true);
    assert.equal(file.offset, 0);
    await file.append(Buffer.from("received"));
    await file.discard();
    assert.equal(readFileSync(victim, "utf8"), "precious", plant.name);
  }
});

test("openForAppending() opens neither a link nor a FIFO, and waits for nobody", async (t) => {
  const directory = tempDirectory(t);
  spawnSync("mkfifo", [join(directory, "fifo")]);
  symlinkSync("log", join(directory, "link"));
  for (const name of ["fifo", "link"]) {
    const refused = (error: unknown) => hasCode(error, "FILE_SYSTEM") && /expected a file/.test(error.message);
    await assert.rejects(openForAppending(join(directory, name)), refused);
  }
  const log = await openForAppending(join(directory, "log"));
  await log.close();
  assert.equal(statSync(join(directory, "log")).mode & 0o777, 0o600);
});

test("directories: private ones are 0700 whatever the umask, shared ones as the umask says", (t) => {
  const directory = tempDirectory(t);
  const before = process.umask(0o027);
  t.after(() => process.umask(before));
  newPrivateDirectory(join(directory, "private"));
  sharedDirectory(join(directory, "shared"));
  assert.equal(statSync(join(directory, "private")).mode & 0o777, 0o700);
  assert.equal(statSync(join(directory, "shared")).mode & 0o777, 0o750);
  mkdirSync(join(directory, "taken"));
  assert.throws(() => newPrivateDirectory(join(directory, "taken")), isExisting);
  assert.match(newDirectoryIn(directory, "made-"), /\/made-[0-9a-f]{16}$/);
});

test("sharedDirectory() says of a link in its place where that leads: nowhere", (t) => {
  const link = join(tempDirectory(t), "link");
  symlinkSync("missing", link);
  assert.throws(
    () => sharedDirectory(link),
    (error) => hasCode(error, "FILE_SYSTEM") && /link that leads nowhere/.test(error.message),
  );
});
