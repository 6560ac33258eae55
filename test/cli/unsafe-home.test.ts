import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { exposureOf, fileExposure } from "../../src/fs/exposure.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory } from "../support/temp-home.ts";

const ANOTHER = 4242;
const isRoot = process.geteuid?.() === 0;

describe("a home that others may write", () => {
  test("is refused with the cure, and used after it", async (t) => {
    const home = tempDirectory(t);
    for (const mode of [0o777, 0o1777, 0o757]) {
      chmodSync(home, mode);
      const { code, stderr } = await runPkg(["list"], { home });
      assert.equal(code, 1);
      assert.match(stderr, /every user of this machine may write to it/);
      assert.match(stderr, /chmod go-w/);
      chmodSync(home, mode & ~0o022);
      assert.equal((await runPkg(["list"], { home })).code, 0);
    }
  });

  for (const name of ["packages", "blobs", "index", "keys", "config.toml"]) {
    test(`is refused for its ${name} as well`, async (t) => {
      const home = tempDirectory(t);
      if (name === "config.toml") writeFileSync(join(home, name), "");
      else mkdirSync(join(home, name));
      chmodSync(join(home, name), 0o777);
      assert.match((await runPkg(["list"], { home })).stderr, /every user of this machine may write/);
    });
  }

  test("is only told of when they may write around it, but for a directory with the sticky bit", async (t) => {
    const around = tempDirectory(t);
    const home = join(around, "home");
    for (const [mode, isTold] of [
      [0o755, false],
      [0o1777, false],
      [0o777, true],
    ] as const) {
      chmodSync(around, mode);
      const { code, stderr } = await runPkg(["list"], { home });
      assert.equal(code, 0);
      assert.equal(/^warning: .*every user of this machine may write/m.test(stderr), isTold, stderr);
    }
  });

  test("is only told of when it is a group that may", async (t) => {
    if (!isRoot) return t.skip("only root can give a directory to another group");
    const home = tempDirectory(t);
    chownSync(home, 0, ANOTHER);
    chmodSync(home, 0o770);
    const { code, stderr } = await runPkg(["list"], { home });
    assert.equal(code, 0);
    assert.match(stderr, /^warning: .*the members of group 4242 may write to it/m);
  });

  test("is no matter of the group that every user has alone", async (t) => {
    const home = tempDirectory(t);
    chmodSync(home, 0o770);
    assert.equal(exposureOf(home)?.isCertain ?? false, false);
    if (process.getegid?.() === process.geteuid?.()) assert.equal(exposureOf(home), null);
  });
});

describe("a file that others may write", () => {
  test("a config in a directory with the sticky bit is judged by its own mode", (t) => {
    const directory = tempDirectory(t);
    const file = join(directory, "config.toml");
    writeFileSync(file, "", { mode: 0o644 });
    chmodSync(directory, 0o777);
    assert.equal(fileExposure(file)?.path, directory);
    chmodSync(directory, 0o1777);
    assert.equal(fileExposure(file), null);
    chmodSync(file, 0o666);
    assert.equal(fileExposure(file)?.path, file);
    assert.equal(fileExposure(join(directory, "missing")), null);
    assert.equal(fileExposure("/dev/null"), null);
  });

  test("is as exposed as what a link to it leads to", (t) => {
    const [safe, open] = [tempDirectory(t), tempDirectory(t)];
    writeFileSync(join(open, "config.toml"), "", { mode: 0o644 });
    symlinkSync(join(open, "config.toml"), join(safe, "config.toml"));
    assert.equal(fileExposure(join(safe, "config.toml")), null);
    chmodSync(open, 0o777);
    assert.equal(fileExposure(join(safe, "config.toml"))?.path, open);
  });

  test("a signing key that others may write does not sign", async (t) => {
    const home = tempDirectory(t);
    assert.equal((await runPkg(["key", "generate", "--no-passphrase"], { home })).code, 0);
    const key = join(home, "keys/default.key");
    assert.equal((await runPkg(["key", "export", "--secret"], { home })).code, 0);
    chmodSync(key, 0o666);
    const { code, stderr } = await runPkg(["key", "show", "default"], { home });
    assert.notEqual(code, 0);
    assert.match(stderr, /default\.key": every user of this machine may write to it[\s\S]*chmod go-w/);
  });
});

test("pkg repo writes through a link to the config file, and keeps its mode", async (t) => {
  const [home, kept] = [tempDirectory(t), tempDirectory(t)];
  writeFileSync(join(kept, "pkg.toml"), "", { mode: 0o600 });
  symlinkSync(join(kept, "pkg.toml"), join(home, "config.toml"));
  const { code, stderr } = await runPkg(["repo", "disable", "bincache"], { home });
  assert.equal(code, 0, stderr);
  assert.equal(lstatSync(join(home, "config.toml")).isSymbolicLink(), true);
  assert.match(readFileSync(join(kept, "pkg.toml"), "utf8"), /enabled = false/);
  assert.equal(statSync(join(kept, "pkg.toml")).mode & 0o777, 0o600);
});

test("root is warned of a home that belongs to the user who ran sudo, and of no other", async (t) => {
  if (!isRoot) return t.skip("only root can act for others");
  const home = tempDirectory(t);
  const warned = async (user: string) =>
    /closed to user/.test((await runPkg(["list"], { home, env: { SUDO_UID: user } })).stderr);
  assert.equal(await warned(String(ANOTHER)), false);
  chownSync(home, ANOTHER, ANOTHER);
  assert.equal(await warned(String(ANOTHER)), true);
  assert.equal(await warned(""), false);
});

test("whoever shared the home of an older version is told once that it was closed, and can open it again", async (t) => {
  const home = tempDirectory(t);
  assert.equal((await runPkg(["update"], { home })).code, 0);
  chmodSync(join(home, "state.db"), 0o644);
  chmodSync(home, 0o755);
  assert.match((await runPkg(["update"], { home })).stderr, /^note: Closed ".*" to other users.*chmod 755/m);
  assert.equal(statSync(home).mode & 0o777, 0o700);
  chmodSync(home, 0o755);
  assert.equal((await runPkg(["update"], { home })).stderr, "Nothing is installed\n");
  assert.equal(statSync(home).mode & 0o777, 0o755);
});
