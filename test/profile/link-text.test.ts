import assert from "node:assert/strict";
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { pathInside } from "../../src/profile/installation-paths.ts";
import { linkText } from "../../src/profile/link-text.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { openHome, type ProfileHome, placePackage, removePackage, run, sampleProgram } from "./profile-home.ts";

const { signal } = new AbortController();

const LINK = { path: "x", target: "x/1/x" };

test("linkText() is relative where a home can be moved with what is in it", (t) => {
  const root = tempDirectory(t);
  for (const directory of ["a/b/bin", "a/packages", "elsewhere"]) mkdirSync(join(root, directory), { recursive: true });
  symlinkSync("../elsewhere", join(root, "a/bin"));
  const cases = [
    ["beside the packages", "a/b/bin", "a/b/packages", "../packages/x/1/x"],
    ["as XDG has them", ".local/bin", ".local/share/pkg/packages", "../share/pkg/packages/x/1/x"],
    ["with . and ..", "a/./b/../b/bin/", "a/b/packages/", "../packages/x/1/x"],
    ["in another place", "elsewhere/bin", "a/packages", join(root, "a/packages/x/1/x")],
    ["a link to another depth", "a/bin", "a/packages", join(root, "a/packages/x/1/x")],
  ] as const;
  for (const [name, bin, packages, text] of cases) {
    const places = {
      binDirectory: `${root}/${bin}`,
      packagesDirectory: `${root}/${packages}`,
      prefixDirectory: root,
      dataDirectory: `${root}/share`,
      stateDatabase: `${root}/s`,
    };
    assert.equal(linkText(places, LINK), text, name);
  }
  const others = {
    binDirectory: "/bin",
    packagesDirectory: "/srv/packages",
    prefixDirectory: "/srv/brew",
    dataDirectory: "/srv/share",
    stateDatabase: "/srv/s",
  };
  assert.equal(linkText(others, LINK), "/srv/packages/x/1/x");
});

test("linkText() leads from a place in the prefix to one in it as relative() does", () => {
  const places = {
    binDirectory: "/srv/bin",
    packagesDirectory: "/srv/packages",
    prefixDirectory: "/srv//brew/./x/..",
    dataDirectory: "/srv/share",
    stateDatabase: "/srv/s",
  };
  const names = [
    "bin/x",
    "x",
    "share/man/man1/x.1",
    "Cellar/x/1/bin/x",
    "Cellar/y/2",
    "share/man",
    "lib/..x/...",
    "Cellar",
  ];
  for (const path of names) {
    for (const target of names) {
      const text = linkText(places, { path: `@prefix/${path}`, target: `@prefix/${target}` });
      assert.equal(text, relative(dirname(join("/srv/brew", path)), join("/srv/brew", target)), `${path} to ${target}`);
    }
    assert.equal(
      linkText(places, { path: `@prefix/${path}`, target: "x/1/x" }),
      relative(dirname(join("/srv/brew", path)), "/srv/packages/x/1/x"),
    );
  }
  for (const bad of ["../x", "a/../x", "a//x", "a/./x", "a/", "/a", "", ".", "..", "a\0"]) {
    for (const link of [
      { path: `@prefix/${bad}`, target: "@prefix/Cellar/x" },
      { path: "@prefix/bin/x", target: `@prefix/${bad}` },
    ])
      assert.throws(
        () => linkText(places, link),
        (error) => hasCode(error, "DATABASE_INVALID"),
        JSON.stringify(link),
      );
  }
});

test("pathInside() gives what join() gives, whatever the root", () => {
  for (const root of ["/a", "/a/", "/a//b/../c/.", "/", "", ".", "..", "a/b"])
    for (const path of ["x", "x/y", ".x/..y/...", "a b/\n"])
      assert.equal(pathInside(root, path), join(root, path), root);
});

/** Opens a home that is closed after the test. */
function opened(t: TestContext, path: string): ProfileHome {
  const home = openHome(path);
  t.after(() => home.close());
  return home;
}

/** The home that `change` leaves, with x 1 installed, opened under the name that it returns. */
function homeAfter(t: TestContext, change: (root: string) => string): ProfileHome {
  const root = tempDirectory(t);
  mkdirSync(join(root, "home/bin"), { recursive: true });
  const before = openHome(join(root, "home"));
  placePackage(before, sampleProgram("1"));
  before.close();
  return opened(t, change(root));
}

/** As a program did that made absolute links. */
function makeAbsolute(root: string): void {
  const path = join(root, "home/bin/x");
  const target = join(root, "home/bin", readlinkSync(path));
  unlinkSync(path);
  symlinkSync(target, path);
}

const SPELLINGS: Readonly<Record<string, (root: string) => string>> = {
  "a link": (root) => {
    symlinkSync("home", join(root, "link"));
    return join(root, "link");
  },
  "a link, and absolute links in it": (root) => {
    makeAbsolute(root);
    symlinkSync("home", join(root, "link"));
    return join(root, "link");
  },
  "dots and slashes": (root) => `${root}/./none/../home/`,
  "its place, after it was moved": (root) => {
    renameSync(join(root, "home"), join(root, "moved"));
    return join(root, "moved");
  },
};

for (const [name, change] of Object.entries(SPELLINGS)) {
  test(`a home keeps its links when it is named by ${name}`, async (t) => {
    const h = homeAfter(t, change);
    assert.equal(run(join(h.bin, "x")), "x 1");
    const installation = h.installations.get("x") ?? assert.fail();
    const states = await h.profile.verify(installation, signal);
    assert.deepEqual([...new Set(states.map(({ state }) => state))], ["ok"]);
    assert(placePackage(h, sampleProgram("1")).unchanged);
    const { installation: second } = placePackage(h, sampleProgram("2"));
    assert.equal(run(join(h.bin, "x")), "x 2");
    assert.deepEqual(removePackage(h, second), { left: [] });
  });
}

test("place() and remove() know absolute links of a home that was moved", async (t) => {
  const moved = (root: string) => {
    makeAbsolute(root);
    renameSync(join(root, "home"), join(root, "moved"));
    return join(root, "moved");
  };
  const h = homeAfter(t, moved);
  const installation = h.installations.get("x") ?? assert.fail();
  const states = (await h.profile.verify(installation, signal)).map(({ state }) => state);
  assert.deepEqual(states, ["ok", "changed"]);
  assert(!placePackage(h, sampleProgram("1")).unchanged);
  assert.equal(run(join(h.bin, "x")), "x 1");
  assert.deepEqual(removePackage(homeAfter(t, moved), installation), { left: [] });
});

test("place() takes links into the packages directory for its own when the record is lost", (t) => {
  const h = homeAfter(t, (root) => {
    for (const end of ["", "-wal", "-shm"]) rmSync(join(root, `home/state.db${end}`), { force: true });
    return join(root, "home");
  });
  placePackage(h, sampleProgram("2"));
  assert.equal(run(join(h.bin, "x")), "x 2");
});
