import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { tempDirectory } from "../support/temp-home.ts";
import { openHome, placePackage, readTree, removePackage, run, sampleProgram, script } from "./profile-home.ts";

/** A home with x and y that has lost its database; a program had written beside the files of x. */
function lostHome(t: TestContext) {
  const root = tempDirectory(t);
  mkdirSync(join(root, "bin"));
  const before = openHome(root);
  const { installation } = placePackage(before, sampleProgram("1"));
  writeFileSync(join(before.packages, installation.directory, "notes"), "mine");
  placePackage(before, sampleProgram("1", { name: "y", links: { y: "x" } }));
  before.close();
  for (const end of ["", "-wal", "-shm"]) rmSync(join(root, `state.db${end}`), { force: true });
  const h = openHome(root);
  t.after(() => h.close());
  return h;
}

test("strays() are packages that nothing records; place() takes over that of its name", (t) => {
  const h = lostHome(t);
  assert.equal(h.profile.strays().length, 2);
  const { installation, kept } = placePackage(h, sampleProgram("1"));
  assert.equal(run(join(h.bin, "x")), "x 1");
  const notes = join(h.packages, installation.directory, "notes");
  assert.deepEqual(kept, { moved: [notes], saved: [], left: [] });
  assert.equal(readFileSync(notes, "utf8"), "mine");
  assert.deepEqual(
    h.profile.strays().map((path) => path.startsWith(join(h.packages, "y/1-"))),
    [true],
  );
});

test("place() takes over what was placed of other versions, and their links", (t) => {
  const h = lostHome(t);
  const { directory } = placePackage(h, sampleProgram("1")).installation;
  assert.match(directory, /-2$/, "its directory is there already");
  for (const end of ["", "-wal", "-shm"]) rmSync(join(h.bin, `../state.db${end}`), { force: true });
  const lost = openHome(join(h.bin, ".."));
  t.after(() => lost.close());
  writeFileSync(join(lost.packages, directory, "x"), "edited");
  const { installation, kept } = placePackage(
    lost,
    sampleProgram("2", { files: { z: script("x 2"), x: script("other") }, links: { z: "z" } }),
  );
  const at = (name: string) => join(lost.packages, installation.directory, name);
  assert.deepEqual(kept, { moved: [at("notes")], saved: [{ path: at("x"), saved: at("x.pkg-saved") }], left: [] });
  assert.deepEqual(Object.keys(readTree(lost.bin)), ["y", "z"]);
  assert.deepEqual(
    lost.profile.strays().map((path) => path.startsWith(join(lost.packages, "y/"))),
    [true],
  );
});

test("purge() removes a package whose record was lost, and the links to it", (t) => {
  const h = lostHome(t);
  assert.equal(h.profile.purge("x").length, 1);
  assert.deepEqual(Object.keys(readTree(h.bin)), ["y"]);
  assert.equal(h.profile.purge("y").length, 1);
  assert.deepEqual([readTree(h.bin), readTree(h.packages), h.journal.open()], [{}, {}, []]);
});

test("strays() are not what was kept on purpose", (t) => {
  const h = lostHome(t);
  for (const name of ["x", "y"]) h.profile.purge(name);
  const { installation } = placePackage(h, sampleProgram("1"));
  writeFileSync(join(h.packages, installation.directory, "notes"), "mine");
  removePackage(h, installation);
  assert.deepEqual(h.profile.strays(), []);
});
