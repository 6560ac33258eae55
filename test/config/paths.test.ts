import assert from "node:assert/strict";
import { test } from "node:test";
import { pathsOf, readersPaths, resolvePaths, typedPath } from "../../src/config/paths.ts";

test("resolvePaths() follows the XDG directories", () => {
  const env = { HOME: "/h", XDG_CONFIG_HOME: "/c", XDG_DATA_HOME: "/d" };
  const paths = resolvePaths({ home: undefined, configFile: undefined, env });
  assert.equal(paths.configFile, "/c/pkg/config.toml");
  assert.equal(paths.stateDatabase, "/d/pkg/state.db");
  assert.equal(paths.bin, "/h/.local/bin");
});

test("resolvePaths() ignores a relative XDG directory", () => {
  const paths = resolvePaths({ home: undefined, configFile: undefined, env: { HOME: "/h", XDG_DATA_HOME: "data" } });
  assert.equal(paths.blobs, "/h/.local/share/pkg/blobs");
});

test("resolvePaths() puts everything under a home that is given", () => {
  const paths = resolvePaths({ home: "/x", configFile: undefined, env: {} });
  const { configFile, bin, packages, blobs, index, stateDatabase, lockDatabase } = paths;
  for (const path of [configFile, bin, packages, blobs, index, stateDatabase, lockDatabase])
    assert.match(path, /^\/x\//);
});

test("resolvePaths() takes the config file that is given", () => {
  assert.equal(resolvePaths({ home: "/x", configFile: "/y.toml", env: {} }).configFile, "/y.toml");
});

for (const home of [undefined, "", "relative"]) {
  test(`resolvePaths() refuses HOME "${home}"`, () => {
    assert.throws(() => resolvePaths({ home: undefined, configFile: undefined, env: { HOME: home } }), {
      code: "CONFIG_INVALID",
    });
  });
}

test("typedPath() begins where the person was, and knows the tilde that a shell has left", () => {
  const from = { directory: "/here", env: { HOME: "/h" } };
  const cases = [
    ["x", "/here/x"],
    ["./x/../y", "/here/y"],
    ["/x/", "/x"],
    ["~", "/h"],
    ["~/x", "/h/x"],
    ["~x", "/here/~x"],
  ] as const;
  for (const [text, path] of cases) assert.equal(typedPath(text, from), path);
  assert.equal(typedPath("~/x", { directory: "/here", env: {} }), "/here/~/x");
});

test("resolvePaths() says whether HOME is not set, or is no absolute path", () => {
  const failing = (env: Readonly<Record<string, string>>) => () =>
    resolvePaths({ home: undefined, configFile: undefined, env });
  for (const env of [{}, { HOME: "" }]) assert.throws(failing(env), { message: /: HOME is not set$/ });
  assert.throws(failing({ HOME: "x" }), { message: /: HOME is "x", expected an absolute path$/ });
});

test("resolvePaths() of what is for all users follows the file system's conventions, below a home that is given", () => {
  const paths = (home?: string) => resolvePaths({ home, configFile: undefined, isSystem: true, env: {} });
  const { packages, bin, share, configFile, prefix } = paths();
  assert.deepEqual(
    [packages, bin, share, configFile, prefix],
    ["/opt/pkg/packages", "/usr/local/bin", "/usr/local/share", "/etc/pkg/config.toml", "/opt/pkg/brew"],
  );
  assert.equal(paths("/x").bin, "/x/usr/local/bin");
  const readers = readersPaths(paths(), { HOME: "/h" });
  assert.deepEqual([readers.blobs, readers.packages], ["/h/.local/share/pkg/blobs", packages]);
});

test("pathsOf() gives a profile its own record, places and a short prefix, and shares the rest", () => {
  const at = (home: string | undefined, HOME: string) => ({
    defaultPaths: resolvePaths({ home, configFile: undefined, env: { HOME } }),
    userHome: HOME,
  });
  const base = at("/x", "/x");
  const { stateDatabase, sharedDatabase, blobs, bin, prefix } = pathsOf(base, "work");
  assert.deepEqual(
    [stateDatabase, sharedDatabase, blobs, bin, prefix],
    ["/x/profiles/work/state.db", "/x/state.db", "/x/blobs", "/x/profiles/work/bin", "/x/brew-work"],
  );
  assert.equal(pathsOf(base, "default"), base.defaultPaths);
  // That of the default profile has just room in root's data directory.
  assert.equal(pathsOf(at(undefined, "/root"), "work").prefix, "/root/.pkg-work");
  assert.equal(pathsOf(at(undefined, "/home/someone"), "work").prefix, "/home/someone/.pkg-work");
});
