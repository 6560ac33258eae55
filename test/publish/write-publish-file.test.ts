import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("pkg init --force writes through a link to pkg.json, and keeps the mode of the file", async (t) => {
  const home = tempDirectory(t);
  mkdirSync(join(home, "elsewhere"));
  const file = join(home, "elsewhere/mine.json");
  writeFileSync(file, "{}");
  chmodSync(file, 0o640);
  symlinkSync("elsewhere/mine.json", join(home, "pkg.json"));
  const words = [
    "init",
    "ghcr.io/me/hello",
    "--version",
    "1.0.0",
    "--file",
    "hello@linux/amd64",
    "--license",
    "MIT",
    "--yes",
  ];
  assert.equal((await runPkg(words, { home })).code, 1);
  const { code, stderr } = await runPkg([...words, "--force"], { home });
  assert.equal(code, 0, stderr);
  assert.equal(readlinkSync(join(home, "pkg.json")), "elsewhere/mine.json");
  assert.match(readFileSync(file, "utf8"), /"reference": "ghcr\.io\/me\/hello"/);
  assert.equal(statSync(file).mode & 0o777, 0o640);
});
