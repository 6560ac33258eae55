import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { openDatabase } from "../../src/state/database.ts";
import { withLock } from "../../src/state/lock.ts";
import { announceHolder, withdrawHolder } from "../../src/state/lock-holder.ts";
import { tempDirectory } from "../support/temp-home.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;
const LOCK = { command: "pkg test", pid: process.pid, signal: new AbortController().signal, onWait: () => {} };

test("the state and its lock can be opened by their owner alone, whatever the umask", async (t) => {
  const before = process.umask(0);
  t.after(() => process.umask(before));
  const home = join(tempDirectory(t), "home");
  openDatabase(join(home, "state.db")).close();
  await withLock({ ...LOCK, path: join(home, "lock.db") }, () => {
    for (const name of ["lock.db", "lock.db.holder"]) assert.equal(modeOf(join(home, name)), 0o600, name);
  });
  assert.equal(modeOf(home), 0o700);
  assert.equal(modeOf(join(home, "state.db")), 0o600);
});

test("what an older version left open to others is closed to them, once", (t) => {
  const home = join(tempDirectory(t), "home");
  openDatabase(join(home, "state.db")).close();
  chmodSync(join(home, "state.db"), 0o644);
  chmodSync(home, 0o755);
  openDatabase(join(home, "state.db")).close();
  assert.equal(modeOf(join(home, "state.db")), 0o600);
  assert.equal(modeOf(home), 0o700);
  // Somebody wants others to run what is installed there.
  chmodSync(home, 0o755);
  openDatabase(join(home, "state.db")).close();
  assert.equal(modeOf(home), 0o755);
});

test("a link, a FIFO, or a directory in place of the state or the lock is refused", async (t) => {
  const directory = tempDirectory(t);
  const isUnsafe = (error: unknown) => hasCode(error, "PERMISSIONS_UNSAFE");
  for (const kind of ["link", "fifo", "directory"]) {
    const home = join(directory, kind);
    mkdirSync(home);
    for (const name of ["lock.db", "state.db"]) {
      if (kind === "link") symlinkSync(join(directory, "victim"), join(home, name));
      else if (kind === "fifo") spawnSync("mkfifo", [join(home, name)]);
      else mkdirSync(join(home, name));
    }
    await assert.rejects(
      withLock({ ...LOCK, path: join(home, "lock.db") }, () => {}),
      isUnsafe,
    );
    assert.throws(() => openDatabase(join(home, "state.db")), isUnsafe);
  }
});

test("announceHolder() writes through no link, under whatever name it is put there", (t) => {
  const home = tempDirectory(t);
  writeFileSync(join(home, "victim"), "precious");
  for (const name of ["lock.db.holder", "lock.db.holder.new"]) symlinkSync("victim", join(home, name));
  announceHolder(join(home, "lock.db"), { pid: process.pid, command: "pkg test" });
  assert.equal(readFileSync(join(home, "victim"), "utf8"), "precious");
  withdrawHolder(join(home, "lock.db"));
});
