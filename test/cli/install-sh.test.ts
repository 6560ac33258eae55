import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

const SCRIPT = join(dirname(dirname(import.meta.dirname)), "install.sh");

/** A copy of the script in a checkout of its own, and a home: every change that a run makes can be seen here. */
let place = "";

before(() => {
  place = mkdtempSync(join(tmpdir(), "pkg-install-sh-"));
  mkdirSync(join(place, "checkout"));
  mkdirSync(join(place, "home"));
  cpSync(SCRIPT, join(place, "checkout", "install.sh"));
});

after(() => rmSync(place, { recursive: true, force: true }));

/** Runs the script with no command on PATH, so with no npm. */
function install(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync("/bin/sh", [join(place, "checkout", "install.sh"), ...args], {
    encoding: "utf8",
    cwd: place,
    env: { HOME: join(place, "home"), PATH: join(place, "empty"), ...env },
  });
}

function everything(): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: "utf8" }).sort();
}

test("install.sh shows its help", () => {
  const { status, stdout, stderr } = install(["--help"], { PATH: process.env["PATH"] ?? "" });
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: \.\/install\.sh \[--prefix DIR\]/);
  assert.equal(stderr, "");
});

const MISUSES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["--bogus"], /Unknown argument "--bogus"/],
  [["somewhere"], /Unknown argument "somewhere"/],
  [["--prefix"], /--prefix needs a directory/],
  [["--prefix", ""], /--prefix needs a directory/],
  [["--prefix="], /--prefix needs a directory/],
];

test("install.sh exits 2 when it is not understood", async (t) => {
  for (const [args, message] of MISUSES) {
    await t.test(JSON.stringify(args), () => {
      const { status, stdout, stderr } = install(args);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }
});

test("install.sh exits with 2 when there is neither a home nor a prefix", () => {
  const { status, stderr } = install([], { HOME: "" });
  assert.equal(status, 2);
  assert.match(stderr, /HOME is not set; name a directory with --prefix/);
});

test("install.sh says that npm is missing and changes nothing", async (t) => {
  for (const args of [[], ["--prefix", "made"], ["--prefix=made"]]) {
    await t.test(JSON.stringify(args), () => {
      const found = everything();
      const { status, stdout, stderr } = install(args);
      assert.equal(status, 1);
      assert.match(stderr, /npm was not found.*Nothing was changed\n$/);
      assert.equal(stdout, "");
      assert.deepEqual(everything(), found);
    });
  }
});
