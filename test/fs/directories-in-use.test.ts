import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { directoriesInUse } from "../../src/fs/directories-in-use.ts";
import { tempDirectory } from "../support/temp-home.ts";

const skip = process.platform !== "linux";

test("directoriesInUse() tells what a process works in, has open, was told, or looks for programs in", {
  skip,
}, async (t) => {
  const root = tempDirectory(t);
  // In /proc, names are bytes as they are.
  const names = ["cwd", "open", "wörds", "päth", "cwd-of-nobody", "unused"];
  const [cwd = "", open = "", words = "", path = "", ...others] = names.map((name) => join(root, name));
  for (const directory of [cwd, open]) mkdirSync(directory);
  writeFileSync(join(open, "file"), "");
  const file = openSync(join(open, "file"), "r");
  t.after(() => closeSync(file));
  const child = spawn("/bin/cat", ["-", `${words}/file`], {
    cwd,
    env: { PATH: `/usr/bin:${path}/bin` },
    stdio: ["pipe", "ignore", "ignore", file],
  });
  t.after(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  assert.deepEqual(
    [...directoriesInUse([cwd, open, words, path, ...others])].toSorted(),
    [cwd, open, words, path].toSorted(),
  );
  // What this process has open does not count.
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.deepEqual([...directoriesInUse([cwd, open, words, path])], []);
});
