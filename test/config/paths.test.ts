import assert from "node:assert/strict";
import { test } from "node:test";
import { resolvePaths, typedPath } from "../../src/config/paths.ts";

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
