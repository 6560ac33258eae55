import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { otherFileSystem } from "../fs/other-file-system.ts";
import { tempDirectory } from "../support/temp-home.ts";
import {
  type ProfileHome,
  place,
  placePackage,
  preparePackage,
  readState,
  readTree,
  removePackage,
  run,
  sampleProgram,
  script,
  tempProfile,
} from "./profile-home.ts";

const { signal } = new AbortController();

test("place() puts a program on the path and records it", (t) => {
  const h = tempProfile(t);
  const { installation, replaced, unchanged } = placePackage(h, sampleProgram("1"));
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert.equal(readlinkSync(join(h.bin, "x")), `../packages/${installation.directory}/x`);
  assert.deepEqual([replaced, unchanged], [null, false]);
  assert.deepEqual(h.installations.get("x"), installation);
  assert.deepEqual(h.journal.open(), []);
  assert.deepEqual(Object.values(readTree(h.packages)).toSorted()[0]?.slice(0, 3), "755");
});

test("place() replaces a version, its links and its directory; its blobs stay as long as a generation needs them", (t) => {
  const h = tempProfile(t);
  const old = placePackage(
    h,
    sampleProgram("1", { files: { x: script("x 1"), a: script("a") }, links: { x: "x", a: "a" } }),
  );
  const { replaced, installation } = placePackage(
    h,
    sampleProgram("2", { files: { x: script("x 2"), b: script("b") }, links: { x: "x", b: "b" } }),
  );
  assert.equal(replaced?.version, "1");
  assert.deepEqual(Object.keys(readTree(h.bin)), ["b", "x"]);
  assert.equal(run(join(h.bin, "x")), "x 2");
  const directory = installation.directory;
  assert.deepEqual(Object.keys(readTree(h.packages)), ["x", directory, `${directory}/b`, `${directory}/x`]);
  for (const { digest } of [...old.installation.files, ...installation.files]) assert(h.blobs.has(digest));
  const digests = (item: typeof installation) => item.files.map(({ digest }) => digest);
  const needed = () => h.installations.referencedDigests();
  assert(digests(old.installation).every((digest) => needed().has(digest)));
  h.journal.forget("all");
  assert(!digests(old.installation).some((digest) => needed().has(digest)));
  assert(digests(installation).every((digest) => needed().has(digest)));
});

test("place() keeps the blobs of the version before that something still refers to", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1", { files: { x: script("x"), shared: script("shared") } }));
  placePackage(h, sampleProgram("1", { name: "y", files: { y: script("x") }, links: {} }));
  const { installation } = placePackage(h, sampleProgram("2", { files: { x: script("2"), shared: script("shared") } }));
  for (const { digest } of installation.files) assert(h.blobs.has(digest));
  assert(h.blobs.has(preparePackage(h, sampleProgram("1", { files: { x: script("x") } })).draft.programDigest));
});

test("place() leaves nothing to do when everything is in place, and renews the record", (t) => {
  const h = tempProfile(t);
  const first = placePackage(h, sampleProgram("1"));
  const inode = statSync(join(h.bin, "x")).ino;
  const { verified, draft } = preparePackage(h, sampleProgram("1"));
  const again = place(h, verified, { ...draft, requested: "x@1" }, { force: false });
  assert(again.unchanged);
  assert.equal(again.installation.directory, first.installation.directory);
  assert.equal(statSync(join(h.bin, "x")).ino, inode);
  assert.equal(h.installations.get("x")?.requested, "x@1");
});

test("place() repairs a damaged installation even if version and digest are the same", async (t) => {
  const damages: Readonly<Record<string, (h: ProfileHome, file: string) => void>> = {
    "other bytes": (_, file) => {
      unlinkSync(file);
      writeFileSync(file, script("evil"), { mode: 0o755 });
    },
    "no file": (_, file) => unlinkSync(file),
    "other mode": (_, file) => chmodSync(file, 0o600),
    "no link": (h) => unlinkSync(join(h.bin, "x")),
    "no directory": (_, file) => rmSync(join(file, "../.."), { recursive: true }),
  };
  for (const [name, damage] of Object.entries(damages)) {
    await t.test(name, async (t) => {
      const h = tempProfile(t);
      const { installation } = placePackage(h, sampleProgram("1"));
      damage(h, join(h.packages, installation.directory, "x"));
      const again = placePackage(h, sampleProgram("1"));
      assert(!again.unchanged);
      assert.equal(run(join(h.bin, "x")), "x 1");
      const states = await h.profile.verify(again.installation, signal);
      assert(states.every(({ state }) => state === "ok"));
      assert.deepEqual(
        Object.keys(readTree(h.packages)).filter((path) => path.split("/").length === 2),
        [again.installation.directory],
      );
    });
  }
});

