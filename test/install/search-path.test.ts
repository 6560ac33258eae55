import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { resolvePaths } from "../../src/config/paths.ts";
import { searchPlace } from "../../src/install/search-path.ts";
import { tempDirectory } from "../support/temp-home.ts";

function place(t: TestContext, order: readonly string[], standard: readonly string[] = []) {
  const home = tempDirectory(t);
  const paths = resolvePaths({ env: {}, home, configFile: undefined });
  for (const name of ["first", "last"]) mkdirSync(join(home, name));
  mkdirSync(paths.bin, { recursive: true });
  symlinkSync(paths.bin, join(home, "also-bin"));
  const add = (path: string, mode: number) => writeFileSync(join(home, path), "#!/bin/sh\n", { mode });
  add("first/early", 0o755);
  add("last/late", 0o755);
  add("last/text", 0o644);
  mkdirSync(join(home, "last/directory"));
  writeFileSync(join(paths.bin, "own"), "", { mode: 0o755 });
  const searchPath = order.map((name) => (name === "bin" ? paths.bin : name.startsWith(".") ? name : join(home, name)));
  return {
    home,
    place: searchPlace(
      { searchPath, paths },
      standard.map((name) => join(home, name)),
    ),
  };
}

test("searchPlace() says what a link hides, and what hides it", (t) => {
  const { home, place: found } = place(t, ["first", "bin", "also-bin", "last", "gone"]);
  assert.equal(found.isOnPath, true);
  assert.equal(found.hiddenBy("late"), join(home, "last/late"));
  assert.equal(found.hiderOf("early"), join(home, "first/early"));
  for (const name of ["early", "text", "directory", "own", "none"]) assert.equal(found.hiddenBy(name), null, name);
  for (const name of ["late", "own"]) assert.equal(found.hiderOf(name), null, name);
});

test("searchPlace() recognises the bin directory under any name on PATH", (t) => {
  const { home, place: found } = place(t, ["first", "also-bin", "last"]);
  assert.equal(found.isOnPath, true);
  assert.equal(found.hiddenBy("late"), join(home, "last/late"));
});

test("searchPlace() counts a bin directory that is not on PATH as the first", (t) => {
  const { home, place: found } = place(t, [".", "first", "last"]);
  assert.equal(found.isOnPath, false);
  assert.deepEqual(
    [found.hiddenBy("late"), found.hiddenBy("early")],
    [join(home, "last/late"), join(home, "first/early")],
  );
  assert.equal(found.hiderOf("early"), null);
});

test("searchPlace() looks in the standard directories, whatever PATH is", (t) => {
  for (const order of [[], ["bin"], [".", "gone"]]) {
    const { home, place: found } = place(t, order, ["first", "last"]);
    assert.equal(found.hiddenBy("late"), join(home, "last/late"), order.join());
  }
  const { place: found } = place(t, ["first", "bin"], ["first", "last"]);
  assert.equal(found.hiddenBy("early"), null, "it comes before the bin directory");
});

test("searchPlace() does not count a directory that is before the bin directory as hidden", (t) => {
  const { place: found } = place(t, ["first", "bin", "first"]);
  assert.equal(found.hiddenBy("early"), null);
});

test("searchPlace() does not take a link to what was placed here for another program", (t) => {
  const { home, place: found } = place(t, ["last"]);
  symlinkSync(join(home, "also-bin", "own"), join(home, "last", "own"));
  symlinkSync(join(home, "first", "early"), join(home, "last", "linked"));
  assert.equal(found.hiddenBy("own"), null);
  assert.equal(found.hiddenBy("linked"), join(home, "last/linked"), "links elsewhere count");
});
