import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { rewriteFile } from "../../src/fs/rewrite-file.ts";
import { tempDirectory } from "../support/temp-home.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

test("rewriteFile() writes what links lead to, and leaves the links and the mode as they are", (t) => {
  const directory = tempDirectory(t);
  const [real, link, second] = ["kept/real.toml", "link.toml", "second.toml"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(join(directory, "kept"));
  writeFileSync(real, "old", { mode: 0o600 });
  symlinkSync("kept/real.toml", link);
  symlinkSync("link.toml", second);
  rewriteFile(second, "new", { newMode: 0o644 });
  assert.equal(readFileSync(real, "utf8"), "new");
  assert.equal(modeOf(real), 0o600);
  assert.deepEqual([readlinkSync(link), readlinkSync(second)], ["kept/real.toml", "link.toml"]);
  assert.equal(lstatSync(real).isFile(), true);
});

test("rewriteFile() makes what is missing, and refuses links that form a loop", (t) => {
  const directory = tempDirectory(t);
  rewriteFile(join(directory, "a/b.toml"), "x", { newMode: 0o640 });
  assert.equal(modeOf(join(directory, "a/b.toml")), 0o640);
  symlinkSync("loop", join(directory, "loop"));
  assert.throws(
    () => rewriteFile(join(directory, "loop"), "x", { newMode: 0o644 }),
    (error) => hasCode(error, "FILE_SYSTEM"),
  );
});

test("rewriteFile() leaves a file no more permissions than it may have", (t) => {
  const path = join(tempDirectory(t), "a");
  writeFileSync(path, "old", { mode: 0o644 });
  rewriteFile(path, "new", { newMode: 0o644, most: 0o600 });
  assert.equal(modeOf(path), 0o600);
});

test("rewriteFile() does not keep the mode of a file that somebody else made", (t) => {
  if (process.geteuid?.() !== 0) return t.skip("only root can make a file of another user");
  const path = join(tempDirectory(t), "config.json");
  writeFileSync(path, "old");
  chownSync(path, 4242, 4242);
  chmodSync(path, 0o666);
  rewriteFile(path, "a password", { newMode: 0o600 });
  assert.equal(modeOf(path), 0o600);
});
