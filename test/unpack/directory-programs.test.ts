import assert from "node:assert/strict";
import { test } from "node:test";
import { SYMLINK_MODE } from "../../src/fs/modes.ts";
import { sha256Digest } from "../../src/oci/digest.ts";
import { programsOf } from "../../src/unpack/directory-programs.ts";

/** Files by path: a mode, or where a link leads. */
function programs(files: Readonly<Record<string, number | string>>): readonly string[] {
  const list = Object.entries(files).map(([path, what]) => ({
    path,
    digest: sha256Digest("a".repeat(64)),
    size: 1,
    mode: typeof what === "string" ? SYMLINK_MODE : what,
    blake3: null,
  }));
  return [...programsOf(list, ({ path }) => String(files[path])).keys()];
}

test("programsOf() finds the executable files of bin, and nothing else", () => {
  const files = { "bin/a": 0o755, "bin/b": 0o644, "bin/deep/c": 0o755, "lib/d": 0o755, e: 0o755, binary: 0o755 };
  assert.deepEqual(programs(files), ["a"]);
});

test("programsOf() follows links, also through directories that are links", () => {
  const files = {
    "bin/direct": "../lib/run",
    "bin/again": "direct",
    "bin/through": "../current/run",
    "bin/data": "../lib/data",
    "bin/nowhere": "../gone",
    "bin/directory": "../lib",
    "bin/up": "../current/../other/run",
    current: "versions/two",
    "versions/two/run": 0o755,
    "versions/other/run": 0o755,
    "other/run": 0o644,
    "lib/run": 0o755,
    "lib/data": 0o644,
  };
  assert.deepEqual(programs(files), ["direct", "again", "through", "up"]);
});

test("programsOf() ends where links lead in a circle", () => {
  assert.deepEqual(programs({ "bin/a": "b", "bin/b": "a", "bin/self": "self", "bin/more": "more/more" }), []);
});
