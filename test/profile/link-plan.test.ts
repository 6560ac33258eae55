import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type ProfileHome,
  place,
  placePackage,
  preparePackage,
  readState,
  removePackage,
  run,
  sampleProgram,
  script,
  tempProfile,
} from "./profile-home.ts";

test("place() refuses to replace a file that is not ours, and changes nothing", async (t) => {
  const ways: Readonly<Record<string, readonly [(path: string) => void, RegExp]>> = {
    "a file": [(path) => writeFileSync(path, "mine"), /is a file that pkg did not place$/],
    "a directory": [(path) => mkdirSync(path), /is a directory that pkg did not place$/],
    "a link": [(path) => symlinkSync("/bin/true", path), /is a link that pkg did not place$/],
    "a dangling link": [(path) => symlinkSync("nowhere", path), /is a link that pkg did not place$/],
    "a pipe": [(path) => execFileSync("mkfifo", [path]), /is a device, socket or pipe that pkg did not place$/],
  };
  for (const [name, [block, message]] of Object.entries(ways)) {
    await t.test(name, (t) => {
      const h = tempProfile(t);
      placePackage(h, sampleProgram("1"));
      block(join(h.bin, "b"));
      if (name === "a pipe") return assertPipe(h);
      const before = readState(h);
      const next = sampleProgram("2", { links: { x: "x", b: "x" } });
      assert.deepEqual(
        h.profile.conflicts("x", ["x", "b"]).map(({ link, owner }) => ({ link, owner })),
        [{ link: "b", owner: null }],
      );
      assert.throws(() => placePackage(h, next), { code: "PATH_CONFLICT", message });
      assert.deepEqual(readState(h), before);
    });
  }

  function assertPipe(h: ProfileHome): void {
    assert.throws(() => placePackage(h, sampleProgram("2", { links: { b: "x" } }), true), { code: "PATH_CONFLICT" });
    assert(lstatSync(join(h.bin, "b")).isFIFO());
  }
});

test("place() refuses a path of its own that somebody changed since", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  unlinkSync(join(h.bin, "x"));
  writeFileSync(join(h.bin, "x"), "mine now");
  assert.throws(() => placePackage(h, sampleProgram("2")), {
    code: "PATH_CONFLICT",
    message: /is a file that pkg did not place$/,
    hint: 'Use --force to move it aside to "x.pkg-saved"',
  });
  assert.equal(readFileSync(join(h.bin, "x"), "utf8"), "mine now");
});

test("place() makes a link again that somebody removed", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  unlinkSync(join(h.bin, "x"));
  placePackage(h, sampleProgram("2"));
  assert.equal(run(join(h.bin, "x")), "x 2");
});

test("place() forced moves a file or link aside, bytes, mode and all", (t) => {
  const h = tempProfile(t);
  writeFileSync(join(h.bin, "x"), script("mine"));
  chmodSync(join(h.bin, "x"), 0o4751);
  symlinkSync("nowhere", join(h.bin, "y"));
  writeFileSync(join(h.bin, "x.pkg-saved"), "an older one");
  placePackage(h, sampleProgram("1", { links: { x: "x", y: "x" } }), true);
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert.equal(run(join(h.bin, "y")), "x 1");
  assert.equal(readFileSync(join(h.bin, "x.pkg-saved"), "utf8"), "an older one");
  assert.equal(readFileSync(join(h.bin, "x.pkg-saved-2"), "utf8"), script("mine"));
  assert.equal(statSync(join(h.bin, "x.pkg-saved-2")).mode & 0o7777, 0o4751);
  assert.equal(readlinkSync(join(h.bin, "y.pkg-saved")), "nowhere");
});

test("place() forced never moves a directory", (t) => {
  const h = tempProfile(t);
  mkdirSync(join(h.bin, "x"));
  assert.throws(() => placePackage(h, sampleProgram("1"), true), {
    code: "PATH_CONFLICT",
    hint: "Move it away, then run the command again",
  });
});

test("place() refuses another package's link, and forced takes it over", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  const other = sampleProgram("1", { name: "y", files: { y: script("y") }, links: { x: "y" } });
  assert.deepEqual(
    h.profile.conflicts("y", ["x"]).map(({ owner }) => owner),
    ["x"],
  );
  assert.throws(() => placePackage(h, other), { code: "PATH_CONFLICT", message: /belongs to the package "x"$/ });
  placePackage(h, other, true);
  assert.equal(run(join(h.bin, "x")), "y");
  assert.equal(h.installations.linkOwner("x"), "y");
  const first = h.installations.get("x") ?? assert.fail();
  assert.deepEqual(removePackage(h, first), { left: [] });
  assert.equal(run(join(h.bin, "x")), "y");
});

test("place() refuses what was not verified", (t) => {
  const h = tempProfile(t);
  const { verified } = preparePackage(h, sampleProgram("1"));
  const { draft } = preparePackage(h, sampleProgram("2"));
  assert.throws(() => place(h, verified, draft, { force: false }), /was not verified/);
  const loose = {
    ...preparePackage(h, sampleProgram("1")).draft,
    links: [{ path: "x", target: "../../x", kind: "link" as const }],
  };
  assert.throws(() => place(h, verified, loose, { force: false }), /leads to no file/);
});