test("place() never leaves its directories, even if a bug lets a bad path in", async (t) => {
  for (const changes of [
    { directory: "../x" },
    { directory: "/etc/x" },
    { links: [{ path: "../x", target: "x", kind: "link" as const }] },
    { links: [{ path: "", target: "x", kind: "link" as const }] },
  ]) {
    await t.test(JSON.stringify(changes), (t) => {
      const h = tempProfile(t);
      const { verified, draft } = preparePackage(h, sampleProgram("1"));
      const before = readTree(join(h.bin, ".."));
      assert.throws(() => place(h, verified, { ...draft, ...changes }, { force: false }), /is not inside/);
      const after = readTree(join(h.bin, ".."));
      assert.deepEqual(Object.keys(after).toSorted(), Object.keys(before).toSorted());
    });
  }
});

test("place() throws STATE_CHANGED and undoes everything when a blob is missing", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  const { verified, draft } = preparePackage(h, sampleProgram("2", { files: { x: script("x 2"), y: script("y") } }));
  h.blobs.remove(draft.files[1]?.digest ?? assert.fail());
  const before = readState(h);
  assert.throws(() => place(h, verified, draft, { force: false }), { code: "STATE_CHANGED" });
  assert.deepEqual(readState(h), before);
});

test("place() updates a program that runs, and lets it run on", async (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1", { files: { x: readFileSync("/bin/sleep") } }));
  const child = spawn(join(h.bin, "x"), ["60"], { stdio: "ignore" });
  t.after(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  placePackage(h, sampleProgram("2"));
  assert.equal(run(join(h.bin, "x")), "x 2");
  assert.equal(child.exitCode, null);
  assert(process.kill(child.pid ?? 0, 0));
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  assert.deepEqual(await ended, [null, "SIGTERM"]);
});

test("place() works if the blobs are on another file system", async (t) => {
  const root = tempDirectory(t);
  const blobRoot = otherFileSystem(t, root);
  if (blobRoot === null) return t.skip("no second filesystem");
  const h = tempProfile(t, { blobRoot });
  placePackage(h, sampleProgram("1"));
  const { installation } = placePackage(h, sampleProgram("2"));
  assert.equal(run(join(h.bin, "x")), "x 2");
  assert((await h.profile.verify(installation, signal)).every(({ state }) => state === "ok"));
});

test("place() and remove() put all back when the bin directory cannot be written", (t) => {
  const h = tempProfile(t);
  placePackage(h, sampleProgram("1"));
  const before = readState(h);
  const isTried = whileProtected(h.bin, () => {
    assert.throws(() => placePackage(h, sampleProgram("2")), { code: "PERMISSION_DENIED" });
    assert.throws(() => removePackage(h, h.installations.get("x") ?? assert.fail()), { code: "PERMISSION_DENIED" });
  });
  if (!isTried) return t.skip("no means here to forbid root to write; the injected errors stand in for it");
  assert.deepEqual(readState(h), before);
});

/** Runs `work` while nobody can write to a directory, for which root needs the immutable flag; false if it has not. */

function whileProtected(path: string, work: () => void): boolean {
  const isRoot = process.getuid?.() === 0;
  const protect = () => (isRoot ? execFileSync("chattr", ["+i", path], { stdio: "ignore" }) : chmodSync(path, 0o555));
  try {
    protect();
  } catch {
    return false;
  }
  try {
    work();
  } finally {
    if (isRoot) execFileSync("chattr", ["-i", path]);
    else chmodSync(path, 0o755);
  }
  return true;
}

test("remove() removes exactly what was placed", (t) => {
  const h = tempProfile(t);
  writeFileSync(join(h.bin, "mine"), "mine");
  placePackage(h, sampleProgram("1", { name: "other", links: { other: "x" } }));
  const before = readState(h);
  const { installation } = placePackage(h, sampleProgram("2", { links: { x: "x", z: "x" } }));
  assert.deepEqual(removePackage(h, installation), { left: [] });
  assert.deepEqual(readState(h), before);
});

test("remove() leaves links alone that somebody changed, and names them", (t) => {
  const h = tempProfile(t);
  const links = { x: "x", a: "x", b: "x", c: "x" };
  const { installation } = placePackage(h, sampleProgram("1", { links }));
  for (const name of ["a", "b", "c"]) unlinkSync(join(h.bin, name));
  symlinkSync("/bin/true", join(h.bin, "a"));
  writeFileSync(join(h.bin, "b"), "mine");
  const { left } = removePackage(h, installation);
  assert.deepEqual(left, [join(h.bin, "a"), join(h.bin, "b")]);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["a", "b"]);
  assert.equal(h.installations.get("x"), null);
});

test("remove() works when the files and the bin directory are gone already", (t) => {
  const h = tempProfile(t);
  const { installation } = placePackage(h, sampleProgram("1"));
  rmSync(h.packages, { recursive: true });
  rmSync(h.bin, { recursive: true });
  assert.deepEqual(removePackage(h, installation), { left: [] });
  assert.equal(h.installations.get("x"), null);
  assert.deepEqual(h.journal.open(), []);
});
