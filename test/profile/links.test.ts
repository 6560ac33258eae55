import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { type LinkPlace, Looks, switchLink } from "../../src/profile/links.ts";
import { tempDirectory } from "../support/temp-home.ts";

test("Looks.at() says what is at a path, as it was when that was first asked for", (t) => {
  const home = tempDirectory(t);
  writeFileSync(join(home, "file"), "");
  symlinkSync("file", join(home, "link"));
  const looks = new Looks();
  const kinds = () =>
    ["file", "link", "none", "missing/one", "missing/two/three", "file/below"].map((path) =>
      looks.at(join(home, path)),
    );
  const absent = { kind: "absent" };
  const before = [{ kind: "file" }, { kind: "link", target: "file" }, absent, absent, absent, absent];
  assert.deepEqual(kinds(), before);
  rmSync(join(home, "file"));
  mkdirSync(join(home, "missing/one"), { recursive: true });
  assert.deepEqual(kinds(), before);
  assert.deepEqual(new Looks().at(join(home, "missing/one")), { kind: "directory" });
});

test("switchLink() makes a link where nothing was, and leaves what somebody has put there since, in directories of the unit too", (t) => {
  const place = placeIn(tempDirectory(t));
  const change = (path: string) => ({ path, target: "own", previous: null, saved: null });
  for (const name of ["@prefix/share/first", "@prefix/share/second", "program"]) {
    const path = join(name === "program" ? place.binDirectory : place.prefixDirectory, name.replace("@prefix/", ""));
    switchLink(place, change(name));
    assert.equal(readlinkSync(path), "own");
    // As after an interruption.
    switchLink(place, change(name));
    rmSync(path);
    writeFileSync(path, "theirs");
    assert.throws(
      () => switchLink(place, change(name)),
      (error) => hasCode(error, "PATH_CONFLICT"),
    );
    assert.equal(readFileSync(path, "utf8"), "theirs");
    rmSync(path);
    symlinkSync("theirs", path);
    assert.throws(
      () => switchLink(place, change(name)),
      (error) => hasCode(error, "PATH_CONFLICT"),
    );
    assert.equal(readlinkSync(path), "theirs");
  }
});

function placeIn(home: string): LinkPlace {
  mkdirSync(join(home, "bin"));
  mkdirSync(join(home, "brew"));
  return {
    packagesDirectory: join(home, "packages"),
    binDirectory: join(home, "bin"),
    prefixDirectory: join(home, "brew"),
    dataDirectory: join(home, "share"),
    stateDatabase: join(home, "state.db"),
    draft: ".pkg-draft",
    made: new Set(),
  };
}
