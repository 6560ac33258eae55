import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../src/state/database.ts";
import { createJournal } from "../../src/state/journal.ts";
import { EMPTY_INTENT } from "../state/sample-installation.ts";
import { runPkg } from "../support/run-pkg.ts";
import { makeSampleHome, type SampleHome } from "../support/sample-home.ts";
import { type Cleanup, tempDirectory } from "../support/temp-home.ts";

const READING = [
  "list",
  "search tool",
  "info tool",
  "files tool",
  "owns tool",
  "verify",
  "outdated",
  "config",
  "repo",
  "repo trust tools",
  "key show",
  "install --help",
  "install tool",
  "install tool --reinstall --dry-run",
  "remove tool --dry-run",
  "history",
  "diff",
  "undo --dry-run",
  "rollback 0 --dry-run",
  "clean --dry-run --all",
];

async function installed(t: Cleanup): Promise<SampleHome> {
  const home = await makeSampleHome(t);
  const tool = home.build({ name: "tool", version: "1.0.0" });
  await home.push(tool);
  home.publishIndex(tool);
  assert.equal((await home.pkg(["install", "tool"])).code, 0);
  return home;
}

/** Every path below a directory, with what changes when something is written there. */
function traces(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .toSorted()
    .filter((path) => !path.startsWith("served"))
    .map((path) => {
      const { ino, size, mode, mtimeMs, ctimeMs } = lstatSync(join(directory, path));
      return [path, ino, size, mode, mtimeMs, ctimeMs].join(" ");
    });
}

test("commands that only read write nothing", async (t) => {
  const home = await installed(t);
  const before = traces(home.path);
  for (const line of READING) {
    const { code, stderr } = await home.pkg(line.split(" "));
    assert.equal(code, 0, `${line}: ${stderr}`);
    assert.deepEqual(traces(home.path), before, line);
  }
});

test("commands that only read make no home", async (t) => {
  const home = tempDirectory(t);
  for (const line of [
    "list",
    "verify",
    "outdated",
    "config",
    "repo",
    "key show",
    "files x",
    "owns x",
    "update --dry-run",
  ]) {
    await runPkg(line.split(" "), { home });
    assert.deepEqual(readdirSync(home), [], line);
  }
});

test("a reader tells of a change that was interrupted, and leaves it to the next command that changes something", async (t) => {
  const home = await installed(t);
  const state = join(home.path, "state.db");
  const database = openDatabase(state);
  const [tool] = database.all<{ directory: string; digest: string }>(
    "SELECT directory, digest FROM installations JOIN files ON installation = name",
  );
  const removal = { name: "tool", directory: tool?.directory ?? "", digests: [] };
  createJournal(database).begin({ ...EMPTY_INTENT, removals: [removal] });
  database.close();
  const before = traces(home.path);
  const reading = await home.pkg(["list"]);
  assert.match(reading.stdout, /^tool +1\.0\.0/);
  assert.match(reading.stderr, /^note: A change of tool was interrupted; the next command that changes something/m);
  assert.deepEqual(traces(home.path), before);
  const changing = await home.pkg(["update"]);
  assert.match(changing.stderr, /^note: An interrupted change of tool was finished/m);
  assert.doesNotMatch((await home.pkg(["list"])).stderr, /interrupted/);
});

/** A file system of 4 MiB; null where mounting is not allowed. */
function mountSmall(t: Cleanup): string | null {
  const directory = mkdtempSync(join(tmpdir(), "pkg-test-small-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=4m", "none", directory]);
  t.after(() => {
    if (status === 0) spawnSync("umount", [directory]);
    rmdirSync(directory);
  });
  return status === 0 ? directory : null;
}

test("on a full disk everything can be read, and remove frees room", async (t) => {
  const home = await installed(t);
  const place = mountSmall(t);
  if (place === null) return t.skip("this needs to mount a file system");
  const small = join(place, "home");
  for (const name of ["config.toml", "index"]) cpSync(join(home.path, name), join(small, name), { recursive: true });
  const index = join(small, "index/tools.db");
  utimesSync(index, new Date(), new Date());
  const pkg = (line: string) => runPkg(line.split(" "), { home: small });
  assert.equal((await pkg("install tool")).code, 0);
  for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    for (let count = 0; fills(join(place, `full-${bytes}-${count}`), bytes); count += 1);
  }
  for (const line of READING) {
    const { code, stderr } = await pkg(line);
    assert.equal(code, 0, `${line}: ${stderr}`);
  }
  const files = readdirSync(small);
  for (const line of ["update --check", "update --dry-run"]) {
    const { code, stderr } = await pkg(line);
    assert.equal(code, 0, `${line}: ${stderr}`);
    assert.match(stderr, /^note: The index of tools is .* old, as it could not be refreshed: .*no space is left/m);
    assert.deepEqual(readdirSync(small), files, line);
  }
  const removed = await pkg("remove tool");
  assert.equal(removed.code, 0, removed.stderr);
  assert.equal((await pkg("list")).stdout, "");
  // The room is kept again, as far as there is any.
  assert.ok(readdirSync(small).includes("state.db.reserve"));
});

function fills(path: string, bytes: number): boolean {
  try {
    writeFileSync(path, Buffer.alloc(bytes));
    return true;
  } catch {
    rmSync(path, { force: true });
    return false;
  }
}
