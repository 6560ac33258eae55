import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startRegistry } from "../../src/registry/server.ts";
import { runPkg } from "../support/run-pkg.ts";
import { tempDirectory, tempHome } from "../support/temp-home.ts";

const FILE = /names a directory, expected a file\nhint: Name a file in it/;
const NO_OUTPUT = /standard output is not taken here/;

/** `REF` has one file, `TWO` has two; `BLOB` is that of the one file. */
const REFUSED: readonly (readonly [words: readonly string[], told: RegExp])[] = [
  [["oci", "blob", "fetch", "BLOB", "-o", "new/"], FILE],
  [["oci", "manifest", "fetch", "REF", "-o", "new/"], FILE],
  [["oci", "manifest", "fetch", "REF", "-o", "."], FILE],
  [["oci", "push", "REF", "a.txt", "--export-manifest", "new/"], FILE],
  [["oci", "push", "REF", "a.txt", "--export-manifest", "-"], NO_OUTPUT],
  [["oci", "pull", "REF", "-o", "new", "--artifact-config", "-"], NO_OUTPUT],
  [["oci", "pull", "REF", "-o", "new", "--artifact-config", "other/"], FILE],
  [["oci", "copy", "REF", "oci-archive:new/"], /a tar is a file, and "new\/" names a directory/],
  [["oci", "copy", "REF", "oci-archive:-"], /standard input and output cannot be used/],
  [["oci", "copy", "REF", "oci:-"], /standard input and output cannot be used/],
  [["init", "ghcr.io/me/x", "--manifest", "new/"], FILE],
  [["init", "ghcr.io/me/x", "--manifest", "-"], NO_OUTPUT],
  [["key", "export", "-o", "new/"], FILE],
  [["index", "build", "REF", "--repository", "x", "-o", "-"], NO_OUTPUT],
  [["pull", "TWO", "-o", "-"], /Cannot write to standard output: expected one layer, found 2/],
];

test("an output means a file, a directory or standard output, and nothing else is made", async (t) => {
  const home = tempHome(t);
  const cwd = tempDirectory(t);
  const registry = await startRegistry({ root: tempDirectory(t), port: 0 });
  t.after(() => registry.close());
  const host = new URL(registry.url).host;
  const run = (words: readonly string[]) => runPkg(words, { home, cwd });
  for (const name of ["a.txt", "b.txt"]) writeFileSync(join(cwd, name), name);
  const pushed = JSON.parse((await run(["oci", "push", `${host}/x/one:1`, "a.txt", "--json"])).stdout);
  await run(["oci", "push", `${host}/x/two:1`, "a.txt", "b.txt"]);
  await run(["key", "generate", "--no-passphrase"]);
  const names: Readonly<Record<string, string>> = {
    REF: `${host}/x/one:1`,
    TWO: `${host}/x/two:1`,
    BLOB: `${host}/x/one@${pushed.files[0].digest}`,
  };
  const named = (words: readonly string[]) => words.map((word) => names[word] ?? word);
  for (const [words, told] of REFUSED) {
    await t.test(`pkg ${words.join(" ")}`, async () => {
      const { code, stderr } = await run(named(words));
      assert.equal(code, 2, stderr);
      assert.match(stderr, told);
      assert.deepEqual(readdirSync(cwd).toSorted(), ["a.txt", "b.txt"]);
    });
  }
  for (const words of [
    ["pull", "REF"],
    ["pull", "BLOB"],
    ["oci", "pull", "REF"],
  ]) {
    await t.test(`pkg ${words.join(" ")} -o -`, async () => {
      assert.equal((await run([...named(words), "-o", "-"])).stdout, "a.txt");
      assert.ok(!existsSync(join(cwd, "-")));
    });
  }
  await t.test("pkg pull BLOB -o new/", async () => {
    assert.equal((await run([...named(["pull", "BLOB"]), "-o", "new/"])).code, 0);
    assert.equal(readFileSync(join(cwd, "new", "one"), "utf8"), "a.txt");
  });
});
